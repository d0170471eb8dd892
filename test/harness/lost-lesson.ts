/**
 * The whole path of a lesson, for one strict monitor after the other: post-mortem, action, drill, proof; then one
 * expectation is taken out of the monitor as a person would take it out, and the action is open again.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { openIncident } from '../../src/incidents/index.ts'
import { changeMonitor, createMonitor } from '../../src/monitors/index.ts'
import {
  addAction,
  changePostmortemState,
  claimAction,
  draftPostmortem,
  editPostmortem,
  findAction,
  findPostmortem,
} from '../../src/postmortems/index.ts'
import { createDrill, findProof, runDrill, viewRun, viewRuns } from '../../src/proofs/index.ts'
import {
  caughtBy,
  excuse,
  type Input,
  type Learned,
  type Lesson,
  sabotage,
  type Tally,
  TRIES,
  unnoticedOf,
} from '../../src/proofs/sabotage-for-tests.ts'
import {
  loadWhatChecksUse,
  STRICT_KINDS,
  type StrictKind,
} from '../../src/proofs/strict-monitors-for-tests.ts'
import { passReview } from './review.ts'
import { type Story, story, USUAL } from './story.ts'

/** Every kind of monitor in one of these, so that each file of tests ends within a minute. */
export const LESSON_GROUPS = {
  web: ['http', 'websocket', 'oidc'],
  secured: ['tls', 'starttls', 'smtp', 'rdp'],
  services: ['dns', 'grpc', 'tcp', 'icmp'],
  dialogs: ['sip', 'sql'],
  others: ['heartbeat', 'inventory', 'log', 'metric', 'peer', 'place', 'pool'],
  browser: ['journey'],
}

// Checks are rare, and nobody is reminded: only what is lost is told.
const CONFIG = `${USUAL.replace('every: 60s', 'every: 12h')}
postmortems: { reminders: { enabled: false } }
`
const LOST = /^\[warning\] A lesson is lost: Watch it/
const OVER = /^\[resolved\] A lesson is lost/
const WRITTEN = '## Summary\n\nNobody noticed.\n\n## Root cause\n\nNobody looked.\n'

/** A closed post-mortem whose action a drill has proved, and the monitor on which it rests. */
interface Proved {
  monitorId: string
  drillId: string
  actionId: string
  postmortemId: string
}

interface Figures {
  reopened: number
  provedAgain: number
}

/** Declares the tests of a group of kinds, and tells the figures of all of them in the end. */
export function lostLessons(group: keyof typeof LESSON_GROUPS): void {
  const totals = { sabotages: 0, noticed: 0, reopened: 0 }
  describe(`a lesson of a monitor is lost and learned again: ${group}`, { concurrency: 2 }, () => {
    before(loadWhatChecksUse)
    for (const kindName of LESSON_GROUPS[group]) {
      const entry = STRICT_KINDS[kindName]!
      it(kindName, { ...entry.needs }, async (t) => {
        const { tally, figures } = await loseEachLesson(kindName, entry)
        const sabotages = tally.noticed.size + tally.unnoticed.size
        t.diagnostic(
          `kind=${kindName} sabotages=${sabotages} noticed=${tally.noticed.size} reopened=${figures.reopened}`,
        )
        for (const said of unnoticedOf(kindName, entry, tally)) t.diagnostic(said)
        for (const path of tally.noticed.keys()) assert.ok(!excuse(entry, path), `${path} needs no excuse`)
        assert.equal(figures.reopened, tally.noticed.size, 'whatever is noticed opens its action again')
        assert.equal(figures.provedAgain, figures.reopened, 'and what is put back proves it again')
        totals.sabotages += sabotages
        totals.noticed += tally.noticed.size
        totals.reopened += figures.reopened
      })
    }
    after((t) => {
      const diagnostic = (t as Partial<TestContext>).diagnostic?.bind(t) ?? console.log
      diagnostic(
        `sabotages=${totals.sabotages} noticed=${totals.noticed} reopened=${totals.reopened} (${group})`,
      )
    })
  })
}

async function loseEachLesson(
  kindName: string,
  entry: StrictKind,
): Promise<{ tally: Tally; figures: Figures }> {
  const figures: Figures = { reopened: 0, provedAgain: 0 }
  let tally: Tally | undefined
  await story({ config: CONFIG }, async (s) => {
    tally = await sabotage(kindName, entry, (lesson) => learnIn(s, lesson, figures))
  })
  return { tally: tally!, figures }
}

let lessons = 0

