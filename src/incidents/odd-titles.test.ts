import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { responseWorld } from '../../test/harness/response.ts'
import { name, toName } from '../contract/route.ts'
import { openStore } from '../store/open-store.ts'
import { listIncidents } from './incidents.rows.ts'

test('whatever stands in the title of an alert, its incident opens', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  await it.alert('odd', { title: 'a\nb\u0085c\u2028d\u202ee\u2066f\u0000' })
  await it.resolve('odd')
  await it.travel('11m')
  await it.alert('long', { title: 'x'.repeat(300) })
  const [long, odd] = await listIncidents(it.store.read)
  assert.equal(odd?.title, 'Documentation: a b c d e f')
  assert.equal(long?.title, `Documentation: ${'x'.repeat(104)}…`)
  assert.deepEqual(await it.facts('engine.fact-parked'), [])
  await it.close()
})

test('property: any text that is not blank becomes a name that the contract takes, and a good one stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const made = toName(`A${text}`)
      assert.equal(name.safeParse(made).success, true, JSON.stringify(made))
      assert.equal(toName(made), made)
    }),
  )
})
