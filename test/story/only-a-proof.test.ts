/** An action becomes proved by a proof and by nothing else: not by a database client, the API or a file; imports are beside. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readConfiguration } from '../../src/app/configuration.ts'
import { routes } from '../../src/contract/routes.ts'
import { openDesk } from '../../src/http/desk-for-tests.ts'
import { claimAction, findAction, listActions } from '../../src/postmortems/index.ts'
import { createDrill, findRun, giveProof, listEvidence, runDrill } from '../../src/proofs/index.ts'
import { claimed, stateOf } from '../harness/claimed-action.ts'
import { onEveryStore } from '../harness/stores.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

// Checks are rare, so that hours pass quickly.
const CALM = USUAL.replace('every: 60s', 'every: 12h')
const HOUR = 3_600_000

const NO_PROOF = /proved by nothing but a proof that names it/
const WAKES = { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'ana', within: '5m' } }
const NEVER = { ...WAKES, expect: { paged: 'cy', within: '1m' } }

async function play(s: Story, id: string, settings: object): Promise<string> {
  const { world } = s.tocsin()
  await createDrill(world, s.as('cy', 'administrator'), { id, settings })
  const run = await runDrill(world, s.as('bo'), id)
  await s.settle()
  return run.id
}

onEveryStore('only a proof proves', ({ open, name }) => {
  it('the database refuses the word without the proof, and a proof that is none', () =>
    story({ store: open }, async (s) => {
      const passed = await play(s, 'another-drill', WAKES)
      assert.equal((await findRun(s.store.read, passed))!.state, 'passed')
      const failed = await play(s, 'never-so-soon', NEVER)
      const action = await claimed(s)
      const other = await claimed(s)
      const { world } = s.tocsin()
      const seenAt = new Date(s.clock.now()).toISOString()
      const statement = 'I walked along all of them.'
      const of = await giveProof(world, s.as('cy'), {
        actionId: other.id,
        proof: { kind: 'witness', met: true, statement, seenAt },
      })
      const against = await giveProof(world, s.as('cy'), {
        actionId: action.id,
        proof: { kind: 'witness', met: false, statement: 'Two have none.', seenAt },
      })
      assert.equal(await stateOf(s, action.id), 'refuted')
      const forge = (set: object) =>
        s.store.transaction((db) =>
          db
            .updateTable('actions')
            .set({ state: 'proved', reason: 'trust me', ...set })
            .where('id', '=', action.id)
            .execute(),
        )
      const forgeries = [
        {},
        { drill_run_id: 'made-up' },
        { drill_run_id: failed },
        // It passed, but it is the drill of nothing, and was never to prove this.
        { drill_run_id: passed },
        { proof_id: 'made-up' },
        { proof_id: against.id },
        // Another action's.
        { proof_id: of.id },
      ]
      for (const set of forgeries) await assert.rejects(forge(set), NO_PROOF, JSON.stringify(set))
      assert.equal(await stateOf(s, action.id), 'refuted')
      await assert.rejects(
        s.store.transaction(async (db) => {
          const row = await db
            .selectFrom('actions')
            .selectAll()
            .where('id', '=', other.id)
            .executeTakeFirstOrThrow()
          await db
            .insertInto('actions')
            .values({ ...row, id: 'born-proved' })
            .execute()
        }),
        NO_PROOF,
      )
      await s.settle()
      s.expectMessage('bo@lab.example', /^\[action\] Refuted: Label the racks/)
    }))

  it('the proof itself cannot be forged: a run begins unplayed and its end stands, evidence is not changed', () =>
    story({ store: open }, async (s) => {
      const failed = await play(s, 'never-so-soon', NEVER)
      const action = await claimed(s)
      const seenAt = new Date(s.clock.now()).toISOString()
      await giveProof(s.tocsin().world, s.as('cy'), {
        actionId: action.id,
        proof: { kind: 'witness', met: false, statement: 'Two have none.', seenAt },
      })
      await assert.rejects(
        s.store.transaction((db) =>
          db.updateTable('drill_runs').set({ state: 'passed' }).where('id', '=', failed).execute(),
        ),
        /what a drill came to stands/,
      )
      await assert.rejects(
        s.store.transaction((db) => db.deleteFrom('drill_runs').where('id', '=', failed).execute()),
        /what a drill came to stands/,
      )
      await assert.rejects(
        s.store.transaction(async (db) => {
          const row = await db
            .selectFrom('drill_runs')
            .selectAll()
            .where('id', '=', failed)
            .executeTakeFirstOrThrow()
          await db
            .insertInto('drill_runs')
            .values({ ...row, id: 'forged', state: 'passed' })
            .execute()
        }),
        /yet to be played/,
      )
      await assert.rejects(
        s.store.transaction((db) => db.updateTable('action_evidence').set({ outcome: 'passed' }).execute()),
        /append-only/,
      )
      await s.settle()
      s.expectMessage('bo@lab.example', /^\[action\] Refuted: Label the racks/)
    }))

  it('no route of the API moves it there, whatever the body says', () =>
    story({ store: open }, async (s) => {
      const failing = await play(s, 'never-so-soon', NEVER)
      const action = await claimed(s)
      const desk = await openDesk({ world: s.tocsin().world })
      try {
        const words = {
          state: 'proved',
          to: 'proved',
          outcome: 'proved',
          from: 'claimed',
          reason: 'trust me',
        }
        const bodies: object[] = [
          { state: 'proved' },
          { to: 'proved' },
          words,
          { ...words, actionId: action.id, drillRunId: failing, proofId: failing, provedByRunId: failing },
          {
            state: 'proved',
            reason: 'trust me',
            criterion: 'None.',
            drillId: 'never-so-soon',
            title: 'Done',
          },
          { title: action.title, type: action.type, criterion: action.criterion, state: 'proved' },
          { kind: 'drill', runId: failing },
          { kind: 'witness', met: true, statement: 'Done.', seenAt: new Date(s.clock.now()).toISOString() },
          { kind: 'junit-report', report: '<testsuite/>' },
          { kind: 'junit-report', report: 'all green', state: 'proved' },
          { kind: 'chaos-journal', journal: '{"status":"completed"}' },
        ]
        let tried = 0
        for (const { method, path } of routes.filter((route) => route.method !== 'GET'))
          for (const id of [action.id, action.postmortemId, failing])
            for (const body of bodies) {
              const answer = await desk.call(
                'administrator',
                method,
                path.replaceAll(/:[a-zA-Z]+/g, id),
                body,
              )
              assert.ok(answer.statusCode < 500, `${method} ${path}: ${answer.body}`)
              tried++
            }
        const states = (await listActions(s.store.read, { limit: 1_000 })).map(({ state }) => state)
        assert.equal(states.includes('proved'), false, states.join(' '))
        assert.ok(tried > 1_000, `${tried} requests`)
        const said = await desk.call('administrator', 'PATCH', `/api/v1/actions/${action.id}`, {
          state: 'proved',
        })
        assert.equal(said.statusCode, 422)
        assert.match(said.body, /Nobody closes an action by saying so/)
      } finally {
        await desk.close()
        // What all those requests set going is not what this is about.
        s.answer(() => ({ result: 'refused', reason: 'nobody is to hear of this' }))
      }
    }))

  it('no configuration says so', () =>
    story({ store: open }, async (s) => {
      const action = await claimed(s)
      const drill = `{ kind: end-to-end, monitor: docs-port, expect: { within: 5m }, action: "${action.id}"`
      for (const more of [
        `actions: { "${action.id}": { state: proved } }\n`,
        `postmortems: { actions: [{ id: "${action.id}", state: proved }] }\n`,
        `drills: { d: ${drill}, state: passed } }\n`,
        `drills: { d: ${drill}, lastRun: passed } }\n`,
      ]) {
        const read = readConfiguration(USUAL + more, { env: {}, folder: '.' })
        assert.equal(read.ok, false, more)
      }
      assert.equal(await stateOf(s, action.id), 'claimed')
    }))

  it('a witness other than whoever did it proves it for a while, is called one, and then it is stale', () =>
    story({ store: open, config: CALM }, async (s) => {
      const { world } = s.tocsin()
      const action = await claimed(s)
      const proof = {
        kind: 'witness' as const,
        met: true,
        statement: 'I walked along all of them.',
        seenAt: new Date(s.clock.now()).toISOString(),
        until: new Date(s.clock.now() + 3 * HOUR).toISOString(),
      }
      for (const who of ['ana', 'bo'])
        await assert.rejects(
          giveProof(world, s.as(who), { actionId: action.id, proof }),
          /is no witness of it/,
          'who claimed it, and who owns it',
        )
      await giveProof(world, s.as('cy'), { actionId: action.id, proof })
      const proved = (await findAction(s.store.read, action.id))!
      assert.equal(proved.state, 'proved')
      assert.deepEqual(proved.proof?.kind, 'witness')
      assert.match(proved.reason, /by the word of a witness alone \(cy\)/)
      const desk = await openDesk({ world })
      const { provedBy } = (await desk.call('viewer', 'GET', `/api/v1/actions/${action.id}`)).json()
      assert.deepEqual(provedBy, { kind: 'witness', until: proof.until })
      const [kept] = (await desk.call('viewer', 'GET', `/api/v1/actions/${action.id}/proofs`)).json().items
      assert.deepEqual([kept.kind, kept.givenBy, kept.summary], ['witness', 'cy', proof.statement])
      await desk.close()
      await s.travel('170m')
      assert.equal(await stateOf(s, action.id), 'proved')
      await s.travel('20m')
      const stale = (await findAction(s.store.read, action.id))!
      assert.deepEqual(
        [stale.state, stale.reason],
        ['stale', 'What proved it has expired, and nobody has looked since.'],
      )
      assert.deepEqual((await s.facts('action.stale')).length, 1)
      s.expectMessage('bo@lab.example', /^\[action\] Proof too old: Label the racks/)
    }))

  it('a word that is renewed holds until its new end; one that is taken back opens it again, with an alert', () =>
    story({ store: open, config: CALM }, async (s) => {
      const { world } = s.tocsin()
      const action = await claimed(s)
      const say = (met: boolean, hours: number) =>
        giveProof(world, s.as('cy'), {
          actionId: action.id,
          proof: {
            kind: 'witness',
            met,
            statement: met ? 'All have one.' : 'Two have none.',
            seenAt: new Date(s.clock.now()).toISOString(),
            until: new Date(s.clock.now() + hours * HOUR).toISOString(),
          },
        })
      await say(true, 2)
      await s.travel('1h')
      await say(true, 2)
      await s.travel('90m')
      assert.equal(await stateOf(s, action.id), 'proved')
      await say(false, 2)
      await s.settle()
      assert.equal(await stateOf(s, action.id), 'open')
      s.expectMessage('ana@lab.example', /A lesson is lost: Label the racks/)
      s.expectMessage('bo@lab.example', /^\[action\] Open again: Label the racks/)
      const alerts = (await s.alerts()).filter(({ state }) => state !== 'resolved')
      assert.deepEqual(
        alerts.map(({ source }) => source),
        ['proof'],
      )
      await claimAction(world, s.as('ana'), { actionId: action.id })
      await say(true, 2)
      await s.settle()
      assert.equal(await stateOf(s, action.id), 'proved')
      s.expectMessage('ana@lab.example', /^\[resolved\]/)
      assert.equal((await listEvidence(s.store.read, action.id)).length, 4)
    }))

  it('a report of a machine decides both ways, and a drill that is there leaves it no say', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const report = (result: string) => ({
        kind: 'junit-report' as const,
        report: `<testsuite><testcase name="labels">${result}</testcase></testsuite>`,
        tests: ['labels'],
      })
      const action = await claimed(s)
      await giveProof(world, s.as('ana'), { actionId: action.id, proof: report('<failure message="two"/>') })
      assert.equal(await stateOf(s, action.id), 'refuted')
      await giveProof(world, s.as('ana'), { actionId: action.id, proof: report('') })
      const proved = (await findAction(s.store.read, action.id))!
      assert.deepEqual([proved.state, proved.proof?.kind], ['proved', 'junit-report'])
      await createDrill(world, s.as('cy', 'administrator'), { id: 'wakes', settings: WAKES })
      const drilled = await claimed(s, 'wakes')
      assert.deepEqual([drilled.state, drilled.proof?.kind], ['proved', 'drill'])
      await assert.rejects(
        giveProof(world, s.as('ana'), { actionId: drilled.id, proof: report('<failure/>') }),
        /A drill decides this action/,
        name,
      )
    }))
})
