/** From a monitor that sees harm to a post-mortem that waits for its proof, on every store. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { publishUpdate, snapshotDirectory } from '../../src/comms/index.ts'
import { assignRole, incidentTimes, listIncidents, readTimeline } from '../../src/incidents/index.ts'
import { acknowledgeByLink } from '../../src/oncall/index.ts'
import {
  addAction,
  changeAction,
  changePostmortemState,
  editPostmortem,
  exportMarkdown,
  listPostmortems,
} from '../../src/postmortems/index.ts'
import { passReview } from '../harness/review.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP } from '../harness/story.ts'

const secretOf = (link: string | null) => /\/ack\/([\w.-]+)/.exec(link ?? '')![1]!
const published = (s: Story, path: string) =>
  readFileSync(join(snapshotDirectory(s.publicDirectory), path), 'utf8')
const status = (s: Story) => JSON.parse(published(s, 'api/v2/summary.json')).status.indicator
const only = async (s: Story) => {
  const incidents = await listIncidents(s.store.read)
  assert.equal(incidents.length, 1)
  return incidents[0]!
}

onEveryStore('response', ({ open }) => {
  it('an outage: noticed, paged, told to the public, ended, written up, and not closed without a proof', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      await s.travel('10m')
      assert.equal(status(s), 'none')
      s.see('docs-port', DOWN)
      await s.travel('2m')
      const page = s.expectMessage('ana@lab.example', /^\[critical\] /)
      const incident = await only(s)
      assert.equal(incident.severity, 'SEV2')
      assert.equal(incident.detection, 'monitor')
      assert.equal(status(s), 'critical')
      assert.match(published(s, 'index.html'), /We are investigating a problem with Documentation\./)
      await s.travel('1m')
      await acknowledgeByLink(world, secretOf(page.link))
      await assignRole(world, s.as('ana'), { incidentId: incident.id, role: 'commander', personId: 'ana' })
      await publishUpdate(world, s.as('ana'), {
        incidentId: incident.id,
        status: 'identified',
        body: 'A disk is full.',
      })
      await s.travel('2s')
      assert.match(published(s, `incidents/${incident.id}.html`), /A disk is full\./)
      // The process dies in the middle; incident, page and watch go on.
      await s.restart()
      s.see('docs-port', UP)
      await s.travel('3m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await only(s)).state, 'believed-resolved')
      assert.equal(status(s), 'none')
      await s.travel('10m')
      const over = await only(s)
      assert.equal(over.state, 'resolved')
      const { metrics } = incidentTimes(over)
      assert.deepEqual(
        metrics.map(({ name, status: known }) => `${name} ${known}`),
        ['TTD recorded', 'TTA recorded', 'TTM not recorded', 'TTR recorded'],
      )
      const timeline = await readTimeline(s.store.read, over.id)
      const kinds = new Set(timeline.map(({ kind }) => kind))
      for (const kind of [
        'verdict',
        'alert',
        'escalation',
        'page',
        'acknowledgement',
        'role',
        'update',
        'state',
        'postmortem',
      ] as const)
        assert.ok(kinds.has(kind), `the timeline tells of ${kind}`)
      assert.ok(timeline[0]!.happenedAt < timeline[0]!.writtenAt, 'what led to it was backfilled')
      for (const detail of ['docs-port', 'docs.lab.example', 'connect.refused', 'Ana', 'ana@'])
        for (const path of [
          'index.html',
          'history.atom',
          'api/v2/incidents.json',
          `incidents/${over.id}.html`,
        ])
          assert.ok(!published(s, path).includes(detail), `${detail} leaked into ${path}`)

      const [postmortem] = await listPostmortems(s.store.read)
      assert.match(postmortem!.body, /Page handed over to Ana by email/)
      const again = s.tocsin().world
      const bo = s.as('bo')
      const action = await addAction(again, bo, {
        postmortemId: postmortem!.id,
        title: 'Watch the disk',
        type: 'detect',
        criterion: 'a full disk pages before the port closes',
      })
      await editPostmortem(again, bo, {
        postmortemId: postmortem!.id,
        version: 1,
        title: 'The disk',
        body: '## Summary\n\nA disk ran full.\n\n## Root cause\n\nNobody watched it.\n',
      })
      await passReview(again, bo, s.as('ana'), postmortem!.id)
      await s.settle()
      s.expectMessage('bo@lab.example', /^Approved: The disk/)
      const close = () => changePostmortemState(again, bo, { postmortemId: postmortem!.id, to: 'closed' })
      await assert.rejects(close(), { code: 'wrong-state' })
      await assert.rejects(changeAction(again, bo, { actionId: action.id, state: 'proved' }), {
        code: 'proof-required',
      })
      await assert.rejects(close(), { code: 'wrong-state' })
      assert.match(
        await exportMarkdown(again, bo, { postmortemId: postmortem!.id }),
        /\| Watch the disk \| detect \|/,
      )
    }))
})
