import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { needs, programOf } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { kindNamed, parseSpec, stopKinds } from '../../../monitors/index.ts'
import { openBench } from '../../faults/bench.ts'
import { canBreak } from '../../faults/fault.ts'
import { CONTROL, FAULTS } from '../../faults/registry.ts'

before(() => {
  process.env.TOCSIN_CHROMIUM = programOf('chromium') ?? ''
})
after(() => stopKinds(systemClock))

async function benchOf(input: Record<string, unknown>) {
  const kind = kindNamed('journey')
  return (await openBench({ kind, spec: parseSpec(kind, input), clock: systemClock }))!
}

async function score(input: Record<string, unknown>, only: (name: string) => boolean = () => true) {
  const bench = await benchOf(input)
  const seen: Record<string, string> = {}
  for (const fault of [CONTROL, ...FAULTS]) {
    if (!canBreak(fault, bench.expects) || !(fault === CONTROL || only(fault.name))) continue
    const { verdict, reason } = await bench.play(fault)
    seen[fault.name] = `${verdict} ${reason}`
  }
  return { changes: bench.changes, seen }
}
const url = 'https://shop.example.org/'

/** Everything that a step can be. */
const steps = [
  { expect: { title: 'Shop', visible: { role: 'heading', name: 'Shop' } } },
  { fill: { label: 'User', value: 'ana' } },
  { fill: { css: 'form > input:nth-child(2)', value: 'hunter2' } },
  { click: { role: 'button', name: 'Sign' } },
  { click: { role: 'button', name: 'Sign in' } },
  { expect: { url: '/account*', text: ['Welcome', 'Orders'], hidden: { role: 'button', name: 'Sign in' } } },
  { goto: '/orders' },
  { select: { label: 'Year', option: '2026' } },
  { fill: { placeholder: 'Find', value: 'Emma' } },
  { press: { placeholder: 'Find', key: 'Enter' } },
  { waitFor: { text: 'Loading' } },
  { waitFor: { text: 'Loading', state: 'hidden' } },
  { expect: { count: { testId: 'row', equals: 3 } } },
  { click: { text: 'Next', nth: 2 } },
  { click: { text: 'Next', nth: 2 } },
  { press: 'Escape' },
  { expect: { notText: 'Error', text: 'done', url: 'https://sso.example.org/out' } },
  { goto: { url: 'https://sso.example.org/', status: [403] } },
]

test(
  'the control satisfies every kind of step, and what was changed in the copy is told',
  needs('chromium'),
  async () => {
    const { seen, changes } = await score({ url, steps, timeout: '60s' }, () => false)
    assert.deepEqual(seen, { healthy: 'up ok' })
    assert.deepEqual(
      changes,
      [
        'It connects to a server on this machine, whose pages are made from its own steps.',
        'What it finds by CSS it finds by an id of the drill instead.',
        'It does not ask whether it came to another site.',
        'What it opens at other sites it opens at this one instead.',
        'Its timeout of 1m is shortened to 10s 750ms.',
        'It trusts the root of this drill instead of its own.',
      ].map((text) => (text.startsWith('Its timeout') ? changes[4] : text)),
    )
    assert.match(changes[4]!, /^Its timeout of 1m is shortened to 1\ds/)
  },
)

test('a strict journey catches each of its faults by the right reason', needs('chromium'), async () => {
  const expect = { noScriptErrors: true, maxLatency: '5s' }
  const own = [steps[0], steps[1], steps[4], { expect: { text: 'Welcome' } }]
  const { seen } = await score({ url: 'http://shop.example.org/', steps: own, expect })
  assert.deepEqual(seen, {
    healthy: 'up ok',
    'http-500': 'down journey.http-status',
    'journey-button-gone': 'down journey.step-failed',
    'journey-wrong-page': 'down journey.expectation-failed',
    'journey-script-error': 'degraded journey.script-error',
    'journey-page-hangs': 'down journey.expectation-failed',
    'journey-slow-step': 'degraded journey.slow',
    tarpit: 'down journey.navigation-failed',
    'connection-refused': 'down connect.refused',
  })
})

test('one that only opens its page misses what it does not ask for', needs('chromium'), async () => {
  const { seen } = await score({ url: 'http://shop.example.org/' }, (name) => name.startsWith('journey-'))
  assert.deepEqual(seen, {
    healthy: 'up ok',
    'journey-wrong-page': 'up ok',
    'journey-script-error': 'up ok',
    'journey-page-hangs': 'up ok',
    'journey-slow-step': 'up ok',
  })
})

test('over TLS every fault of certificates is caught', needs('chromium'), async () => {
  const { seen } = await score({ url, expect: { issuer: 'R3' } }, (name) => name.startsWith('certificate-'))
  const { healthy, ...faults } = seen
  assert.equal(healthy, 'up ok')
  assert.ok(Object.keys(faults).length >= 9)
  for (const [name, told] of Object.entries(faults))
    assert.match(told, /^(down|degraded) certificate\./, name)
})

test(
  'steps that contradict each other leave the control down, so that no drill passes on them',
  needs('chromium'),
  async () => {
    const bench = await benchOf({
      url: 'http://x.example/',
      steps: [{ expect: { text: 'a', notText: 'a' } }],
    })
    assert.equal((await bench.play(CONTROL)).reason, 'journey.expectation-failed')
  },
)
