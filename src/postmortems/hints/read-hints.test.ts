import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, responseWorld } from '../../../test/harness/response.ts'
import { openStore } from '../../store/open-store.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { readHints } from './read-hints.ts'

test('who is known by name: people of the catalogue, and whom the imported document names as owners', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  try {
    const content =
      '# Expired\n\n## Root cause\n\nThe job hung.\n\n## Action items\n\n- Watch the job (owner: Wilma Kraft)\n- Renew it (owner: Infra Team)\n'
    const { postmortemIds, reading } = await importPostmortem(it.world, person('ana'), {
      name: 'x.md',
      content,
    })
    assert.deepEqual(
      reading.incidents[0]!.actions.map(({ owner }) => owner?.value),
      ['Wilma Kraft', 'Infra Team'],
    )
    const body =
      '## Root cause\n\nWilma pushed it, Ana agreed, the Infra Team and Documentation were told, Otto was not.\n'
    const said = async (id: string) => (await readHints(it.store.read, { id }, body)).map(({ text }) => text)
    assert.deepEqual(await said(postmortemIds[0]!), ['Wilma', 'Ana'])
    // Another post-mortem does not know who stood in that document.
    assert.deepEqual(await said('another'), ['Ana'])
  } finally {
    await it.close()
  }
})
