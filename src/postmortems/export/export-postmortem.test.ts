import assert from 'node:assert/strict'
import { test } from 'node:test'
import { person, responseWorld } from '../../../test/harness/response.ts'
import { openIncident } from '../../incidents/index.ts'
import { openStore } from '../../store/open-store.ts'
import { addAction } from '../add-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { exportPostmortem } from './export-postmortem.ts'

const ana = person('ana')

test('live pieces leave as what they show, but for JSON, which keeps them as they were written', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  try {
    const { id: incidentId } = await openIncident(it.world, ana, {
      title: 'Wrong name',
      severity: 'SEV2',
      serviceIds: ['docs'],
    })
    const { id: postmortemId } = await draftPostmortem(it.world, ana, { incidentId })
    const body =
      '## Summary\n\nShort.\n\n## Timeline\n\n```tocsin timeline\n```\n\n## Actions\n\n```tocsin actions\n```\n'
    await editPostmortem(it.world, ana, { postmortemId, version: 1, title: 'Wrong name', body })
    await addAction(it.world, ana, {
      postmortemId,
      title: 'Watch | it',
      type: 'detect',
      criterion: 'it pages',
    })
    const as = async (format: 'markdown' | 'html' | 'json') =>
      String((await exportPostmortem(it.world, ana, { postmortemId, format })).content)
    const markdown = (await as('markdown')).replace(/^---[\s\S]*?\n---\n/, '')
    assert.doesNotMatch(markdown, /```tocsin/)
    assert.match(markdown, /\| 2026-01-08 12:00 UTC \| .*Wrong name/)
    assert.equal(markdown.match(/Watch \\\| it/g)!.length, 1, 'the actions stand once')
    const html = await as('html')
    assert.doesNotMatch(html, /tocsin timeline/)
    assert.match(html, /<td>2026-01-08 12:00 UTC<\/td>/)
    assert.equal(html.match(/Watch \| it/g)!.length, 1)
    assert.equal(JSON.parse(await as('json')).body, body)
  } finally {
    await it.close()
  }
})
