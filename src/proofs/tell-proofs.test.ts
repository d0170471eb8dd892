import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passRun, person, responseWorld, START } from '../../test/harness/response.ts'
import { onEveryStore } from '../../test/harness/stores.ts'
import { postmortemDocument } from '../contract/postmortem-document.ts'
import { systemActor } from '../engine/world.ts'
import { openIncident } from '../incidents/index.ts'
import { DAY } from '../kit/duration.ts'
import {
  addAction,
  claimAction,
  draftPostmortem,
  exportPostmortem,
  importPostmortem,
  settleActionIn,
} from '../postmortems/index.ts'
import { openStore } from '../store/open-store.ts'
import { insertEvidence } from './evidence.rows.ts'
import { tellProofs } from './tell-proofs.ts'

const ana = person('ana')

onEveryStore('a post-mortem as a file', ({ open }) => {
  test('says what speaks for its actions, and another Tocsin keeps it', async () => {
    const it = await responseWorld(await open())
    const there = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const { id: incidentId } = await openIncident(it.world, ana, { title: 'x', severity: 'SEV3' })
      const { id: postmortemId } = await draftPostmortem(it.world, ana, { incidentId })
      const action = await addAction(it.world, ana, {
        ...{ postmortemId, title: 'Check the name', type: 'detect', criterion: 'it pages', drillId: 'd' },
      })
      await claimAction(it.world, ana, { actionId: action.id })
      const evidence = {
        ...({ id: 'e-1', actionId: action.id, kind: 'witness', outcome: 'failed', reason: 'seen' } as const),
        ...{ summary: 'It did not page.', details: {}, givenBy: 'person:bo', givenByName: 'Bo' },
        ...{ seenAt: START, expiresAt: START + DAY, givenAt: START },
      }
      await it.world.transact((tx) => insertEvidence(tx, evidence))
      const drillRunId = await passRun(it, action.id, 'run-1')
      await it.world.transact((tx) =>
        settleActionIn(tx, it.world, systemActor('proofs'), {
          ...{ actionId: action.id, outcome: 'proved', drillRunId, reason: 'the drill passed' },
        }),
      )
      const file = () => exportPostmortem(it.world, ana, { postmortemId, format: 'json' }, { tellProofs })
      const content = String((await file()).content)
      const [told] = postmortemDocument.parse(JSON.parse(content)).actions
      assert.deepEqual(
        told!.proofs.map(({ id, kind, outcome, summary, by, until }) => [
          id,
          kind,
          outcome,
          summary,
          by?.name,
          until,
        ]),
        [
          ['e-1', 'witness', 'failed', 'It did not page.', 'Bo', '2026-01-09T12:00:00.000Z'],
          ['run-1', 'drill', 'passed', '', undefined, null],
        ],
      )
      assert.deepEqual(told!.standing[0]!.proof, { kind: 'drill', run: 'run-1', evidence: null, until: null })
      await importPostmortem(there.world, ana, { name: 'x.tocsin.json', content })
      const again = await exportPostmortem(there.world, ana, { postmortemId, format: 'json' }, { tellProofs })
      assert.equal(again.content, content)
    } finally {
      await it.close()
      await there.close()
    }
  })
})
