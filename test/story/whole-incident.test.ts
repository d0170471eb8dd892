/** One incident from the first bad check to a closed post-mortem, each instant and each formula to the second. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { publishUpdate } from '../../src/comms/index.ts'
import {
  addNote,
  changeIncident,
  findIncident,
  incidentTimes,
  listIncidents,
  readTimeline,
} from '../../src/incidents/index.ts'
import { MINUTE, SECOND } from '../../src/kit/duration.ts'
import { acknowledgeByLink } from '../../src/oncall/index.ts'
import {
  addAction,
  changePostmortemState,
  claimAction,
  editPostmortem,
  exportMarkdown,
  findAction,
  findPostmortem,
  postmortemOfIncident,
} from '../../src/postmortems/index.ts'
import { passReview } from '../harness/review.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const config = (expect: string) => `${USUAL}
  docs-cert: { service: docs, type: tls, target: "docs.lab.example:443", timeout: 300ms, every: 12h, expect: ${expect} }
drills:
  docs-faults: { kind: monitor-faults, monitor: docs-cert, every: 30d }
`
const STRICT = config('{ issuer: "R3", renewBefore: 30d }')
const WEAK = config('{ accept: any }')

const secretOf = (link: string | null) => /\/ack\/([\w.-]+)/.exec(link ?? '')![1]!
const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** Plays the outage; answers the incident and what should be its instants. */
async function outage(s: Story) {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  await s.travel('10m')
  s.see('docs-port', DOWN)
  await s.travel('2m')
  const page = s.expectMessage('ana@lab.example', /^\[critical\] /)
  const bad = (await s.facts('monitor.verdict-changed')).at(-1)
  const { since, to } = bad!.data as { since: number; to: string }
  assert.equal(to, 'down')
  const [incident] = await listIncidents(s.store.read)
  const id = incident!.id
  const known = {
    impact: since,
    // Believed at the second bad check, half a minute after the first; all that follows happens at once.
    detected: since + 30 * SECOND,
    acknowledged: s.clock.now() + 3 * MINUTE,
    mitigated: s.clock.now() + 5 * MINUTE,
    resolved: 0,
  }
  assert.equal(page.at, known.detected)
  await s.travel('3m')
  await acknowledgeByLink(world, secretOf(page.link))
  await s.travel('2m')
  await changeIncident(world, ana, { incidentId: id, state: 'mitigated' })
  await publishUpdate(world, ana, { incidentId: id, status: 'identified', body: 'A disk is full.' })
  await s.travel('4m')
  s.see('docs-port', UP)
  await s.travel('2m')
  s.expectMessage('ana@lab.example', /^\[resolved\] /)
  known.resolved = (await s.facts('alert.resolved'))[0]!.at
  assert.equal((await findIncident(s.store.read, id))!.state, 'believed-resolved')
  await s.travel('10m')
  return { id, known }
}

