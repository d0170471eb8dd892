/** The promises of the whole system, as questions to the store and to what left it. */
import assert from 'node:assert/strict'
import { findAlert, listUnresolved } from '../../src/alerts/index.ts'
import { type Fact, factsAfter, verifyAudit } from '../../src/engine/facts.ts'
import { allMonitors, readHistory } from '../../src/monitors/index.ts'
import { auditEscalations, findEscalation } from '../../src/oncall/index.ts'
import { runDrill, viewRun } from '../../src/proofs/index.ts'
import type { WholeTocsin } from './whole-tocsin-for-tests.ts'
import { EVERY, LAST_RESORT_EVERY } from './whole-tocsin-for-tests.ts'

/** What somebody was told is done, and what was seen of the log: both must be there for ever. */
export interface Memory {
  acknowledged: Set<string>
  silences: Set<string>
  maintenance: Set<string>
  pings: number
  seq: number
  hash: string
}

export const nothingYet = (): Memory => ({
  acknowledged: new Set(),
  silences: new Set(),
  maintenance: new Set(),
  pings: 0,
  seq: 0,
  hash: '',
})

/** After every step in which time passed and the engine came to rest. */
export async function atRest(it: WholeTocsin, memory: Memory): Promise<void> {
  await nobodyWaitsForNothing(it)
  await theLogOnlyGrew(it, memory)
  await everyMonitorIsLookedAt(it)
  await nothingOfADrillIsHere(it)
  thePageStands(it)
}

/** After everything, and after a time in which all that was pending could happen. */
export async function atTheEnd(it: WholeTocsin, memory: Memory): Promise<void> {
  await atRest(it, memory)
  const facts = await factsAfter(it.store.read, 0, 100_000)
  await everyAlertEnded(it, facts)
  whoeverReachedNobodyWentOn(facts)
  noPageAfterAnAcknowledgement(it, facts)
  await oneKeyPerPage(it)
  await whatWasAnsweredIsThere(it, memory, facts)
  oneIncidentPerAlert(facts)
  await noTimeIsCountedTwice(it)
  await aDrillStillPlays(it)
}

/** 1: what is open and not silenced has an instant to wait for, and the auditor agrees. */
async function nobodyWaitsForNothing(it: WholeTocsin): Promise<void> {
  const now = it.clock.now()
  for (const alert of await listUnresolved(it.store.read)) {
    if (alert.state !== 'open' || alert.silenceId !== null) continue
    const escalation = await findEscalation(it.store.read, alert.id)
    assert.equal(escalation?.status, 'running', `${alert.title} is escalated (1)`)
    const timer = await it.store.read
      .selectFrom('timers')
      .select('due_at')
      .where('key', '=', `escalation:${alert.id}`)
      .executeTakeFirst()
    assert.ok(timer && timer.due_at > now, 'a running escalation has a timer ahead (1)')
    assert.ok(timer.due_at <= now + LAST_RESORT_EVERY, 'and not further ahead than its policy says (1)')
  }
  assert.deepEqual((await auditEscalations(it.store.read, now)).problems, [])
}

/** 5: the chain holds, and what was there is there unchanged. */
async function theLogOnlyGrew(it: WholeTocsin, memory: Memory): Promise<void> {
  const audit = await verifyAudit(it.store.read)
  assert.equal(audit.brokenAt, null, 'the chain holds (5)')
  assert.ok(audit.facts >= memory.seq, 'the log never shrinks (5)')
  if (memory.seq > 0) {
    const [fact] = await factsAfter(it.store.read, memory.seq - 1, 1)
    assert.equal(fact!.hash, memory.hash, 'what was written stays as it was (5)')
  }
  memory.seq = audit.facts
  memory.hash = audit.head
}

