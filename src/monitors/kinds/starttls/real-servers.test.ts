/** Real servers of each protocol, with the right certificate, the wrong one, and none. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { accountOf, type Identity } from '../../../../test/harness/daemon.ts'
import { startDovecot, startExim } from '../../../../test/harness/mail-servers.ts'
import { startMariadb, startProsody, startSlapd, startVsftpd } from '../../../../test/harness/more-servers.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { needsPostgres, startPostgres } from '../../../../test/harness/postgres.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import type { StartTlsProtocolName } from '../../trust/starttls/protocols.ts'
import { starttls } from './index.ts'

const NAME = 'mail.example.org'
let root: Minted
let good: Identity
const stops: (() => Promise<void>)[] = []

before(async () => {
  root = await mintRoot()
  const leaf = await mint({ name: `CN=${NAME}`, names: [NAME], by: root })
  good = { cert: leaf.cert + root.cert, key: leaf.key }
})
after(async () => {
  for (const stop of stops) await stop()
})

/** Stopped at the end, also when the test fails. */
async function running<S extends { stop(): Promise<void> }>(starting: Promise<S>): Promise<S> {
  const server = await starting
  stops.push(() => server.stop())
  return server
}

function observe(protocol: StartTlsProtocolName, port: number, more: object = {}) {
  const { expect = {}, ...rest } = more as { expect?: object }
  const spec = starttls.schema.parse({
    protocol,
    target: `127.0.0.1:${port}`,
    expect: { ca: root.cert, name: NAME, ...expect },
    timeout: '10s',
    ...rest,
  })
  return checkOnce(starttls, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

/** The certificate is seen and judged, right or wrong, and its fingerprint is that of the certificate served. */
async function seesTheCertificate(protocol: StartTlsProtocolName, port: number, more: object = {}) {
  const seen = await observe(protocol, port, more)
  assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
  assert.deepEqual(seen.certificate?.names, [NAME])
  const wrong = await observe(protocol, port, { ...more, expect: { name: 'other.example.org' } })
  assert.deepEqual([wrong.verdict, wrong.reason], ['down', 'certificate.name-mismatch'], wrong.summary)
}

async function seesNoOffer(protocol: StartTlsProtocolName, port: number, more: object = {}) {
  const seen = await observe(protocol, port, more)
  assert.deepEqual([seen.verdict, seen.reason], ['down', 'starttls.not-offered'], seen.summary)
}

describe('TLS behind a dialog, with real servers', { concurrency: 2 }, () => {
  test('exim: SMTP', needs('exim'), async () => {
    await seesTheCertificate('smtp', (await running(startExim({ identity: good }))).port)
    await seesNoOffer('smtp', (await running(startExim())).port)
  })

  test('exim that turns us away in its banner', needs('exim'), async () => {
    const { port } = await running(startExim({ identity: good, more: 'host_reject_connection = *' }))
    const seen = await observe('smtp', port)
    assert.equal(seen.reason, 'starttls.service-refused', seen.summary)
  })

  test('LMTP, by the server of the nodemailer project', async () => {
    const listening = async (options: SMTPServerOptions) => {
      const server = new SMTPServer({ lmtp: true, logger: false, ...options })
      server.on('error', () => {})
      server.listen(0, '127.0.0.1')
      await once(server.server, 'listening')
      stops.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
      return (server.server.address() as AddressInfo).port
    }
    await seesTheCertificate('lmtp', await listening({ key: good.key, cert: good.cert }))
    await seesNoOffer('lmtp', await listening({ disabledCommands: ['STARTTLS'] }))
  })

  test('dovecot: IMAP and POP3', needs('dovecot'), async () => {
    const secure = await running(startDovecot(good))
    await seesTheCertificate('imap', secure.imapPort)
    await seesTheCertificate('pop3', secure.pop3Port)
    const open = await running(startDovecot(null))
    await seesNoOffer('imap', open.imapPort)
    await seesNoOffer('pop3', open.pop3Port)
  })

  test('vsftpd: FTP', needs('vsftpd'), async () => {
    await seesTheCertificate('ftp', (await running(startVsftpd(good))).port)
    await seesNoOffer('ftp', (await running(startVsftpd(null))).port)
  })

  test('slapd: LDAP', needs('slapd'), async () => {
    await seesTheCertificate('ldap', (await running(startSlapd(good))).port)
    const seen = await observe('ldap', (await running(startSlapd(null))).port)
    assert.match(seen.reason, /^starttls\.(not-offered|refused)$/, seen.summary)
  })

  test('PostgreSQL', needsPostgres(), async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-starttls-'))
    chmodSync(folder, 0o755)
    stops.push(async () => rmSync(folder, { recursive: true }))
    const account = accountOf('postgres')
    for (const [file, text] of [
      ['cert.pem', good.cert],
      ['key.pem', good.key],
    ] as const) {
      writeFileSync(join(folder, file), text, { mode: 0o600 })
      if (account) chownSync(join(folder, file), account.uid, account.gid)
    }
    const settings = {
      ssl: 'on',
      ssl_cert_file: join(folder, 'cert.pem'),
      ssl_key_file: join(folder, 'key.pem'),
    }
    await seesTheCertificate('postgres', (await running(startPostgres({ settings }))).port)
    await seesNoOffer('postgres', (await running(startPostgres())).port)
  })

  test('MariaDB, which does not hold it against us that we look often', needs('mariadb'), async () => {
    const server = await running(startMariadb(good, ['--max-connect-errors=2', '--log-warnings=4']))
    const { port } = server
    await seesTheCertificate('mysql', port)
    for (let looks = 0; looks < 6; looks++) {
      const seen = await observe('mysql', port)
      assert.equal(seen.reason, 'ok', seen.summary)
    }
    // Whoever vanishes is held against our address; whoever is turned away is not. One vanished: the harness.
    const count = (what: RegExp) => [...server.said().matchAll(what)].length
    for (let tries = 0; count(/Access denied for user 'tocsin-check'/g) < 8 && tries < 200; tries++)
      await sleep(25)
    assert.equal(count(/Access denied for user 'tocsin-check'/g), 8)
    assert.equal(count(/Aborted connection/g), 1, server.said())
    await seesNoOffer('mysql', (await running(startMariadb(null))).port)
  })

  test('prosody: XMPP for clients and for servers', needs('prosody'), async () => {
    const secure = await running(startProsody('example.org', good))
    await seesTheCertificate('xmpp', secure.port, { domain: 'example.org' })
    await seesTheCertificate('xmpp-server', secure.serverPort, { domain: 'example.org' })
    const unknown = await observe('xmpp', secure.port, { domain: 'elsewhere.example' })
    assert.equal(unknown.reason, 'starttls.service-refused', unknown.summary)
    const open = await running(startProsody('example.org', null))
    await seesNoOffer('xmpp', open.port, { domain: 'example.org' })
  })
})
