import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { RunningDaemon } from '../../test/harness/daemon.ts'
import { type RunningDovecot, startDovecot, startExim } from '../../test/harness/mail-servers.ts'
import { needs } from '../../test/harness/needs.ts'
import { freePort } from '../../test/harness/ports.ts'
import { mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'

const NAME = 'mail.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-starttls-'))
const ca = join(folder, 'ca.pem')
const flags = ['--name', NAME, '--ca', ca, '--timeout', '8s']
let exim: RunningDaemon | undefined
let dovecot: RunningDovecot | undefined

before(async () => {
  const root = await mintRoot()
  writeFileSync(ca, root.cert)
  const leaf = await mint({ name: `CN=${NAME}`, names: [NAME], by: root, days: 40 })
  const identity = { cert: leaf.cert, key: leaf.key }
  if (!needs('exim').skip) exim = await startExim({ identity })
  if (!needs('dovecot').skip) dovecot = await startDovecot(identity)
})
after(async () => {
  await exim?.stop()
  await dovecot?.stop()
  rmSync(folder, { recursive: true })
})

const check = (...args: string[]) => runForTests(['check', ...args])

test('starttls+smtp:// is a line for Nagios, good or bad', needs('exim'), async () => {
  const target = `starttls+smtp://127.0.0.1:${exim!.port}`
  const good = await check(target, ...flags)
  assert.equal(good.code, 0, good.out + good.err)
  assert.match(
    good.out,
    /^STARTTLS OK - certificate of mail\.example\.org by [^|\n]+ left \| time=\d+\.\d{3}s;;;0 [^|\n]*daysLeft=\d+[^|\n]*\n$/,
  )
  const late = await check(target, ...flags, '--renew-before', '60d')
  assert.equal(late.code, 1)
  assert.match(
    late.out,
    /^STARTTLS WARNING - the renewal has been due for .*\(certificate\.renewal-overdue\)/,
  )
  const other = await check(target, '--ca', ca, '--name', 'other.example.org')
  assert.equal(other.code, 2)
  assert.match(other.out, /^STARTTLS CRITICAL - .*not for other\.example\.org \(certificate\.name-mismatch\)/)
})

test('smtp:// asks the mail server itself', needs('exim'), async () => {
  const { code, out } = await check(`smtp://127.0.0.1:${exim!.port}`, ...flags)
  assert.equal(code, 0, out)
  assert.match(out, /^SMTP OK - the server greets and takes commands over TLS \| .*bannerMs=\d+/)
})

test('imap and pop3, as JSON too', needs('dovecot'), async () => {
  for (const [scheme, port] of [
    ['starttls+imap', dovecot!.imapPort],
    ['starttls+pop3', dovecot!.pop3Port],
  ] as const) {
    const { code, out } = await check(`${scheme}://127.0.0.1:${port}`, ...flags, '--json')
    const answer = JSON.parse(out)
    assert.equal(code, 0, out)
    assert.equal(answer.reason, 'ok')
    assert.deepEqual(answer.certificate.names, [NAME])
  }
})

test('the wrong protocol at a port is said in words', needs('dovecot'), async () => {
  const { code, out } = await check(`starttls+smtp://127.0.0.1:${dovecot!.imapPort}`, ...flags)
  assert.equal(code, 2)
  assert.match(out, /^STARTTLS CRITICAL - "\* OK .* came instead of the banner \(starttls\.malformed\)/)
})

test('nobody there, and a scheme that nobody speaks', async () => {
  const { code, out } = await check(`starttls+ldap://127.0.0.1:${await freePort()}`, ...flags)
  assert.equal(code, 2)
  assert.match(out, /\(connect\.refused\)/)
  const unknown = await check('starttls+gopher://127.0.0.1')
  assert.equal(unknown.code, 3)
  assert.match(unknown.out + unknown.err, /starttls\+imap/)
})
