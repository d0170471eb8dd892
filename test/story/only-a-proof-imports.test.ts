/** What is brought in from elsewhere proves nothing here, whatever it says of itself. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import {
  exportMarkdown,
  exportPostmortem,
  importPostmortem,
  listActions,
} from '../../src/postmortems/index.ts'
import { claimed, stateOf } from '../harness/claimed-action.ts'
import { onEveryStore } from '../harness/stores.ts'
import { story } from '../harness/story.ts'

onEveryStore('an import proves nothing', ({ open }) => {
  it('no imported document says so, not even our own export', () =>
    story({ store: open }, async (s) => {
      const action = await claimed(s)
      const { world } = s.tocsin()
      const exported = await exportMarkdown(world, s.as('ana'), { postmortemId: action.postmortemId })
      const document = `${exported.replaceAll(/\bclaimed\b/g, 'proved')}
## Action items

| Action | Type | Owner | Due | State |
|---|---|---|---|---|
| Label the shelves | process | Ana | 2026-02-01 | proved |
| Label the cables | process | Ana | 2026-02-01 | done |
`
      const imported = await importPostmortem(world, s.as('ana', 'editor'), {
        name: 'racks.md',
        content: document,
      })
      assert.equal(imported.outcome, 'imported')
      const actions = await listActions(s.store.read, { limit: 100 })
      assert.ok(actions.length > 1, 'the document did hold actions')
      assert.deepEqual(
        actions.filter(({ state }) => state === 'proved').map(({ title }) => title),
        [],
      )
    }))

  it('no export of another Tocsin says so: there it was proved, here it is open', () =>
    story({ store: open }, async (s) => {
      const action = await claimed(s)
      const { world } = s.tocsin()
      const { content } = await exportPostmortem(world, s.as('ana'), {
        postmortemId: action.postmortemId,
        format: 'json',
      })
      const at = '2026-01-01T00:00:00.000Z'
      const document = JSON.parse(String(content))
      const proof = { kind: 'drill', run: 'run-7', evidence: null, until: null }
      const standing = [
        {
          at: 'https://elsewhere.example',
          state: 'proved',
          reason: 'x',
          since: at,
          claimedBy: null,
          run: 'run-7',
          proof,
        },
      ]
      const actions = document.actions.map((one: object, i: number) => ({
        ...one,
        id: `elsewhere-${i}`,
        standing,
      }))
      const id = document.id.replace(/.{4}$/, 'aaaa')
      const imported = await importPostmortem(world, s.as('ana', 'editor'), {
        name: 'elsewhere.tocsin.json',
        content: JSON.stringify({ ...document, id, actions }),
      })
      assert.deepEqual([imported.outcome, imported.postmortemIds], ['imported', [id]])
      const brought = await listActions(s.store.read, { postmortemId: id })
      assert.deepEqual(
        brought.map(({ state, proof, drillRunId }) => [state, proof, drillRunId]),
        [['open', null, null]],
      )
      assert.match(brought[0]!.reason, /proved there on 2026-01-01 .*here only a proof closes it/)
      assert.equal(await stateOf(s, action.id), 'claimed')
    }))
})
