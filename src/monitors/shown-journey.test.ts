import assert from 'node:assert/strict'
import { test } from 'node:test'
import { monitorEntry } from './config.ts'
import { shownSpec, withHidden } from './shown-spec.ts'

const settings = {
  service: 'shop',
  type: 'journey',
  url: 'https://shop.example.org/?token=hunter2',
  auth: { user: 'ana', password: 'hunter2' },
  steps: [
    { fill: { label: 'User', value: 'hunter2-user' } },
    { name: 'Type', fill: { label: 'Password', value: 'hunter2' } },
    { click: { role: 'button', name: 'Sign in' } },
    { goto: '/orders?api_key=hunter2&open=1' },
    { fill: { css: '#pin', value: 'hunter2-pin' } },
  ],
}
const copy = () => structuredClone(shownSpec(settings)) as typeof settings
const told = (value: unknown) => JSON.stringify(value).match(/hunter2/g)?.length ?? 0

test('nothing that a journey types is shown, as written or as it is stored', () => {
  for (const one of [settings, monitorEntry.parse(settings).spec]) assert.equal(told(shownSpec(one)), 0)
  assert.equal(copy().steps[2]!.click!.name, 'Sign in')
  assert.match(JSON.stringify(copy().steps[3]), /open=1/)
  // What is stored is not touched.
  assert.equal(settings.steps[1]!.fill!.value, 'hunter2')
})

test('settings that were shown and sent back are what they were', () => {
  assert.deepEqual(withHidden(copy(), settings), settings)
})

test('steps that are called otherwise, and a secret that is changed, are taken as they are', () => {
  const changed = copy()
  Object.assign(changed.steps[1]!, { name: 'Another name', timeout: '5s' })
  changed.steps[0]!.fill!.value = 'bo'
  changed.steps[3]!.goto = '/orders?api_key=new&open=1'
  const after = withHidden(changed, settings) as typeof settings
  assert.deepEqual(
    after.steps.map((step) => step.fill?.value),
    ['bo', 'hunter2', undefined, undefined, 'hunter2-pin'],
  )
  assert.equal(after.steps[3]!.goto, '/orders?api_key=new&open=1')
})

test('a secret goes back on the same way only: not to another site, not behind another step, not into another field', () => {
  const elsewhere = { ...copy(), url: 'https://evil.example/?token=[redacted]' }
  assert.equal(told(withHidden(elsewhere, settings)), 0)
  const led = copy()
  led.steps.unshift({ goto: 'https://evil.example/' } as never)
  assert.equal(told((withHidden(led, settings) as typeof settings).steps), 0)
  const clicked = copy()
  clicked.steps[0] = { click: { text: 'Partner' } } as never
  assert.equal(told((withHidden(clicked, settings) as typeof settings).steps), 0)
  const other = copy()
  other.steps[1]!.fill = { label: 'Comment', value: '[redacted]' }
  assert.equal(told((withHidden(other, settings) as typeof settings).steps), 1)
})
