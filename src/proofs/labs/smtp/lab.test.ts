import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

/** What the copy says of the control, and of each fault that can befall it. */
async function score(input: object): Promise<Record<string, string>> {
  const kind = kindNamed('smtp')
  const spec = parseSpec(kind, { target: 'mail.example.org', timeout: '600ms', ...input })
  const bench = (await openBench({ kind, spec, clock: systemClock }))!
  const control = await bench.play(CONTROL)
  assert.deepEqual([control.verdict, control.reason], ['up', 'ok'], control.summary)
  const seen: Record<string, string> = {}
  for (const fault of FAULTS)
    if (canBreak(fault, bench.expects)) {
      const { verdict, reason } = await bench.play(fault)
      seen[fault.name] = `${verdict} ${reason}`
    }
  return seen
}
const missedIn = (seen: Record<string, string>) =>
  Object.keys(seen).filter((name) => seen[name]!.startsWith('up'))

test('a strict monitor catches every fault, each by its reason', async () => {
  const seen = await score({
    envelope: { to: 'ana@example.org' },
    expect: { issuer: 'R3', banner: 'ESMTP', extensions: ['SIZE'], maxLatency: '250ms' },
  })
  assert.deepEqual(missedIn(seen), [])
  assert.equal(seen['smtp-turned-away'], 'down smtp.service-refused')
  assert.equal(seen['smtp-recipient-refused'], 'down smtp.recipient-refused')
  assert.equal(seen['starttls-not-offered'], 'down starttls.not-offered')
  assert.equal(seen['starttls-injection'], 'down starttls.injection')
  assert.equal(seen['certificate-expired'], 'down certificate.expired')
  assert.equal(seen['smtp-wrong-banner'], 'down smtp.banner-unexpected')
  assert.equal(seen['smtp-extension-missing'], 'down smtp.extension-missing')
  assert.equal(seen.slow, 'degraded slow')
  assert.equal(seen.tarpit, 'down smtp.hung')
})

test('one that watches for an open relay catches it', async () => {
  const seen = await score({
    security: 'none',
    envelope: { to: 'x@elsewhere.example', recipient: 'refused' },
  })
  assert.equal(seen['smtp-open-relay'], 'down smtp.open-relay')
  assert.equal('starttls-not-offered' in seen, false)
})

test('one that names no recipient misses that mail is refused', async () => {
  assert.deepEqual(missedIn(await score({ security: 'tls', expect: { issuer: 'R3' } })), [
    'smtp-recipient-refused',
    'slow',
  ])
})
