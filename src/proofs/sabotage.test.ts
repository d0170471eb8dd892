import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import * as contract from '../contract/proofs.ts'
import { systemActor } from '../engine/world.ts'
import { DAY, MINUTE, SECOND } from '../kit/duration.ts'
import { TocsinError } from '../kit/errors.ts'
import { applyMonitorsConfig, monitorsConfig } from '../monitors/index.ts'
import { applyDrillsIn } from './apply-drills.ts'
import { proofsConfig } from './config.ts'
import { createDrill } from './create-drill.ts'
import { listRuns } from './drill.rows.ts'
import { blindSpots, faultsCaughtBy } from './fault-score.rows.ts'
import { FAULTS } from './faults/registry.ts'
import { EDITOR, type Stage, setStage, VIEWER } from './for-tests.ts'
import { runView, viewDrill, viewDrills, viewRun, viewRuns } from './read-drills.ts'
import { proofsRoom } from './room.ts'
import { runDrill } from './run-drill.ts'

// A strict monitor of a certificate, as the lesson of an outage would set it up.
const STRICT = { expect: { name: 'docs.example.org', issuer: "Let's Encrypt", renewBefore: '30d' } }
const ANY = { expect: { accept: 'any' } }
// Those that are played only where a monitor speaks of clients, of a renewal or of a file on the disk.
const BY_DEMAND = [
  'certificate-cross-sign-expired',
  'certificate-renewal-overdue',
  'certificate-not-reloaded',
  'certificate-nodes-differ',
  'certificate-other-root',
  'certificate-replaced',
  'tls-behind',
]
const CERTIFICATE_FAULTS = FAULTS.map((fault) => fault.name).filter(
  (name) => /^(certificate|tls)-/.test(name) && !BY_DEMAND.includes(name),
)

let stage: Stage

beforeEach(async () => {
  stage = await setStage([proofsRoom({ composeReplica: () => assert.fail('this drill needs no replica') })])
})
const close = () => stage.close()

async function watch(settings: object, type = 'tls'): Promise<void> {
  const target = type === 'tls' ? { target: 'docs.example.org:443' } : { url: 'http://docs.example.org/' }
  const docs = { service: 'docs', type, ...target, timeout: '300ms', ...settings }
  await putMonitors({ docs })
}

async function putMonitors(monitors: object): Promise<void> {
  const section = monitorsConfig.parse({ monitors })
  const { world } = stage
  await world.transact((tx) => applyMonitorsConfig(tx, world, systemActor('configuration'), section as never))
}

const FAULT_DRILL = { kind: 'monitor-faults', monitor: 'docs', every: '7d' }

/** Asks for a run, lets it be played, and answers it as the API shows it. */
async function playNow(id = 'docs-faults') {
  const run = await runDrill(stage.world, EDITOR, id)
  await stage.engine.drain()
  return viewRun(stage.world.store.read, run.id)
}

test('a strict TLS monitor passes; with accept: any the drill names exactly what it misses', async (t) => {
  t.after(close)
  await watch(STRICT)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  const strict = await playNow()
  assert.deepEqual([strict.state, strict.missed], ['passed', []])
  assert.deepEqual(strict.caught, [...CERTIFICATE_FAULTS, 'tarpit', 'connection-refused'])
  assert.match(strict.reason, /^Caught all 12 faults/)

  await watch(ANY)
  const blind = await playNow()
  assert.deepEqual([blind.state, blind.missed], ['failed', CERTIFICATE_FAULTS])
  assert.deepEqual(blind.caught, ['tarpit', 'connection-refused'])
  const faults = blind.evidence.faults as { fault: string; remedy: string | null }[]
  assert.ok(faults.every((one) => (one.remedy === null) === blind.caught.includes(one.fault)))
})

test('an HTTP monitor that asks for little misses the wrong page and the slow answer, until it asks', async (t) => {
  t.after(close)
  await watch({}, 'http')
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  assert.deepEqual((await playNow()).missed, ['http-wrong-content', 'slow'])
  await watch({ expect: { contains: 'Documentation', maxLatency: '250ms' }, timeout: '1s' }, 'http')
  assert.equal((await playNow()).state, 'passed')
})

