/** People and machines at the same moment, over one PostgreSQL: whoever is later is told, and nothing is half done. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openAlertIn } from '../../src/alerts/index.ts'
import { listUpdates, publishUpdate, snapshotDirectory } from '../../src/comms/index.ts'
import { systemActor } from '../../src/engine/world.ts'
import {
  changeIncident,
  findIncident,
  joinAlert,
  openIncident,
  readTimeline,
} from '../../src/incidents/index.ts'
import {
  acknowledgeAlert,
  auditEscalations,
  findEscalation,
  pagesOfAlert,
  resolveAlertByHand,
} from '../../src/oncall/index.ts'
import {
  addAction,
  changeAction,
  changePostmortemState,
  claimAction,
  draftPostmortem,
  editPostmortem,
  findAction,
  findPostmortem,
  listActions,
  listRevisions,
} from '../../src/postmortems/index.ts'
import { createDrill, findProof, runDrill } from '../../src/proofs/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { freshDatabase, needsPostgres } from '../harness/postgres.ts'
import { passReview } from '../harness/review.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

// Checks are rare, so that only what races happens.
const CONFIG = USUAL.replace('every: 60s', 'every: 12h')

async function postgres(): Promise<Store> {
  const database = await freshDatabase()
  const store = await openStore({ directory: '', databaseUrl: database.url, now: 0 })
  return {
    ...store,
    close: async () => {
      await store.close()
      await database.drop()
    },
  }
}

async function openAlert(s: Story, key: string, serviceId: string | null = 'docs'): Promise<string> {
  const { world } = s.tocsin()
  return world.transact((tx) =>
    openAlertIn(tx, world, systemActor('story'), {
      dedupKey: key,
      title: `${key} is down`,
      summary: '',
      severity: 'critical',
      reason: 'raced',
      serviceId,
      monitorId: null,
      source: 'manual',
    }),
  )
}

async function postmortem(s: Story): Promise<{ incidentId: string; postmortemId: string }> {
  const { world } = s.tocsin()
  const incident = await openIncident(world, s.as('ana'), { title: 'Raced', severity: 'SEV3' })
  const { id } = await draftPostmortem(world, s.as('ana'), { incidentId: incident.id })
  return { incidentId: incident.id, postmortemId: id }
}

const BODY = '## Summary\n\nAll at once.\n\n## Root cause\n\nNobody waited.\n'

async function reviewed(s: Story): Promise<string> {
  const { world } = s.tocsin()
  const { postmortemId } = await postmortem(s)
  await editPostmortem(world, s.as('ana'), { postmortemId, version: 1, title: 'Raced', body: BODY })
  await passReview(world, s.as('ana'), s.as('bo'), postmortemId)
  await s.settle()
  s.expectMessage('ana@lab.example', /^Approved: Raced/)
  return postmortemId
}

const outcomes = (all: PromiseSettledResult<unknown>[]) =>
  all.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code?: string }).code))

const ROUNDS = 8

describe('at the same moment', needsPostgres(), () => {
  it('acknowledge, the next step and the recovery: one of each, and nothing left behind', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      s.answer(() => ({ result: 'sent' }))
      const ids: string[] = []
      for (let i = 0; i < ROUNDS; i++) ids.push(await openAlert(s, `race-${i}`))
      await s.settle()
      for (let i = 0; i < ROUNDS; i++) s.expectMessage('ana@lab.example', /critical/)
      s.clock.moveTo(s.clock.now() + 5 * 60_000)
      const answers = await Promise.allSettled([
        s.settle(),
        ...ids.flatMap((alertId, i) => [
          acknowledgeAlert(world, s.as('ana'), { alertId, via: 'api' }),
          acknowledgeAlert(world, s.as('bo'), { alertId, via: 'link' }),
          ...(i % 2 === 0 ? [resolveAlertByHand(world, s.as('cy'), { alertId, reason: 'it is over' })] : []),
        ]),
      ])
      assert.deepEqual(new Set(outcomes(answers)), new Set(['done']))
      await s.settle()
      const facts = await s.facts()
      for (const [i, alertId] of ids.entries()) {
        const about = facts.filter(({ subject }) => subject === alertId).map(({ type }) => type)
        const count = (type: string) => about.filter((one) => one === type).length
        assert.ok(count('alert.acknowledged') <= 1, `${i} was acknowledged once`)
        assert.equal(count('alert.resolved'), i % 2 === 0 ? 1 : 0)
        const over = facts.filter(
          ({ subject, type, data }) =>
            subject === alertId &&
            type === 'escalation.ended' &&
            (data as { reason: string }).reason === 'resolved',
        )
        assert.equal(over.length, i % 2 === 0 ? 1 : 0)
        const escalation = (await findEscalation(s.store.read, alertId))!
        assert.equal(escalation.status, i % 2 === 0 ? 'ended' : 'acknowledged')
        const pages = (await pagesOfAlert(s.store.read, alertId)).filter(({ kind }) => kind === 'page')
        assert.ok(pages.every(({ state }) => state === 'sent' || state === 'cancelled'))
        assert.equal(
          count('page.sent'),
          (await pagesOfAlert(s.store.read, alertId)).filter((p) => p.state === 'sent').length,
        )
      }
      assert.deepEqual((await auditEscalations(s.store.read, s.clock.now() + 120_000)).problems, [])
      // Whoever was paged and resolved is told; who was paged in the race is no concern of this story.
      for (;;) {
        try {
          s.expectMessage('ana@lab.example', /resolved/)
        } catch {
          break
        }
      }
      for (;;) {
        try {
          s.expectMessage('bo@lab.example', /critical|resolved/)
        } catch {
          break
        }
      }
      s.expectSilence()
    }))

  it('a claim while its drill is being played: the claim gets a run of its own, and a proof', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      await createDrill(world, s.as('cy', 'administrator'), {
        id: 'wakes-ana',
        settings: { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'ana', within: '13h' } },
      })
      const { postmortemId } = await postmortem(s)
      for (let i = 0; i < 3; i++) {
        const { id } = await addAction(world, s.as('ana'), {
          postmortemId,
          title: `Wake Ana ${i}`,
          type: 'process',
          criterion: 'She is paged.',
          drillId: 'wakes-ana',
        })
        const answers = await Promise.allSettled([
          runDrill(world, s.as('bo'), 'wakes-ana').then(() => s.settle()),
          claimAction(world, s.as('ana'), { actionId: id }),
          claimAction(world, s.as('bo'), { actionId: id }),
        ])
        assert.deepEqual(outcomes(answers).sort(), ['done', 'done', 'wrong-state'])
        await s.settle()
        assert.equal((await findAction(s.store.read, id))!.state, 'proved')
        assert.equal((await findProof(s.store.read, id))!.state, 'proved')
      }
      assert.equal((await s.facts('action.proved')).length, 3)
      assert.equal((await s.facts('action.claimed')).length, 3)
    }))

  it('two who edit one text: one is saved, the other is told, and no revision is lost or doubled', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const { postmortemId } = await postmortem(s)
      for (let version = 1; version <= 4; version++) {
        const all = ['ana', 'bo', 'cy'].map((who) =>
          editPostmortem(world, s.as(who), {
            postmortemId,
            version,
            title: `by ${who}`,
            body: `${BODY}\n${who}`,
          }),
        )
        assert.deepEqual(outcomes(await Promise.allSettled(all)).sort(), [
          'done',
          'wrong-state',
          'wrong-state',
        ])
        const now = (await findPostmortem(s.store.read, postmortemId))!
        assert.equal(now.version, version + 1)
        assert.ok(now.body.endsWith(now.title.slice('by '.length)), 'title and text are of one person')
      }
      const versions = (await listRevisions(s.store.read, postmortemId)).map(({ version }) => version)
      assert.deepEqual(versions.toSorted(), [1, 2, 3, 4, 5])
    }))

  it('two who draft the post-mortem of one incident: there is one, and the other is told which', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      for (let i = 0; i < 3; i++) {
        const { id } = await openIncident(world, s.as('ana'), { title: 'Raced', severity: 'SEV3' })
        const all = ['ana', 'bo', 'cy'].map((who) => draftPostmortem(world, s.as(who), { incidentId: id }))
        const answers = await Promise.allSettled(all)
        assert.deepEqual(outcomes(answers).sort(), ['done', 'duplicate', 'duplicate'])
        const told = (await readTimeline(s.store.read, id)).filter(({ kind }) => kind === 'postmortem')
        assert.equal(told.length, 1)
      }
    }))

  it('closing while an action is added: never a closed post-mortem with an open action', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      for (let i = 0; i < ROUNDS; i++) {
        const postmortemId = await reviewed(s)
        const add = () =>
          addAction(world, s.as('bo'), { postmortemId, title: 'late', type: 'detect', criterion: 'it shows' })
        const close = () => changePostmortemState(world, s.as('ana'), { postmortemId, to: 'closed' })
        const answers = await Promise.allSettled(i % 2 === 0 ? [add(), close()] : [close(), add()])
        const { state } = (await findPostmortem(s.store.read, postmortemId))!
        const open = (await listActions(s.store.read, { postmortemId })).length
        assert.ok(!(state === 'closed' && open > 0), `round ${i}: ${state} with ${open} open`)
        assert.ok(outcomes(answers).every((one) => one === 'done' || one === 'wrong-state'))
        assert.ok(outcomes(answers).includes('done'), 'not both are refused')
      }
    }))

  it('closing while somebody saves the text: a closed post-mortem is not changed any more', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      for (let i = 0; i < ROUNDS; i++) {
        const postmortemId = await reviewed(s)
        const edit = () =>
          editPostmortem(world, s.as('bo'), { postmortemId, version: 2, title: 'late', body: `${BODY} late` })
        const close = () => changePostmortemState(world, s.as('ana'), { postmortemId, to: 'closed' })
        const answers = await Promise.allSettled(i % 2 === 0 ? [edit(), close()] : [close(), edit()])
        assert.ok(outcomes(answers).every((one) => one === 'done' || one === 'wrong-state'))
        const order = (await s.facts())
          .filter(({ subject }) => subject === postmortemId)
          .map(({ type, data }) => (data as { to?: string }).to ?? type)
        const closed = order.indexOf('closed')
        assert.ok(closed < 0 || !order.slice(closed).includes('postmortem.edited'), order.join(', '))
      }
    }))

  it('closing while a dropped action is taken up again: it is not left closed', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const bo = s.as('bo', 'editor')
      for (let i = 0; i < ROUNDS; i++) {
        const postmortemId = await reviewed(s)
        const { id } = await addAction(world, bo, {
          postmortemId,
          title: 'a',
          type: 'detect',
          criterion: 'c',
        })
        await changeAction(world, bo, { actionId: id, state: 'dropped', reason: 'no time' })
        const close = () => changePostmortemState(world, bo, { postmortemId, to: 'closed' })
        const take = () => changeAction(world, bo, { actionId: id, state: 'open' })
        await Promise.allSettled(i % 2 === 0 ? [take(), close()] : [close(), take()])
        assert.equal((await findAction(s.store.read, id))!.state, 'open')
        assert.equal((await findPostmortem(s.store.read, postmortemId))!.state, 'reviewed', `round ${i}`)
      }
    }))

  it('two who move one incident: every move that was answered is in the timeline, and in order', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      for (let i = 0; i < 4; i++) {
        const { id } = await openIncident(world, s.as('ana'), { title: `Raced ${i}`, severity: 'SEV3' })
        const answers = await Promise.allSettled([
          changeIncident(world, s.as('ana'), { incidentId: id, state: 'mitigated' }),
          changeIncident(world, s.as('bo'), { incidentId: id, state: 'resolved' }),
          changeIncident(world, s.as('cy'), { incidentId: id, state: 'believed-resolved' }),
        ])
        const done = outcomes(answers).filter((one) => one === 'done').length
        const moves = (await s.facts('incident.state-changed'))
          .filter(({ subject }) => subject === id)
          .map(({ data }) => data as { from: string; to: string })
        assert.equal(moves.length, done)
        let at = 'declared'
        for (const { from, to } of moves) {
          assert.equal(from, at)
          at = to
        }
        assert.equal((await findIncident(s.store.read, id))!.state, at)
        const told = (await readTimeline(s.store.read, id)).filter(({ kind }) => kind === 'state')
        assert.equal(told.length, done + 1)
      }
    }))

  it('an alert is put to an incident twice, while it is acknowledged and resolved: told once, and nothing is missed', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      for (let i = 0; i < 5; i++) {
        const { id } = await openIncident(world, s.as('ana'), { title: `Raced ${i}`, severity: 'SEV3' })
        const alertId = await openAlert(s, `joined-${i}`, null)
        await s.settle()
        s.expectMessage('ana@lab.example', /critical/)
        const answers = await Promise.allSettled([
          joinAlert(world, s.as('ana'), { incidentId: id, alertId }),
          acknowledgeAlert(world, s.as('ana'), { alertId, via: 'api' }).then(() =>
            resolveAlertByHand(world, s.as('ana'), { alertId, reason: 'over' }),
          ),
          joinAlert(world, s.as('bo'), { incidentId: id, alertId }),
          s.settle(),
        ])
        assert.deepEqual(new Set(outcomes(answers)), new Set(['done']))
        await s.settle()
        s.expectMessage('ana@lab.example', /resolved/)
        const incident = (await findIncident(s.store.read, id))!
        const [link, ...others] = incident.alerts
        assert.deepEqual(others, [])
        assert.ok(
          link!.acknowledgedAt !== null && link!.resolvedAt !== null,
          `round ${i}: ${JSON.stringify(link)}`,
        )
        assert.equal(incident.acknowledgedAt, link!.acknowledgedAt)
        const told = await readTimeline(s.store.read, id)
        const seqs = told.map(({ factSeq }) => factSeq).filter((seq) => seq !== null)
        assert.equal(new Set(seqs).size, seqs.length)
        for (const text of ['Alert opened', 'Acknowledged by', 'Alert resolved'])
          assert.equal(told.filter((entry) => entry.text.startsWith(text)).length, 1, `round ${i}: ${text}`)
      }
    }))

  it('two publishers, two messages: both are told, and the page that stands is whole', () =>
    story({ store: postgres, config: CONFIG }, async (s) => {
      const { world } = s.tocsin()
      const { id } = await openIncident(world, s.as('ana'), {
        title: 'Raced',
        severity: 'SEV2',
        serviceIds: ['docs'],
      })
      await s.settle()
      const before = s.tocsin()
      await s.restart()
      const after = s.tocsin()
      const say = (who: string, body: string) =>
        publishUpdate(world, s.as(who), { incidentId: id, status: 'identified', body })
      await Promise.all([say('ana', 'from Ana'), say('bo', 'from Bo')])
      s.clock.moveTo(s.clock.now() + 2_000)
      await Promise.all([before.engine.drain(), after.engine.drain()])
      await s.settle()
      const bodies = (await listUpdates(s.store.read, id)).map(({ body }) => body)
      assert.ok(bodies.includes('from Ana') && bodies.includes('from Bo'))
      const { readFileSync } = await import('node:fs')
      const page = readFileSync(`${snapshotDirectory(s.publicDirectory)}/incidents/${id}.html`, 'utf8')
      for (const who of ['Ana', 'Bo']) assert.ok(page.includes(`from ${who}`))
      const told = (await readTimeline(s.store.read, id)).filter(({ kind }) => kind === 'update')
      assert.equal(told.length, bodies.length)
    }))
})
