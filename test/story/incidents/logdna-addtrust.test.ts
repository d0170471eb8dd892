/**
 * 30 May 2020: a root named AddTrust ended, and with it the path of every client that follows what it is sent. Here its
 * shape under today's dates behind a real nginx, beside real clients: Node.js 8 with its OpenSSL 1.0.2, GnuTLS, and
 * the Node.js of today. The certificate ends while the test looks on.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pemsOf } from '../../../src/monitors/trust/graphs-for-tests.ts'
import { addTrust } from '../../../src/monitors/trust/shapes-for-tests.ts'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { needs, programOf } from '../../harness/needs.ts'
import { startNginx } from '../../harness/nginx.ts'
import { nodeVersion, versionOf } from '../../harness/versions.ts'

const NAME = 'docs.example.org'
const DAY = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'tocsin-addtrust-'))
after(() => rmSync(folder, { recursive: true }))

// Written for Node.js 8, which reads it as well as that of today.
const CLIENT = `
const [port, store] = process.argv.slice(2)
const ca = require('fs').readFileSync(store, 'latin1').match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g)
const socket = require('tls').connect({ port, host: '127.0.0.1', servername: '${NAME}', ca }, () => process.exit(0))
socket.on('error', () => process.exit(1))
`
const script = join(folder, 'client.js')
writeFileSync(script, CLIENT)

const succeeds = (program: string, args: string[]) =>
  new Promise<boolean>((resolve) => {
    const { NODE_OPTIONS: _, NODE_EXTRA_CA_CERTS: __, NODE_TEST_CONTEXT: ___, ...env } = process.env
    const child = execFile(program, args, { env, timeout: 10_000 }, (error) => resolve(error === null))
    child.stdin?.end()
  })

/** Which of the real clients connect now. */
async function whoConnects(port: number, store: string) {
  const names = [`--sni-hostname=${NAME}`, `--verify-hostname=${NAME}`]
  const [node8, gnutls, today] = await Promise.all([
    succeeds(programOf('node-8')!, [script, String(port), store]),
    succeeds(programOf('gnutls')!, [`--x509cafile=${store}`, `--port=${port}`, ...names, '127.0.0.1']),
    succeeds(process.execPath, [script, String(port), store]),
  ])
  return { node8, gnutls, today }
}

/** The chain as it was sent: the leaf, what signed it, and the certificate that AddTrust had signed. */
async function stage(endsInDays: number) {
  const shape = addTrust(Date.now(), -endsInDays)
  const { leaf, between, cross, key, oldRoot, modernRoot } = shape
  const store = join(folder, `roots-${endsInDays}.pem`)
  writeFileSync(store, pemsOf([oldRoot, modernRoot]))
  const short = { chainPem: pemsOf([leaf, between]), keyPem: key.pem }
  const long = { chainPem: pemsOf([leaf, between, cross]), keyPem: key.pem }
  const nginx = await startNginx(NAME, short)
  const at = { service: 'api', type: 'tls', target: `127.0.0.1:${nginx.port}`, every: '1s', confirm: 1 }
  const expect = { name: NAME, ca: pemsOf([modernRoot]) }
  const watching = await watch({
    // What usual checks of a certificate see: the leaf is fine, and it leads to a root that they trust.
    usual: { ...at, expect },
    clients: {
      ...at,
      expect: {
        ...expect,
        clients: [
          { name: 'shipped agents', store, legacy: true },
          { name: 'new programs', store },
        ],
      },
    },
  })
  return { nginx, watching, short, long, store, ends: shape.at(endsInDays) }
}

const software = () => `${versionOf('nginx')}, ${versionOf('openssl')}`

describe('the chain of AddTrust', needs('nginx', 'node-8', 'gnutls', 'openssl'), () => {
  test('is told twenty days before it breaks, with who breaks and what to do', async (t) => {
    const { nginx, watching, long } = await stage(20)
    try {
      await watching.verdict('clients', 'up')
      const fault = Date.now()
      await nginx.serve(long)
      const seen = await watching.verdict('clients', 'degraded', fault)
      assert.equal(seen.reason, 'certificate.client-will-break')
      assert.match(seen.summary, /^shipped agents .*AddTrust/)
      assert.match(seen.summary, /stop sending/)
      await nginx.serve({
        ...long,
        chainPem: long.chainPem
          .split(/(?<=END CERTIFICATE-----\n)/)
          .slice(0, 2)
          .join(''),
      })
      await watching.verdict('clients', 'up', seen.at)
      tellIncident(t, {
        incident: 'logdna-certificates',
        failure: 'a cross-signed certificate is sent whose root ends in twenty days',
        software: software(),
        verdict: seen.to,
        reason: seen.reason,
        seconds: (seen.at - fault) / 1_000,
        note: '20 days before anybody is cut off; names the clients, and what to stop sending',
      })
    } finally {
      await watching.stop()
      await nginx.stop()
    }
  })

  test('breaks old clients on its day, and Tocsin says which, while usual checks stay up', async (t) => {
    const { nginx, watching, long, store, ends } = await stage(14_000 / DAY)
    try {
      await nginx.serve(long)
      await watching.verdict('usual', 'up')
      await watching.verdict('clients', 'degraded')
      assert.deepEqual(await whoConnects(nginx.port, store), { node8: true, gnutls: true, today: true })
      assert.ok(Date.now() < ends, 'it took too long to look at it before its end')
      const seen = await watching.verdict('clients', 'down', ends)
      assert.equal(seen.reason, 'certificate.client-breaks')
      assert.match(seen.summary, /^shipped agents .*\(new programs is not affected\)/)
      await sleep(Math.max(0, ends + 1_500 - Date.now()))
      const after = await whoConnects(nginx.port, store)
      assert.deepEqual([after.node8, after.today], [false, true])
      assert.deepEqual(
        (await watching.changes()).filter(({ monitorId }) => monitorId === 'usual').map(({ to }) => to),
        ['up'],
      )
      tellIncident(t, {
        incident: 'logdna-certificates',
        failure: 'the root of a cross-signed certificate ends',
        software: `${software()}, Node.js 8.17 and ${nodeVersion} as clients`,
        verdict: seen.to,
        reason: seen.reason,
        seconds: (seen.at - ends) / 1_000,
        note: `Node.js 8 is cut off, today's is not${after.gnutls ? '' : ', GnuTLS is'}; a usual check of the certificate stays up`,
      })
    } finally {
      await watching.stop()
      await nginx.stop()
    }
  })
})
