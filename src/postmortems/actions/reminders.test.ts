import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { type Story, type StoryOptions, story } from '../../../test/harness/story.ts'
import { systemActor } from '../../engine/world.ts'
import { openIncident } from '../../incidents/index.ts'
import { HOUR } from '../../kit/duration.ts'
import { addAction } from '../add-action.ts'
import { changeAction } from '../change-action.ts'
import { claimAction } from '../claim-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { findAction } from '../postmortems.rows.ts'
import { settleActionIn } from '../settle-action.ts'
import { CHASE } from './remind.ts'
import { listNotices } from './reminders.rows.ts'
import { addPromise, setCounterpart } from './set-counterpart.ts'

const CONFIG = `
people:
  ana: { name: Ana, email: ana@lab.example, timezone: Europe/Paris }
  bo: { name: Bo, email: bo@lab.example, role: editor, timezone: Europe/Paris }
  cy: { name: Cy, email: cy@lab.example, role: administrator }
teams: { web: { members: [ana, bo] } }
services: { docs: { name: Documentation, owner: web } }
postmortems:
  draftFor: []
  due: { SEV4: { draft: 4000d, review: 4000d } }
  reminders: { before: [7h, 1h], after: [3h], every: 7h, escalateAfter: 14h, quiet: null }
`
// Monday, 11:00 in Paris.
const START = '2026-01-05T10:00:00Z'
const ANA = 'ana@lab.example'
const BO = 'bo@lab.example'

const tell = (play: (s: Story) => Promise<void>, options: StoryOptions = {}) =>
  story({ config: CONFIG, start: START, ...options }, play)

async function actionOf(s: Story, more: object = {}): Promise<string> {
  const { world } = s.tocsin()
  const editor = s.as('bo', 'editor')
  const incident = await openIncident(world, editor, {
    title: 'Wrong name',
    severity: 'SEV4',
    serviceIds: ['docs'],
  })
  const { id } = await draftPostmortem(world, editor, { incidentId: incident.id })
  const action = await addAction(world, editor, {
    postmortemId: id,
    title: 'Check the name',
    type: 'detect',
    criterion: 'a wrong name pages',
    owner: 'ana',
    ...more,
  })
  await s.settle()
  return action.id
}
const due = (s: Story, hours: number) => s.clock.now() + hours * HOUR

