import assert from 'node:assert/strict'
import { test } from 'node:test'
import { story } from '../../../test/harness/story.ts'
import { createPerson } from '../../catalog/index.ts'
import { changeAction } from '../change-action.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { listActions } from '../postmortems.rows.ts'
import { followUpsOf } from './follow-up.ts'

const DOCUMENT = `# The certificate that nobody renewed

## Summary

The certificate of the documentation expired on 5 January 2026.

## Action items

| Action | Owner | Due | Status |
|---|---|---|---|
| Alert before a certificate ends | Ana Lindqvist | 2026-03-01 | open |
| Renew it by itself | @bo | 2026-03-01 | open |
| Write down who to call | Dana Moreau | 2026-03-01 | open |
| Ask the vendor why | Ann Smith | | open |
| Tidy up | | | open |
`

test('owners of imported actions are people of the catalogue where that is certain; their own words stay', () =>
  story(
    {
      config: `
people:
  ana: { name: Ana Lindqvist, email: ana@lab.example }
  bo: { name: Bo Okafor, email: bo@lab.example }
  ann-one: { name: Ann Smith, email: ann@lab.example }
  ann-two: { name: Ann Smith, email: ann@example.net }
postmortems: { reminders: { enabled: false }, draftFor: [] }
`,
    },
    async (s) => {
      const { world } = s.tocsin()
      await importPostmortem(world, s.as('bo'), { name: 'certificate.md', content: DOCUMENT })
      await s.settle()
      const read = async () => {
        const actions = await listActions(s.store.read)
        const more = await followUpsOf(s.store.read, actions)
        return actions.reverse().map(({ id, title, owner }) => {
          const { writtenOwner, meant } = more.get(id)!
          return { id, told: [title, owner, writtenOwner, meant] }
        })
      }
      const before = await read()
      assert.deepEqual(
        before.map(({ told }) => told),
        [
          ['Alert before a certificate ends', 'ana', 'Ana Lindqvist', null],
          ['Renew it by itself', 'bo', '@bo', null],
          ['Write down who to call', null, 'Dana Moreau', null],
          ['Ask the vendor why', null, 'Ann Smith', null],
          ['Tidy up', null, null, null],
        ],
      )
      await createPerson(world, s.as('bo', 'administrator'), {
        id: 'dana',
        name: 'Dana Moreau',
        email: 'dana@lab.example',
        role: 'responder',
      })
      const dana = (await read())[2]!
      assert.deepEqual(dana.told, ['Write down who to call', null, 'Dana Moreau', 'dana'])
      await changeAction(world, s.as('bo'), { actionId: dana.id, owner: 'dana' })
      assert.deepEqual((await read())[2]!.told, ['Write down who to call', 'dana', 'Dana Moreau', null])
      await s.settle()
      for (const message of ['dana@lab.example']) s.expectMessage(message, /Confirm that Tocsin/)
    },
  ))