/** 6: checked on time, or unknown within two intervals. */
async function everyMonitorIsLookedAt(it: WholeTocsin): Promise<void> {
  for (const { id, kind, state } of await allViews(it)) {
    if (kind === 'heartbeat' || state.verdict === 'unknown') continue
    const silent = it.clock.now() - (state.checkedAt ?? 0)
    assert.ok(silent <= 2 * EVERY, `${id} was not looked at for ${silent / 1000} s and is not unknown (6)`)
  }
}

async function allViews(it: WholeTocsin) {
  const rows = await it.store.read.selectFrom('monitor_states').selectAll().execute()
  const states = new Map(rows.map((row) => [row.monitor_id, row]))
  return (await allMonitors(it.store.read)).map(({ id, kind }) => ({
    id,
    kind,
    state: { verdict: states.get(id)!.verdict, checkedAt: states.get(id)!.checked_at },
  }))
}

/** 7: a drill leaves its own result in the live log, and nothing else anywhere. */
async function nothingOfADrillIsHere(it: WholeTocsin): Promise<void> {
  const marked = await it.store.read.selectFrom('facts').select('seq').where('drill', '=', 1).execute()
  assert.deepEqual(marked, [], 'no fact of a replica is in the live log (7)')
  const keys = new Set(
    (await it.store.read.selectFrom('pages').select('key').execute()).map((row) => row.key),
  )
  for (const { message } of it.capture.sent)
    if (message.key.startsWith('page:'))
      assert.ok(keys.has(message.key), `${message.key} left and is not written down (3, 7)`)
}

/** 8: whatever happens to the process, the published page is a whole one. */
function thePageStands(it: WholeTocsin): void {
  const page = it.publicPage()
  assert.match(page ?? 'there is no page', /^<!doctype html>[\s\S]*<\/html>\s*$/i, 'the page stands (8)')
}

/** 1, at the end: acknowledged, resolved, or at the last resort; the auditor never had to help. */
async function everyAlertEnded(it: WholeTocsin, facts: Fact[]): Promise<void> {
  for (const { subject } of facts.filter((fact) => fact.type === 'alert.opened')) {
    const about = facts.filter((fact) => fact.subject === subject).map((fact) => fact.type)
    const alert = await findAlert(it.store.read, subject)
    assert.ok(
      about.includes('alert.acknowledged') ||
        alert!.state === 'resolved' ||
        about.includes('escalation.last-resort'),
      `${alert!.title} came to nothing: ${about.join(', ')} (1)`,
    )
  }
  assert.deepEqual(
    facts.filter((fact) => fact.type === 'oncall.audit-failed'),
    [],
  )
}

/** 2: a step that reached nobody is followed, in its own transaction, by whoever is next. */
function whoeverReachedNobodyWentOn(facts: Fact[]): void {
  const goesOn = new Set(['escalation.advanced', 'escalation.last-resort', 'escalation.reached-nobody'])
  for (const [i, fact] of facts.entries()) {
    if (fact.type !== 'escalation.reached-nobody') continue
    if ((fact.data as { stepName: string }).stepName === 'administrators') continue
    const next = facts[i + 1]
    assert.ok(
      next && goesOn.has(next.type) && next.subject === fact.subject && next.writtenAt === fact.writtenAt,
      'it advances at once (2)',
    )
  }
}

/** 2: between an acknowledgement and a re-opening no page leaves. */
function noPageAfterAnAcknowledgement(it: WholeTocsin, facts: Fact[]): void {
  const reopens = (fact: Fact) =>
    fact.type === 'alert.changed' && (fact.data as { reopened: boolean }).reopened
  for (const { message, at } of it.capture.sent) {
    const [noun, alertId, paging] = message.key.split(':')
    if (noun !== 'page' || paging === 'resolved') continue
    const about = facts.filter((fact) => fact.subject === alertId)
    // At one instant of the travelled clock the order is that of the log; only what is earlier is certain here.
    const last = about.findLast(
      (fact) =>
        fact.writtenAt < at &&
        (fact.type === 'alert.acknowledged' || fact.type === 'alert.resolved' || reopens(fact)),
    )
    if (!last || reopens(last) || about.some((fact) => fact.writtenAt === at && reopens(fact))) continue
    assert.fail(`paged after ${last.type} (2)`)
  }
}