onEveryStore('a whole incident', ({ open }) => {
  it('keeps its six times and four formulas to the second, up to the closed post-mortem', () =>
    story({ store: open, config: STRICT }, async (s) => {
      const { id, known } = await outage(s)
      const over = (await findIncident(s.store.read, id))!
      assert.deepEqual([over.state, over.reopened, over.detection], ['resolved', 0, 'monitor'])
      const { times, metrics } = incidentTimes(over)
      assert.deepEqual(
        times.map(({ name, at }) => [name, at]),
        [
          ['impact start', known.impact],
          ['detected', known.detected],
          ['declared', known.detected],
          ['acknowledged', known.acknowledged],
          ['mitigated', known.mitigated],
          ['resolved', known.resolved],
        ],
      )
      assert.deepEqual(
        metrics.map(({ formula, ms, status }) => [formula, ms, status]),
        [
          ['TTD = impact start → detected', 30 * SECOND, 'recorded'],
          ['TTA = first alert → acknowledged', known.acknowledged - known.detected, 'recorded'],
          ['TTM = impact start → mitigated', known.mitigated - known.impact, 'recorded'],
          ['TTR = impact start → resolved', known.resolved - known.impact, 'recorded'],
        ],
      )
      const timeline = await readTimeline(s.store.read, id)
      const order = timeline.map(({ happenedAt }) => happenedAt)
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
      )
      assert.equal(order[0], known.impact)
      assert.ok(
        timeline.every(({ writtenAt, happenedAt }) => writtenAt >= happenedAt),
        'nothing is written before it happened',
      )

      const world = s.tocsin().world
      const bo = s.as('bo')
      const postmortem = (await postmortemOfIncident(s.store.read, id))!
      for (const line of [
        `- From ${utc(known.impact)} to ${utc(known.resolved)}: `,
        '- TTD = impact start → detected: 30s',
        `- Mitigated: ${utc(known.mitigated)}`,
        '- Re-opened: never',
      ])
        assert.ok(postmortem.body.includes(line), line)
      const postmortemId = postmortem.id
      const action = await addAction(world, bo, {
        postmortemId,
        title: 'Watch whose certificate it is',
        type: 'detect',
        criterion: 'A certificate of another issuer turns the monitor down.',
        drillId: 'docs-faults',
      })
      const body = '## Summary\n\nA disk ran full.\n\n## Root cause\n\nNobody watched it.\n'
      await editPostmortem(world, bo, { postmortemId, version: 1, title: 'The disk', body })
      await passReview(world, bo, s.as('ana'), postmortemId)
      await s.settle()
      s.expectMessage('bo@lab.example', /^Approved: The disk/)
      await claimAction(world, bo, { actionId: action.id })
      await s.settle()
      assert.equal((await findAction(s.store.read, action.id))!.state, 'proved')
      await changePostmortemState(world, bo, { postmortemId, to: 'closed' })
      await changeIncident(world, bo, { incidentId: id, state: 'closed' })
      assert.match(await exportMarkdown(world, bo, { postmortemId }), /\| proved \|/)

      // Somebody takes the lesson away: what said that all was learned says so no longer, and the record knows why.
      await s.apply(WEAK)
      await s.travel('70s')
      s.expectMessages('ana@lab.example', [
        /A lesson is lost/,
        /^\[action\] Open again: Watch whose certificate it is/,
      ])
      s.expectMessage('bo@lab.example', /^\[action\] Open again: Watch whose certificate it is/)
      const again = (await findPostmortem(s.store.read, postmortemId))!
      assert.deepEqual([again.state, again.reason], ['reviewed', 'action-reopened'])
      assert.equal((await findIncident(s.store.read, id))!.state, 'closed', 'the outage itself is not back')
      const told = (await readTimeline(s.store.read, id)).slice(-2).map(({ text }) => text)
      assert.match(
        told[0]!,
        /^Action open again: its proof failed: Watch whose certificate it is \(Missed \d+ of \d+/,
      )
      assert.equal(told[1], 'Post-mortem went from closed to reviewed: an action is open again')
      await s.apply(STRICT)
      await s.travel('70s')
      s.expectMessage('ana@lab.example', /^\[resolved\] A lesson is lost/)
    }))

  it('whose times are corrected against their order shows no number, and says which two contradict', () =>
    story({ store: open }, async (s) => {
      const { id, known } = await outage(s)
      const { world } = s.tocsin()
      await changeIncident(world, s.as('ana'), {
        incidentId: id,
        impactStart: known.detected + 1,
        acknowledgedAt: known.detected - 1,
        mitigatedAt: null,
      })
      const { metrics } = incidentTimes((await findIncident(s.store.read, id))!)
      assert.deepEqual(
        metrics.map(({ name, ms, status, why }) => [name, ms, status, why]),
        [
          ['TTD', null, 'invalid', 'detected lies before impact start'],
          ['TTA', null, 'invalid', 'acknowledged lies before first alert'],
          ['TTM', null, 'not recorded', 'mitigated not recorded'],
          ['TTR', known.resolved - known.detected - 1, 'recorded', ''],
        ],
      )
      const entry = (await readTimeline(s.store.read, id)).at(-1)!
      assert.match(
        entry.text,
        /^Changed impact start from .*; Changed acknowledged from .*; Changed mitigated/,
      )
    }))

  it('reads in the order of happening; equal instants keep the order of writing, a correction stands beside', () =>
    story({ store: open }, async (s) => {
      const { id, known } = await outage(s)
      const { world } = s.tocsin()
      const at = known.impact + 5 * SECOND
      const write = (text: string, more: { happenedAt?: number; corrects?: string } = { happenedAt: at }) =>
        addNote(world, s.as('ana'), { incidentId: id, text, ...more })
      const first = await write('the first call came in')
      for (let i = 0; i < 20; i++) await write(`note ${i}`)
      await write('it was the second call', { corrects: first.id })
      const told = (await readTimeline(s.store.read, id)).filter(({ happenedAt }) => happenedAt === at)
      assert.deepEqual(
        told.map(({ text }) => text),
        [
          'the first call came in',
          ...Array.from({ length: 20 }, (_, i) => `note ${i}`),
          'it was the second call',
        ],
      )
      assert.equal(told.at(-1)!.corrects, first.id)
      // Pages of a few entries each tell the same as the whole.
      const whole = (await readTimeline(s.store.read, id)).map((entry) => entry.id)
      const paged: string[] = []
      for (let after: { happenedAt: number; id: string } | undefined; ; ) {
        const page = await readTimeline(s.store.read, id, { limit: 3, ...(after ? { after } : {}) })
        if (page.length === 0) break
        paged.push(...page.map((entry) => entry.id))
        after = page.at(-1)!
      }
      assert.deepEqual(paged, whole)
    }))
})
