import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decideAutoUpdate, type IncidentTurn, listNames } from './auto-update.rules.ts'
import { UPDATE_STATUSES, type UpdateStatus } from './status-page.ts'

const TURNS: IncidentTurn[] = ['opened', 'believed-resolved', 'resolved', 'reopened']
const known = { automatic: true, services: ['Shop'] }

// Every cell: what Tocsin says at a turn, given what the public was told last.
const TABLE: [IncidentTurn, ...(UpdateStatus | '-' | null)[]][] = [
  // last told:         null             investigating  identified    monitoring       resolved
  ['opened', 'investigating', '-', '-', '-', '-'],
  ['believed-resolved', '-', 'monitoring', 'monitoring', '-', '-'],
  ['resolved', '-', 'resolved', 'resolved', 'resolved', '-'],
  ['reopened', '-', '-', '-', 'investigating', 'investigating'],
]
const LAST = [null, 'investigating', 'identified', 'monitoring', 'resolved'] as const

for (const [turn, ...cells] of TABLE)
  for (const [i, expected] of cells.entries())
    test(`${turn}, after ${LAST[i] ?? 'nothing'}: ${expected === '-' ? 'says nothing' : expected}`, () => {
      const decision = decideAutoUpdate(turn, { ...known, status: LAST[i]! })
      assert.equal(decision.outcome === 'publish' ? decision.status : '-', expected)
      if (decision.outcome === 'publish') assert.equal(decision.reason, turn)
    })

test('the table knows every status', () => {
  assert.deepEqual(new Set(LAST), new Set([null, ...UPDATE_STATUSES]))
  assert.deepEqual(
    TABLE.map(([turn]) => turn),
    TURNS,
  )
})

test('property: switched off, or without a public service, it never says a word', () => {
  const status = fc.constantFrom(...LAST)
  fc.assert(
    fc.property(fc.constantFrom(...TURNS), status, fc.array(fc.string()), (turn, last, services) => {
      assert.equal(
        decideAutoUpdate(turn, { automatic: false, services, status: last }).reason,
        'switched-off',
      )
      const none = decideAutoUpdate(turn, { automatic: true, services: [], status: last })
      assert.equal(none.reason, 'no-public-service')
    }),
  )
})

test('property: along any way it never says the same twice, and after the end of an incident "resolved" stands', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TURNS)), (turns) => {
      let status: UpdateStatus | null = null
      for (const turn of ['opened' as const, ...turns]) {
        const decision = decideAutoUpdate(turn, { ...known, status })
        if (decision.outcome === 'publish') {
          assert.notEqual(decision.status, status)
          status = decision.status
        }
        if (turn === 'resolved') assert.equal(status, 'resolved')
        if (turn === 'reopened') assert.notEqual(status, 'resolved')
      }
    }),
  )
})

test('names are joined as people do', () => {
  assert.deepEqual([[], ['A'], ['A', 'B'], ['A', 'B', 'C'], ['A', 'B', 'C', 'D']].map(listNames), [
    '',
    'A',
    'A and B',
    'A, B and C',
    'A, B, C and D',
  ])
})
