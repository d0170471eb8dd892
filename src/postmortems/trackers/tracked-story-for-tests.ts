/** A story with one tracker on loopback and an action with a drill that only the test plays. */
import { passRun, type ResponseWorld } from '../../../test/harness/response.ts'
import { type Story, story } from '../../../test/harness/story.ts'
import { systemActor } from '../../engine/world.ts'
import { openIncident } from '../../incidents/index.ts'
import type { Store } from '../../store/store.ts'
import { addAction } from '../add-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import type { Action } from '../postmortem.ts'
import { findAction } from '../postmortems.rows.ts'
import { settleActionIn } from '../settle-action.ts'
import type { FakeIssue, FakeTracker } from './fake-tracker-for-tests.ts'
import { type ActionIssue, findIssue } from './issues.rows.ts'
import { createIssue } from './link-issue.ts'

export const CONFIG = `
people: { ana: { name: Ana, email: ana@lab.example } }
services: { docs: { name: Documentation } }
postmortems:
  draftFor: []
  due: { SEV4: { draft: 4000d, review: 4000d } }
  reminders: { enabled: false }
`

export interface Tracked extends Story {
  fake: FakeTracker
  config: string
  actionId: string
  action(): Promise<Action>
  issue(): Promise<ActionIssue | null>
  /** The only issue in the tracker. */
  theirs(): FakeIssue
  /** Another action of the same post-mortem. */
  another(more?: object): Promise<string>
  /** Asks for the issue, and lets it be created. */
  create(): Promise<void>
  /** What the drill decides. */
  decide(outcome: 'proved' | 'refuted' | 'reopened' | 'stale', run?: string): Promise<void>
  comments(): string[]
  /** Requests since the last time that this was asked. */
  asked(): string[]
}

export async function trackedStory(
  start: (now: () => number) => Promise<FakeTracker>,
  play: (it: Tracked) => Promise<void>,
  more = '',
  store?: () => Promise<Store>,
): Promise<void> {
  let now = () => Date.parse('2026-01-07T10:00:00Z')
  const fake = await start(() => now())
  const config = `${CONFIG}  trackers: { work: ${fake.entry} }\n${more}`
  try {
    await story({ config, ...(store ? { store } : {}) }, async (s) => {
      now = () => s.clock.now()
      const { world } = s.tocsin()
      const ana = s.as('ana')
      const incident = await openIncident(world, ana, {
        title: 'Wrong name',
        severity: 'SEV4',
        serviceIds: ['docs'],
      })
      const { id: postmortemId } = await draftPostmortem(world, ana, { incidentId: incident.id })
      const another = async (given: object = {}) => {
        const action = await addAction(s.tocsin().world, ana, {
          postmortemId,
          title: 'Check the name',
          type: 'detect',
          criterion: 'a wrong name pages within five minutes',
          ...given,
        })
        await s.settle()
        return action.id
      }
      const actionId = await another()
      let read = 0
      await play({
        ...s,
        fake,
        config,
        actionId,
        another,
        action: async () => (await findAction(s.store.read, actionId))!,
        issue: () => findIssue(s.store.read, actionId),
        theirs() {
          const all = [...fake.issues.values()]
          if (all.length !== 1) throw new Error(`there are ${all.length} issues in the tracker`)
          return all[0]!
        },
        async create() {
          await createIssue(s.tocsin().world, ana, { actionId, tracker: 'work' })
          await s.settle()
        },
        async decide(outcome, run = `run-${s.clock.now()}-${outcome}`) {
          const { world: live } = s.tocsin()
          if (outcome === 'proved') await passRun({ world: live } as ResponseWorld, actionId, run)
          await live.transact((tx) =>
            settleActionIn(tx, live, systemActor('proofs'), {
              actionId,
              outcome,
              drillRunId: outcome === 'stale' ? null : run,
              reason: `the drill says: ${outcome}`,
            }),
          )
          await s.settle()
        },
        comments: () => [...fake.issues.values()].flatMap(({ comments }) => comments.map(({ body }) => body)),
        asked() {
          const since = fake.asked.slice(read).map(({ method, path }) => `${method} ${path}`)
          read = fake.asked.length
          return since
        },
      })
    })
  } finally {
    await fake.stop()
  }
}
