/** The flags of certificates mean the same on every kind that speaks TLS. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type MonitorKind, monitorKinds } from '../monitors/index.ts'
import { mint, mintRoot } from '../monitors/trust/mint-for-tests.ts'
import { runForTests } from './run-for-tests.ts'
import { Farm, type TlsTarget, tlsTargets } from './targets-for-tests.ts'

const NAME = 'svc.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-flags-'))
const ca = join(folder, 'ca.pem')
const stranger = join(folder, 'stranger.pem')
const farm = new Farm()
let targets: TlsTarget[] = []

before(async () => {
  const root = await mintRoot()
  writeFileSync(ca, root.cert)
  writeFileSync(stranger, (await mintRoot('CN=Stranger')).cert)
  const leaf = await mint({ name: `CN=${NAME}`, names: [NAME], by: root, from: -100, days: 60 })
  targets = await tlsTargets(farm, leaf)
})
after(async () => {
  await farm.stop()
  rmSync(folder, { recursive: true })
})

const trusted = ['--ca', ca, '--name', NAME]

/** What each flag does: the exit code and the reason, of the check or of the member of a pool. */
const CASES: { what: string; flags: () => string[]; code: number; reason: string }[] = [
  { what: 'the right name and authority', flags: () => trusted, code: 0, reason: 'ok' },
  {
    what: '--name of another',
    flags: () => ['--ca', ca, '--name', 'other.example.org'],
    code: 2,
    reason: 'certificate.name-mismatch',
  },
  { what: 'no --ca', flags: () => ['--name', NAME], code: 2, reason: 'certificate.untrusted' },
  {
    what: '--ca of a stranger',
    flags: () => ['--ca', stranger, '--name', NAME],
    code: 2,
    reason: 'certificate.untrusted',
  },
  {
    what: '--ca that is not there',
    flags: () => ['--ca', join(folder, 'absent.pem'), '--name', NAME],
    code: 3,
    reason: 'tls.ca-unreadable',
  },
  {
    what: '--issuer of another',
    flags: () => [...trusted, '--issuer', 'Elsewhere'],
    code: 2,
    reason: 'certificate.issuer-mismatch',
  },
  { what: '--issuer of ours', flags: () => [...trusted, '--issuer', 'Lab Authority'], code: 0, reason: 'ok' },
  {
    what: '--warn',
    flags: () => [...trusted, '--warn', '200d'],
    code: 1,
    reason: 'certificate.expires-soon',
  },
  {
    what: '--renew-before',
    flags: () => [...trusted, '--renew-before', '80d'],
    code: 1,
    reason: 'certificate.renewal-overdue',
  },
  {
    what: '--client that trusts somebody else',
    flags: () => [...trusted, '--client', `agents=${stranger},legacy`],
    code: 2,
    reason: 'certificate.client-breaks',
  },
  {
    what: '--client that trusts ours',
    flags: () => [...trusted, '--client', `agents=${ca}`],
    code: 0,
    reason: 'ok',
  },
]

test('every kind that speaks TLS is among the targets', (t) => {
  const speaking = (Object.values(monitorKinds) as unknown as MonitorKind[]).filter(
    ({ speaksTls }) => speaksTls,
  )
  const here = new Set(targets.map(({ kind }) => kind))
  const missing = speaking.map(({ kind }) => kind).filter((kind) => !here.has(kind))
  // These are left out by name where their programs are not installed.
  for (const kind of missing) t.diagnostic(`left out: ${kind}`)
  assert.deepEqual(
    missing.filter((kind) => !['rdp', 'sip', 'sql'].includes(kind)),
    [],
  )
})

describe('each flag', () => {
  for (const { what, flags, code, reason } of CASES)
    test(what, async () => {
      for (const { args, ofMembers } of targets) {
        const seen = await runForTests(['check', ...args, ...flags(), '--timeout', '8s', '--json'])
        const where = `${args[0]}: ${seen.out}${seen.err}`
        const told = JSON.parse(seen.out)
        if (ofMembers) assert.equal(told.observations[0].details.members[0].reason, reason, where)
        else assert.equal(told.reason, reason, where)
        assert.equal(seen.code, code, where)
        if (what.startsWith('--client') && !ofMembers) {
          assert.deepEqual(
            told.clients?.map(({ name, verdict }: { name: string; verdict: string }) => [name, verdict]),
            [['agents', code === 0 ? 'up' : 'down']],
            where,
          )
          assert.match(told.clients[0].reason, code === 0 ? /^ok$/ : /^certificate\./)
          assert.ok('lastDay' in told.clients[0])
        }
      }
    })

  test('--timeout ends the check of a server that accepts and says nothing', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    try {
      for (const { args } of targets) {
        const aimed = args.map((arg) => arg.replace(/(127\.0\.0\.1|svc\.example\.org):\d+/g, `$1:${port}`))
        const began = performance.now()
        const { code, out, err } = await runForTests(['check', ...aimed, ...trusted, '--timeout', '400ms'])
        const took = performance.now() - began
        assert.ok(code === 2 || code === 3, `${aimed[0]}: ${out}${err}`)
        assert.ok(took < 4_000, `${aimed[0]} took ${took} ms`)
        assert.doesNotMatch(out, /check\.crashed/)
      }
    } finally {
      silent.close()
    }
  })
})