test('a control that cannot be satisfied makes the drill inconclusive and leaves the score alone', async (t) => {
  t.after(close)
  await watch({ expect: { contains: 'not ok', notContains: 'ok' } }, 'http')
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  const run = await playNow()
  assert.equal(run.state, 'inconclusive')
  assert.match(run.reason, /healthy control was not seen as up \(down, body.unexpected/)
  assert.equal(await faultsCaughtBy(stage.world.store.read, 'docs'), null)
})

test('a weakened monitor is noticed within a minute or so, without anybody asking', async (t) => {
  t.after(close)
  await watch(STRICT)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  await stage.pass(2 * MINUTE)
  const { read } = stage.world.store
  assert.equal((await viewDrill(read, 'docs-faults')).state, 'passed')
  await watch(ANY)
  await stage.pass(MINUTE + SECOND)
  const drill = await viewDrill(read, 'docs-faults')
  assert.equal(drill.state, 'failed')
  assert.deepEqual(
    (await listRuns(read, 'docs-faults')).map((run) => run.cause),
    ['configuration-changed', 'configuration-changed'],
  )
  assert.equal(drill.nextRunAt, new Date(Date.parse(drill.since) + 7 * DAY).toISOString())
})

test('a drill recurs by its timer, and one without a period does not', async (t) => {
  t.after(close)
  await watch(STRICT)
  const faults = { faults: ['connection-refused'] }
  await createDrill(stage.world, EDITOR, {
    id: 'daily',
    settings: { ...FAULT_DRILL, ...faults, every: '1d' },
  })
  await createDrill(stage.world, EDITOR, {
    id: 'once',
    settings: { ...FAULT_DRILL, ...faults, every: undefined },
  })
  // The first run comes one minute after the monitor appeared, the next ones in steps of a day.
  await stage.pass(2 * DAY + 2 * MINUTE)
  const runs = async (id: string) => (await listRuns(stage.world.store.read, id)).map((run) => run.cause)
  assert.deepEqual(await runs('daily'), ['schedule', 'schedule', 'configuration-changed'])
  assert.deepEqual(await runs('once'), ['configuration-changed'])
})

test('a monitor that is switched off or removed notices nothing: its drill fails', async (t) => {
  t.after(close)
  await watch(STRICT)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  await watch({ ...STRICT, enabled: false })
  assert.match((await playNow()).reason, /switched off/)
  await putMonitors({})
  const run = await playNow()
  assert.equal(run.state, 'failed')
  assert.match(run.reason, /no monitor "docs" any more/)
})

test('the score of a monitor remembers the newest result of each fault', async (t) => {
  t.after(close)
  await watch(ANY)
  const { world } = stage
  await createDrill(world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  await createDrill(world, EDITOR, {
    id: 'identity',
    settings: { ...FAULT_DRILL, faults: ['certificate-wrong-name', 'certificate-wrong-issuer'] },
  })
  await playNow()
  await watch({ expect: { name: 'docs.example.org' } })
  await stage.pass(SECOND)
  const run = await playNow('identity')
  const score = await faultsCaughtBy(world.store.read, 'docs')
  assert.deepEqual([score!.drillId, score!.runId], ['identity', run.id])
  assert.deepEqual(score!.caught, ['certificate-wrong-name', 'connection-refused', 'tarpit'])
  assert.equal(score!.missed.length, CERTIFICATE_FAULTS.length - 1)
  const spots = await blindSpots(world.store.read)
  assert.deepEqual(spots.find((spot) => spot.failureClass === 'certificate.identity')!.faults, [
    'certificate-self-signed',
    'certificate-wrong-issuer',
  ])
})

test('a drill writes facts about drills alone, and queues nothing but itself', async (t) => {
  t.after(close)
  await watch(ANY)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  await playNow()
  const types = new Set(await stage.factTypes())
  assert.deepEqual([...types].sort(), [
    'drill.configured',
    'drill.failed',
    'drill.started',
    'monitor.configured',
  ])
  const queued = await stage.world.store.read.selectFrom('outbox').select('kind').execute()
  assert.deepEqual(
    queued.map((item) => item.kind),
    ['proofs.run-drill'],
  )
  // The verdict of the monitor itself is not touched by what its copy saw.
  const state = await stage.world.store.read.selectFrom('monitor_states').select('verdict').executeTakeFirst()
  assert.equal(state?.verdict, 'unknown')
})

test('drills are not played within drills', async (t) => {
  t.after(close)
  await stage.close()
  stage = await setStage([proofsRoom({ composeReplica: () => assert.fail() })], { drill: 'run-1' })
  await watch(STRICT)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  await assert.rejects(runDrill(stage.world, EDITOR, 'docs-faults'), /drills are not played within drills/)
  await stage.pass(30 * DAY)
  assert.deepEqual(await listRuns(stage.world.store.read, 'docs-faults'), [])
})

test('asking twice while a run waits answers the run that waits', async (t) => {
  t.after(close)
  await watch(STRICT)
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL })
  const first = await runDrill(stage.world, EDITOR, 'docs-faults')
  const second = await runDrill(stage.world, EDITOR, 'docs-faults')
  assert.equal(second.id, first.id)
  assert.equal(first.state, 'queued')
  assert.equal((await viewDrill(stage.world.store.read, 'docs-faults')).state, 'running')
})

test('who may do what, and what is refused', async (t) => {
  t.after(close)
  await watch(STRICT)
  const { world } = stage
  const code = (wanted: string) => (error: unknown) => error instanceof TocsinError && error.code === wanted
  const input = { id: 'docs-faults', settings: FAULT_DRILL }
  await assert.rejects(createDrill(world, VIEWER, input), code('forbidden'))
  await assert.rejects(
    createDrill(world, EDITOR, { ...input, settings: { ...FAULT_DRILL, monitor: 'none' } }),
    code('invalid-input'),
  )
  await createDrill(world, EDITOR, input)
  await assert.rejects(createDrill(world, EDITOR, input), code('duplicate'))
  await assert.rejects(runDrill(world, VIEWER, 'docs-faults'), code('forbidden'))
  await assert.rejects(runDrill(world, EDITOR, 'none'), code('not-found'))
  await assert.rejects(viewDrill(world.store.read, 'none'), code('not-found'))
  await assert.rejects(viewRuns(world.store.read, 'none', { limit: 10 }), code('not-found'))
})

