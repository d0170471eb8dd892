import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { mintLab } from '../../faults/lab.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'
import { LABS } from '../registry.ts'
import { LAB_DIALOGS } from './dialogs.ts'

async function benchOf(input: object) {
  const kind = kindNamed('starttls')
  const spec = parseSpec(kind, { target: 'mail.example.org', timeout: '600ms', ...input })
  const bench = await openBench({ kind, spec, clock: systemClock })
  assert.ok(bench)
  return bench
}
/** What OpenSSL's own client says after the dialog of this protocol. */
function openssl(protocol: string, port: number): Promise<string> {
  const args = [
    's_client',
    '-starttls',
    protocol,
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    'mail.example.org',
  ]
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: 10_000 }, (_error, out, err) => resolve(out + err))
    child.stdin?.end()
  })
}
// It asks IMAP and POP3 servers otherwise than we do; those are compared with dovecot.
const OTHERWISE = ['imap', 'pop3']
for (const protocol of Object.keys(LAB_DIALOGS).filter((name) => !OTHERWISE.includes(name)))
  test(`openssl s_client goes the same way over ${protocol}`, needs('openssl'), async () => {
    const kind = kindNamed('starttls')
    const spec = parseSpec(kind, { target: 'mail.example.org', protocol, timeout: '5s' })
    const { expects } = LABS.starttls!.aim(spec)!
    const lab = await mintLab(expects, systemClock.now())
    const running = await CONTROL.start({ clock: systemClock, lab, expects })
    try {
      const said = await openssl(protocol, running.port)
      assert.match(said, /BEGIN CERTIFICATE/, said)
      assert.match(said, /CN ?= ?mail\.example\.org/)
    } finally {
      await running.stop()
    }
  })

const OWN = ['starttls-not-offered', 'starttls-injection']

for (const protocol of Object.keys(LAB_DIALOGS))
  test(`${protocol}: the healthy control is up, and what is wrong before TLS is named`, async () => {
    const bench = await benchOf({ protocol })
    const control = await bench.play(CONTROL)
    assert.deepEqual([control.verdict, control.reason], ['up', 'ok'], control.summary)
    for (const name of OWN) {
      const seen = await bench.play(FAULTS.find((fault) => fault.name === name)!)
      // Without an answer before TLS nothing can be put behind it: what comes is no TLS.
      const reason =
        protocol === 'mysql' && name === 'starttls-injection'
          ? /injection|handshake-failed/
          : new RegExp(`^${name.replace('-', '.')}$`)
      assert.match(seen.reason, reason, seen.summary)
    }
  })

test('a strict monitor catches every fault that can befall it', async () => {
  const bench = await benchOf({
    protocol: 'imap',
    expect: { issuer: "Let's Encrypt", renewal: {}, file: '/etc/ssl/mail.pem' },
    everyAddress: true,
  })
  const seen: Record<string, string> = {}
  for (const fault of FAULTS) {
    if (!canBreak(fault, bench.expects)) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = verdict
    if (fault.name.startsWith('certificate-not-re') || fault.name.startsWith('certificate-ren'))
      assert.equal(reason, fault.name.replace('-', '.'))
  }
  for (const name of [
    ...OWN,
    'certificate-expired',
    'certificate-not-reloaded',
    'tarpit',
    'connection-refused',
  ])
    assert.ok(name in seen, name)
  assert.deepEqual(
    Object.keys(seen).filter((name) => seen[name] === 'up'),
    [],
  )
  assert.equal((await bench.play(CONTROL)).reason, 'ok')
})

test('what the monitor does not ask for is missed', async () => {
  const bench = await benchOf({ protocol: 'smtp', expect: { accept: 'any' } })
  const expired = FAULTS.find((fault) => fault.name === 'certificate-expired')!
  assert.equal((await bench.play(expired)).verdict, 'up')
  const overdue = FAULTS.find((fault) => fault.name === 'certificate-renewal-overdue')!
  assert.equal(canBreak(overdue, bench.expects), false)
})

test('a monitor that asks an authority asks none in a drill', async () => {
  const bench = await benchOf({
    protocol: 'smtp',
    expect: { renewal: { policy: 'ari', directory: 'https://192.0.2.1/directory' } },
  })
  assert.ok(bench.changes.includes('It asks no authority, and renews after two thirds.'))
  const overdue = FAULTS.find((fault) => fault.name === 'certificate-renewal-overdue')!
  const seen = await bench.play(overdue)
  assert.equal(seen.reason, 'certificate.renewal-overdue')
  assert.equal(seen.values.renewalInfo, undefined)
})