describe('the owner of an action', () => {
  test('is reminded before, at and after the due date, and then the team is told', () =>
    tell(async (s) => {
      await actionOf(s, { dueAt: due(s, 10) })
      await s.travel('3h')
      s.expectSilence()
      await s.travel('1m')
      const first = s.expectMessage(ANA, /^\[action\] Due soon: Check the name$/)
      assert.match(first.text, /It is due on Mon, 5 Jan 2026, in 7 hours\./)
      assert.match(first.text, /It counts as done when: a wrong name pages/)
      assert.match(first.link!, /^https:\/\/tocsin\.lab\.example\/actions\/[0-9a-f-]+$/)
      await s.travel('6h')
      s.expectMessage(ANA, /^\[action\] Due soon/)
      await s.travel('1h')
      assert.match(s.expectMessage(ANA, /^\[action\] Due today/).text, /It is due today, Mon, 5 Jan 2026/)
      await s.travel('3h')
      assert.match(s.expectMessage(ANA, /^\[action\] Overdue/).text, /3 hours ago, and is not proved/)
      await s.travel('7h')
      s.expectMessage(ANA, /^\[action\] Overdue/)
      s.expectSilence()
      await s.travel('4h')
      const long = s.expectMessage(BO, /^\[action\] Long overdue/)
      assert.match(long.text, /Ana owns it\./)
      await s.travel('2h')
      s.expectSilence()
    }))

  test('hears nothing more once it is proved or dropped, and is left alone while it is claimed', () =>
    tell(async (s) => {
      const id = await actionOf(s, { dueAt: due(s, 10) })
      await s.travel('2h')
      await claimAction(s.tocsin().world, s.as('ana'), { actionId: id })
      await s.settle()
      await s.travel('7h')
      s.expectSilence()
      await changeAction(s.tocsin().world, s.as('bo', 'editor'), {
        actionId: id,
        state: 'dropped',
        reason: 'the server is gone',
      })
      await s.travel('15h')
      s.expectSilence()
    }))

  test('is not disturbed at night: what falls due then waits for the morning, in one message', () =>
    tell(
      async (s) => {
        // 21:00 and 23:00 in Paris, a week before.
        const late = Date.parse('2026-01-13T20:00:00Z')
        await actionOf(s, { dueAt: late })
        await actionOf(s, { title: 'Renew by itself', dueAt: late + 2 * HOUR })
        await s.travel('1d')
        s.expectSilence()
        await s.travel('20h')
        s.expectSilence()
        await s.travel('1h')
        const both = s.expectMessage(ANA, /^\[action\] 2 actions of post-mortems ask for you$/)
        assert.equal(new Date(both.at).toISOString(), '2026-01-07T07:00:00.000Z')
        assert.match(both.text, /Check the name[\s\S]*Renew by itself/)
        assert.equal(both.link, 'https://tocsin.lab.example/actions')
        s.expectSilence()
      },
      { config: CONFIG.replace(/ {2}reminders: .*/, '') },
    ))

  test('is told at once that it is refuted, once for each time', () =>
    tell(async (s) => {
      const id = await actionOf(s)
      const { world } = s.tocsin()
      const refute = async (run: string) => {
        await claimAction(world, s.as('ana'), { actionId: id })
        await world.transact((tx) =>
          settleActionIn(tx, world, systemActor('proofs'), {
            actionId: id,
            outcome: 'refuted',
            drillRunId: run,
            reason: 'a wrong name went by unseen',
          }),
        )
        await s.settle()
      }
      await refute('run-1')
      const told = s.expectMessage(ANA, /^\[action\] Refuted: Check the name$/)
      assert.equal(told.at, Date.parse(START))
      assert.match(told.text, /a wrong name went by unseen/)
      await s.travel('10h')
      s.expectSilence()
      await refute('run-2')
      s.expectMessage(ANA, /^\[action\] Refuted/)
    }))

  test('hears of a moved date anew, of the former one no more, and a new owner of what is still to come', () =>
    tell(async (s) => {
      const id = await actionOf(s, { dueAt: due(s, 10) })
      await s.travel('4h')
      s.expectMessage(ANA, /Due soon/)
      const { world } = s.tocsin()
      await changeAction(world, s.as('ana'), { actionId: id, dueAt: Date.parse(START) + 30 * HOUR })
      await s.settle()
      await s.travel('15h')
      s.expectSilence()
      await changeAction(world, s.as('ana'), { actionId: id, owner: 'bo' })
      await s.travel('5h')
      s.expectMessage(BO, /Due soon/)
    }))
})

describe('where something fails', () => {
  test('a restart loses no reminder and repeats none, and an absence tells the latest alone', () =>
    tell(async (s) => {
      await actionOf(s, { dueAt: due(s, 10) })
      await s.travel('4h')
      s.expectMessage(ANA, /Due soon/)
      await s.restart()
      await s.settle()
      s.expectSilence()
      // Nobody is here for a day.
      s.clock.moveTo(s.clock.now() + 21 * HOUR)
      await s.restart()
      await s.travel('1m')
      assert.match(s.expectMessage(ANA, /Overdue/).text, /15 hours ago/)
      s.expectMessage(BO, /Long overdue/)
      s.expectSilence()
      await s.restart()
      await s.travel('1h')
      s.expectSilence()
    }))

  test('actions of a Tocsin that knew no reminders are chased from its first start on', () =>
    tell(async (s) => {
      await actionOf(s, { dueAt: due(s, 2) })
      await s.store.transaction(async (db) => {
        await db.deleteFrom('action_chases').execute()
        await db.deleteFrom('timers').where('kind', '=', CHASE).execute()
      })
      await s.restart()
      await s.travel('3h')
      s.expectMessage(ANA, /Due soon/)
      s.expectMessage(ANA, /Due today/)
    }))

  test('a contact that refuses it is followed by the next, and a reminder that reaches nobody says so', () =>
    tell(
      async (s) => {
        const id = await actionOf(s, { dueAt: due(s, 10) })
        s.answer((kind) =>
          kind === 'email' ? { result: 'refused', reason: 'no such mailbox' } : { result: 'sent' },
        )
        await s.travel('4h')
        assert.equal(s.expectMessage('https://hook.lab.example/ana', /Due soon/).channel, 'webhook')
        s.answer(() => ({ result: 'refused', reason: 'no such mailbox' }))
        await s.travel('6h')
        const [failed] = await s.facts('action.reminder-failed')
        assert.deepEqual(failed!.data, {
          actionId: id,
          personId: 'ana',
          reason: 'due-soon',
          why: 'no such mailbox',
        })
        const states = (await listNotices(s.store.read, id)).map(({ state, detail }) => [state, detail])
        assert.deepEqual(states.at(-2), ['failed', 'no such mailbox'])
        assert.equal(states.at(-1)![0], 'sent')
      },
      {
        config: CONFIG.replace(
          'email: ana@lab.example,',
          'email: ana@lab.example, contacts: [{ kind: webhook, address: "https://hook.lab.example/ana" }],',
        ),
      },
    ))

  test('an action without owner is the team’s, and without team it says that there is nobody', () =>
    tell(async (s) => {
      await actionOf(s, { owner: null, dueAt: due(s, 1) })
      await s.travel('61m')
      s.expectMessage(ANA, /Due today/)
      s.expectMessage(BO, /Due today/)
      const { world } = s.tocsin()
      const editor = s.as('bo', 'editor')
      const bare = await openIncident(world, editor, { title: 'Other', severity: 'SEV4', serviceIds: [] })
      const { id } = await draftPostmortem(world, editor, { incidentId: bare.id })
      const action = await addAction(world, editor, {
        postmortemId: id,
        title: 'x',
        type: 'repair',
        criterion: 'y',
        dueAt: due(s, 1),
      })
      await s.settle()
      await s.travel('61m')
      const [failed] = await s.facts('action.reminder-failed')
      assert.deepEqual(failed!.data, {
        actionId: action.id,
        personId: null,
        reason: 'due',
        why: 'nobody-to-tell',
      })
    }))

  test('the schedule is changed by a reload, also for what waits already', () =>
    tell(async (s) => {
      await actionOf(s, { dueAt: due(s, 10) })
      await s.apply(CONFIG.replace('before: [7h, 1h]', 'before: [2h]'))
      await s.travel('7h')
      s.expectSilence()
      await s.travel('61m')
      s.expectMessage(ANA, /Due soon/)
      await s.apply(CONFIG.replace('before: [7h, 1h]', 'enabled: false'))
      await s.travel('15h')
      s.expectSilence()
    }))
})