/** The lesson of an outage, learned: the drill of the strict monitor has passed, and proved the action. */
async function learnIn(s: Story, lesson: Lesson, figures: Figures): Promise<Learned> {
  const caught = await caughtBy(lesson)
  // Another way to be strict knows more of these faults.
  if (caught.length === 0) return { caught, without: async () => [] }
  const { kindName, about, input } = lesson
  const settings = (own: Input) => ({ ...own, service: 'docs', type: kindName })
  const { world } = s.tocsin()
  const editor = s.as('bo', 'editor')
  const monitorId = `${kindName}-${++lessons}`
  await createMonitor(world, editor, { id: monitorId, settings: settings(input) })
  const proved = await promise(s, monitorId, caught)
  await claim(s, proved, `${kindName}, ${about}`)
  return {
    caught,
    async without(path, weaker) {
      await changeMonitor(world, editor, { id: monitorId, settings: settings(weaker) })
      // Nobody asks for it: the drill is played because its monitor changed.
      await s.travel('61s')
      const run = await concludedRun(s, proved.drillId)
      if (run.state === 'passed') {
        await changeMonitor(world, editor, { id: monitorId, settings: settings(input) })
        return []
      }
      await assertLost(s, proved, run.missed, `${kindName}, ${about}, without ${path}: ${run.reason}`)
      figures.reopened++
      await changeMonitor(world, editor, { id: monitorId, settings: settings(input) })
      await claim(s, proved, `${kindName}, ${about}, with ${path} again`)
      s.expectMessage('ana@lab.example', OVER)
      figures.provedAgain++
      return run.missed
    },
  }
}

async function promise(s: Story, monitorId: string, faults: string[]): Promise<Proved> {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  const incident = await openIncident(world, ana, { title: `Unseen by ${monitorId}`, severity: 'SEV3' })
  const { id: postmortemId, version, title } = await draftPostmortem(world, ana, { incidentId: incident.id })
  await editPostmortem(world, ana, { postmortemId, version, title, body: WRITTEN })
  await passReview(world, ana, s.as('cy', 'administrator'), postmortemId)
  await s.settle()
  s.expectMessage('ana@lab.example', /^Approved/)
  const drillId = `${monitorId}-faults`
  const settings = { kind: 'monitor-faults', monitor: monitorId, faults, every: '7d' }
  await createDrill(world, s.as('bo', 'editor'), { id: drillId, settings })
  const action = await addAction(world, ana, {
    postmortemId,
    title: 'Watch it',
    type: 'detect',
    criterion: `The monitor ${monitorId} notices ${faults.join(', ')}.`,
    drillId,
  })
  return { monitorId, drillId, actionId: action.id, postmortemId }
}

/** Somebody says that it is done, the drill says so too, and the post-mortem can be closed. */
async function claim(s: Story, { actionId, drillId, postmortemId }: Proved, what: string): Promise<void> {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  await claimAction(world, ana, { actionId })
  await s.settle()
  const run = await concludedRun(s, drillId)
  assert.deepEqual([run.state, run.missed], ['passed', []], `${what}: ${run.reason}`)
  assert.equal((await findAction(s.store.read, actionId))!.state, 'proved', what)
  assert.equal((await findProof(s.store.read, actionId))!.state, 'proved', what)
  await changePostmortemState(world, ana, { postmortemId, to: 'closed' })
}

/** The newest run, played again by hand where a busy machine was too slow for its control. */
async function concludedRun(s: Story, drillId: string) {
  for (let tries = 1; ; tries++) {
    const [last] = (await viewRuns(s.store.read, drillId, { limit: 1 })).items
    if (last!.state !== 'inconclusive' || tries === TRIES) return viewRun(s.store.read, last!.id)
    await runDrill(s.tocsin().world, s.as('bo'), drillId)
    await s.settle()
  }
}

/** The drill is red, the action and its post-mortem are open again and say why, and whoever is on call was told. */
async function assertLost(
  s: Story,
  { actionId, postmortemId }: Proved,
  missed: string[],
  what: string,
): Promise<void> {
  const action = (await findAction(s.store.read, actionId))!
  assert.equal(action.state, 'open', what)
  assert.match(action.reason, /^Missed \d+ of \d+ fault/, what)
  assert.ok(missed.length > 0, what)
  for (const fault of missed) assert.ok(action.reason.includes(fault), `${what}: ${action.reason}`)
  assert.equal((await findProof(s.store.read, actionId))!.state, 'reopened', what)
  const { state, reason } = (await findPostmortem(s.store.read, postmortemId))!
  assert.deepEqual([state, reason], ['reviewed', 'action-reopened'], what)
  s.expectMessage('ana@lab.example', LOST)
}
