/** From an outage to a proof, and what happens when somebody takes the lesson away again. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openIncident } from '../../src/incidents/index.ts'
import {
  addAction,
  changeAction,
  claimAction,
  draftPostmortem,
  findAction,
} from '../../src/postmortems/index.ts'
import { faultsCaughtBy, findProof, runDrill, viewDrill } from '../../src/proofs/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

/** The monitor as the outage found it, or as the lesson wants it, with the drill that tells them apart. */
function config(expect: string, drills = 'docs-faults'): string {
  // Drills are played often and checks rarely, so that little time has to pass.
  return `${USUAL.replace('every: 60s', 'every: 12h')}
  docs-cert: { service: docs, type: tls, target: "docs.lab.example:443", timeout: 300ms, every: 12h, expect: ${expect} }
drills:
  ${drills}: { kind: monitor-faults, monitor: docs-cert, every: 1h }
`
}
const ANY = config('{ accept: any }')
const STRICT = config('{ issuer: "R3", renewBefore: 30d }')

/** An incident, its post-mortem, and the action that promises a monitor which sees the wrong certificate. */
async function promise(s: Story): Promise<string> {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  const incident = await openIncident(world, ana, { title: 'Wrong certificate', severity: 'SEV3' })
  const postmortem = await draftPostmortem(world, ana, { incidentId: incident.id })
  const action = await addAction(world, ana, {
    postmortemId: postmortem.id,
    title: 'Watch whose certificate it is',
    type: 'detect',
    criterion: 'A certificate of another name or issuer turns the monitor down.',
    drillId: 'docs-faults',
  })
  await s.settle()
  return action.id
}

const LOST = /^\[warning\] A lesson is lost: Watch whose certificate it is/
const OVER = /^\[resolved\] A lesson is lost/

const stateOf = async (s: Story, id: string) => (await findAction(s.store.read, id))!.state
const typesOf = async (s: Story) => (await s.facts()).map((fact) => fact.type)

async function claim(s: Story, id: string): Promise<string> {
  await claimAction(s.tocsin().world, s.as('ana'), { actionId: id })
  await s.settle()
  return stateOf(s, id)
}

onEveryStore('a lesson', ({ open }) => {
  it('is refuted, proved, lost, noticed and proved again', () =>
    story({ store: open, config: ANY }, async (s) => {
      const id = await promise(s)
      // Said to be done, and nothing was done: the drill says so.
      assert.equal(await claim(s, id), 'refuted')
      assert.match(
        (await findAction(s.store.read, id))!.reason,
        /Missed \d+ of \d+ faults: certificate-expired/,
      )

      // Done, and said so.
      await s.apply(STRICT)
      assert.equal(await claim(s, id), 'proved')
      const score = await faultsCaughtBy(s.store.read, 'docs-cert')
      assert.deepEqual([score!.drillId, score!.missed], ['docs-faults', []])
      await s.travel('2h10m')
      assert.equal(await stateOf(s, id), 'proved')
      assert.deepEqual(await s.alerts(), [])

      // Somebody weakens the monitor. Nobody need remember the outage: whoever is on call is told.
      await s.apply(ANY)
      await s.travel('70s')
      assert.equal(await stateOf(s, id), 'open')
      const [alert] = await s.alerts()
      assert.deepEqual([alert!.dedupKey, alert!.source, alert!.serviceId], [`proof:${id}`, 'proof', 'docs'])
      s.expectMessage('ana@lab.example', LOST)

      // Repaired: the alert is over, and the action waits to be claimed.
      await s.apply(STRICT)
      await s.travel('70s')
      s.expectMessage('ana@lab.example', OVER)
      assert.equal((await s.alerts())[0]!.state, 'resolved')
      assert.equal(await stateOf(s, id), 'open')
      assert.equal(await claim(s, id), 'proved')
      assert.equal((await findProof(s.store.read, id))!.state, 'proved')
      const told = (await typesOf(s)).filter((type) => type.startsWith('action.'))
      // Nobody owns the action, so that there is nobody to be reminded of it; the record says so.
      assert.deepEqual(told, [
        'action.created',
        ...['action.claimed', 'action.refuted', 'action.reminder-failed'],
        ...['action.claimed', 'action.proved'],
        ...['action.reopened', 'action.reminder-failed'],
        ...['action.claimed', 'action.proved'],
      ])
    }))

  it('is lost when its monitor is switched off, and stale when its drill is taken away', () =>
    story({ store: open, config: STRICT }, async (s) => {
      const id = await promise(s)
      assert.equal(await claim(s, id), 'proved')
      await s.apply(STRICT.replace('timeout: 300ms', 'enabled: false, timeout: 300ms'))
      await s.travel('70s')
      assert.equal(await stateOf(s, id), 'open')
      s.expectMessage('ana@lab.example', LOST)
      await s.apply(STRICT)
      await s.travel('70s')
      s.expectMessage('ana@lab.example', OVER)
      assert.equal(await claim(s, id), 'proved')
      await s.apply(STRICT.replace('docs-faults', 'other-faults'))
      assert.equal(await stateOf(s, id), 'stale')
      assert.equal((await findProof(s.store.read, id))!.reason, 'drill-removed')
    }))

  it('that somebody drops ends its alert with it', () =>
    story({ store: open, config: STRICT }, async (s) => {
      const id = await promise(s)
      await claim(s, id)
      await s.apply(ANY)
      await s.travel('70s')
      s.expectMessage('ana@lab.example', LOST)
      await changeAction(s.tocsin().world, s.as('cy', 'administrator'), {
        actionId: id,
        state: 'dropped',
        reason: 'the service is going away',
      })
      await s.settle()
      s.expectMessage('ana@lab.example', OVER)
      assert.equal((await s.alerts())[0]!.state, 'resolved')
      assert.equal(await findProof(s.store.read, id), null)
    }))

  it('that nobody claims is not proved by a drill that happens to pass', () =>
    story({ store: open, config: STRICT }, async (s) => {
      const id = await promise(s)
      await runDrill(s.tocsin().world, s.as('bo'), 'docs-faults')
      await s.settle()
      assert.equal((await viewDrill(s.store.read, 'docs-faults')).state, 'passed')
      assert.equal(await stateOf(s, id), 'open')
    }))
})