onEveryStore('reminders', ({ open }) => {
  test('go out once, whatever stores them', () =>
    tell(
      async (s) => {
        await actionOf(s, { dueAt: due(s, 10) })
        await s.travel('4h')
        s.expectMessage(ANA, /Due soon/)
        await s.travel('10h')
        s.expectMessage(ANA, /Due soon/)
        s.expectMessage(ANA, /Due today/)
        s.expectMessage(ANA, /Overdue/)
        await s.travel('10h')
        s.expectMessage(ANA, /Overdue/)
        s.expectSilence()
        await s.travel('1h')
        s.expectMessage(BO, /Long overdue/)
      },
      { store: open },
    ))
})

describe('a vendor', () => {
  test('is chased by our own person, promise by promise, and every promise is kept', () =>
    tell(async (s) => {
      const id = await actionOf(s)
      const { world } = s.tocsin()
      const ana = s.as('ana')
      await assert.rejects(addPromise(world, ana, { actionId: id, promisedAt: due(s, 5) }), {
        code: 'wrong-state',
        message: /first say which vendor or team/,
      })
      await setCounterpart(world, ana, {
        actionId: id,
        with: { kind: 'vendor', name: 'Acme', reference: 'T-4711' },
      })
      await addPromise(world, ana, { actionId: id, promisedAt: due(s, 5) })
      await assert.rejects(addPromise(world, ana, { actionId: id, promisedAt: due(s, 5) }), {
        code: 'duplicate',
      })
      await s.settle()
      await s.travel('301m')
      const asked = s.expectMessage(ANA, /^\[action\] Promised for today/)
      assert.match(
        asked.text,
        /Acme promised it for today \(T-4711\), for the first time\. Ask whether it is done\./,
      )
      await addPromise(world, ana, { actionId: id, promisedAt: due(s, 5) })
      await s.settle()
      await s.travel('9h')
      s.expectMessage(ANA, /Promised for today/)
      assert.match(s.expectMessage(ANA, /Promise not kept/).text, /for the second time\. Ask for a new date/)
      await addPromise(world, ana, { actionId: id, promisedAt: due(s, 2), note: 'they are short of people' })
      await s.settle()
      await s.travel('121m')
      assert.match(s.expectMessage(ANA, /Promised for today/).text, /for the third time/)
      await assert.rejects(
        world.transact((tx) => tx.db.updateTable('action_promises').set({ promised_at: 1 }).execute()),
        /append-only|not.*changed|may not/i,
      )
      await setCounterpart(world, ana, { actionId: id, with: null })
      await s.settle()
      await s.travel('15h')
      s.expectSilence()
      assert.equal((await findAction(s.store.read, id))!.state, 'open')
      assert.equal((await s.facts('action.promised')).length, 3)
    }))
})