test('drills and runs are shown as the contract says, before and after they were played', async (t) => {
  t.after(close)
  await watch(ANY)
  const { read } = stage.world.store
  await createDrill(stage.world, EDITOR, { id: 'docs-faults', settings: FAULT_DRILL, actionId: 'a-1' })
  const fresh = contract.drill.parse(await viewDrill(read, 'docs-faults'))
  assert.deepEqual([fresh.state, fresh.lastRunId, fresh.actionId], ['never run', null, 'a-1'])
  assert.deepEqual(fresh.settings, { ...FAULT_DRILL, faults: 'all' })
  const queued = contract.drillRun.parse(runView(await runDrill(stage.world, EDITOR, 'docs-faults')))
  assert.deepEqual([queued.state, queued.trigger, queued.finishedAt], ['queued', 'person', null])
  await stage.engine.drain()
  const run = contract.drillRun.parse(await viewRun(read, queued.id))
  assert.equal(run.state, 'failed')
  assert.equal(contract.drill.parse(await viewDrill(read, 'docs-faults')).lastRunId, run.id)
})

test('lists come in pages', async (t) => {
  t.after(close)
  await watch(STRICT)
  const { world } = stage
  for (const id of ['c', 'a', 'b'])
    await createDrill(world, EDITOR, { id, settings: { ...FAULT_DRILL, faults: ['connection-refused'] } })
  const first = await viewDrills(world.store.read, { limit: 2 })
  assert.deepEqual([first.items.map((drill) => drill.id), first.next], [['a', 'b'], 'b'])
  const second = await viewDrills(world.store.read, { limit: 2, cursor: first.next! })
  assert.deepEqual([second.items.map((drill) => drill.id), second.next], [['c'], null])
  const runs: string[] = []
  for (let i = 0; i < 3; i++) {
    runs.unshift((await playNow('a')).id)
    await stage.pass(SECOND)
  }
  const newest = await viewRuns(world.store.read, 'a', { limit: 2 })
  assert.deepEqual(
    newest.items.map((run) => run.id),
    runs.slice(0, 2),
  )
  const oldest = await viewRuns(world.store.read, 'a', { limit: 2, cursor: newest.next! })
  assert.deepEqual([oldest.items.map((run) => run.id), oldest.next], [runs.slice(2), null])
})

test('the configuration file adds, changes and retires its own drills, and no others', async (t) => {
  t.after(close)
  await watch(STRICT)
  const { world } = stage
  const apply = (drills: object) =>
    world.transact((tx) => applyDrillsIn(tx, world, EDITOR, proofsConfig.parse({ drills }).drills))
  const configured = async () => (await stage.factTypes()).filter((type) => type.startsWith('drill.')).length
  await createDrill(world, EDITOR, { id: 'by-hand', settings: FAULT_DRILL })
  await assert.rejects(apply({ 'by-hand': FAULT_DRILL }), /was made by hand/)
  await apply({ filed: FAULT_DRILL })
  assert.equal(await configured(), 2)
  await apply({ filed: FAULT_DRILL })
  assert.equal(await configured(), 2, 'what has not changed leaves no fact')
  await apply({ filed: { ...FAULT_DRILL, every: '1d' } })
  assert.equal((await viewDrill(world.store.read, 'filed')).everyMs, DAY)
  await apply({})
  const left = await viewDrills(world.store.read, { limit: 10 })
  assert.deepEqual(
    left.items.map((drill) => [drill.id, drill.managedBy]),
    [['by-hand', 'api']],
  )
  await stage.pass(10 * DAY)
  assert.deepEqual(await listRuns(world.store.read, 'filed'), [], 'a retired drill is not played')
  await apply({ filed: FAULT_DRILL })
  assert.equal((await viewDrill(world.store.read, 'filed')).everyMs, 7 * DAY)
})

test('a run whose process died in the middle is played again', async (t) => {
  t.after(close)
  await watch(STRICT)
  const { world } = stage
  await createDrill(world, EDITOR, { id: 'docs-faults', settings: { ...FAULT_DRILL, faults: ['tarpit'] } })
  const run = await runDrill(world, EDITOR, 'docs-faults')
  await world.transact(async (tx) => {
    await tx.db.updateTable('drill_runs').set({ state: 'running', started_at: tx.now }).execute()
    await tx.db
      .updateTable('outbox')
      .set({ state: 'sending', claimed_by: 'dead', claimed_until: tx.now })
      .execute()
  })
  await stage.pass(MINUTE)
  assert.equal((await viewRun(world.store.read, run.id)).state, 'passed')
})