/** 3: at least once under one key, and no page is left undecided. */
async function oneKeyPerPage(it: WholeTocsin): Promise<void> {
  const rows = await it.store.read.selectFrom('pages').selectAll().execute()
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length, 'one row per key (3)')
  for (const row of rows) {
    const copies = it.capture.sent.filter(({ message }) => message.key === row.key)
    if (row.state === 'sent') assert.ok(copies.length >= 1, 'what is noted as sent was sent (3)')
    assert.ok(new Set(copies.map(({ message }) => message.link!.url)).size <= 1, 'copies are the same (3)')
    assert.notEqual(row.state, 'queued', 'no page is left undecided (3)')
  }
}

/** 4: what was answered is there, whatever died afterwards. */
async function whatWasAnsweredIsThere(it: WholeTocsin, memory: Memory, facts: Fact[]): Promise<void> {
  for (const id of memory.acknowledged)
    assert.ok(
      facts.some((fact) => fact.type === 'alert.acknowledged' && fact.subject === id),
      'an acknowledgement stays (4)',
    )
  const ids = async (table: 'silences' | 'maintenance') =>
    new Set((await it.store.read.selectFrom(table).select('id').execute()).map((row) => row.id))
  const [silences, maintenance] = [await ids('silences'), await ids('maintenance')]
  for (const id of memory.silences) assert.ok(silences.has(id), 'a silence stays (4)')
  for (const id of memory.maintenance) assert.ok(maintenance.has(id), 'a maintenance window stays (4)')
  const { n } = await it.store.read
    .selectFrom('pings')
    .select((eb) => eb.fn.countAll().as('n'))
    .executeTakeFirstOrThrow()
  assert.ok(Number(n) >= memory.pings, `${memory.pings} pings were answered OK, ${n} are there (4)`)
}

/** Listeners hear exactly once: no alert opens two incidents, however often the process died. */
function oneIncidentPerAlert(facts: Fact[]): void {
  const by = facts
    .filter((fact) => fact.type === 'incident.opened')
    .map((fact) => (fact.data as { alertId: string | null }).alertId)
  assert.equal(new Set(by).size, by.length, 'one incident per alert')
}

/** 7: after all that, the replica of this Tocsin plays to its end, and the live one is as it was. */
async function aDrillStillPlays(it: WholeTocsin): Promise<void> {
  const { world } = it.tocsin()
  const before = { sent: it.capture.sent.length, alerts: await listUnresolved(it.store.read) }
  const { id } = await runDrill(world, it.as('bo'), 'wakes-ana')
  await it.travel(0)
  const run = await viewRun(it.store.read, id)
  assert.ok(['passed', 'failed', 'inconclusive'].includes(run.state), `it is ${run.state}`)
  assert.doesNotMatch(run.reason, /itself broke/)
  assert.deepEqual(await listUnresolved(it.store.read), before.alerts, 'no alert of a drill is live (7)')
  assert.equal(it.capture.sent.length, before.sent, 'nobody is told of a drill (7)')
  await nothingOfADrillIsHere(it)
}

/** 6: every moment of the history has one verdict at most. */
async function noTimeIsCountedTwice(it: WholeTocsin): Promise<void> {
  const now = it.clock.now()
  for (const { id } of await allMonitors(it.store.read))
    for (const point of await readHistory(it.tocsin().world, id, now - 5 * 3_600_000, now, 'minute')) {
      const { upMs, degradedMs, downMs, unknownMs } = point
      const told = upMs + degradedMs + downMs + unknownMs
      assert.ok(told <= 60_000, `a minute of ${id} has ${told} ms (6)`)
    }
}
