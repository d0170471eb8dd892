import { openAlertIn, resolveAlertIn } from '../alerts/index.ts'
import { authorize } from '../engine/authorize.ts'
import { cancelTimer, setTimer, type TimerHandler } from '../engine/timers.ts'
import { type Actor, systemActor, type Tx, type World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { type Action, findAction, settleActionIn } from '../postmortems/index.ts'
import { acceptEvidence, type EvidenceReason } from './accept-evidence.rules.ts'
import { listDrills } from './drill.rows.ts'
import type { EvidenceKind, GivenProof, Reading } from './evidence/kind.ts'
import { evidenceKindNamed } from './evidence/registry.ts'
import { type GivenEvidence, insertEvidence } from './evidence.rows.ts'
import { evidenceGiven } from './facts.ts'
import { proofAlertKey } from './settle-action.ts'

export const EVIDENCE_EXPIRES = 'proofs.evidence-expires'

const expiryKey = (actionId: string) => `proofs.evidence:${actionId}`

const REFUSED: Record<Exclude<EvidenceReason, 'accepted' | 'inconclusive'>, string> = {
  'not-claimed': 'Nobody has claimed the action: claim it first, then show that it is done.',
  dropped: 'The action was dropped.',
  'drill-decides': 'A drill decides this action; nothing weaker can prove it.',
  'in-the-future': 'It cannot have been seen in the future.',
  'before-the-claim': 'It is older than the claim: what was claimed must be seen after it.',
  'holds-too-long': 'It would hold too long: name an earlier end.',
  'expired-already': 'It would hold no longer than until now: name a later end.',
  'no-person': 'A witness is a person who signs in: a token has seen nothing.',
  'own-work': 'Whoever owns or claimed the work is no witness of it: somebody else must have looked.',
}

/** Hands in a proof that is no drill; it decides at once. What is inconclusive or comes too early is refused. */
export async function giveProof(
  world: World,
  actor: Actor,
  { actionId, proof }: { actionId: string; proof: GivenProof },
): Promise<GivenEvidence> {
  authorize(actor, 'responder')
  if (world.drill !== null) throw wrongState('This is a drill: nothing is proved within drills.')
  const kind = evidenceKindNamed(proof.kind)
  const reading = kind.read(proof as never)
  return world.transact(async (tx) => {
    const action = await findAction(tx.db, actionId)
    if (!action) throw notFound('action', actionId)
    const evidence = evidenceOf(tx, actor, action, kind, proof, reading)
    const hasDrill = action.drillId !== null || (await listDrills(tx.db, { actionId, limit: 1 })).length > 0
    const { outcome } = reading
    const { reason } = acceptEvidence(
      { ...action, hasDrill },
      {
        outcome,
        strength: kind.strength,
        seenAt: evidence.seenAt,
        expiresAt: evidence.expiresAt,
        mostMs: kind.holds.most,
        personId: actor.personId,
      },
      tx.now,
    )
    if (reason === 'inconclusive') throw unreadable(reading)
    if (reason !== 'accepted') throw wrongState(REFUSED[reason])
    await insertEvidence(tx, evidence)
    await evidenceGiven.append(tx, world, {
      subject: actionId,
      actor,
      data: {
        actionId,
        evidenceId: evidence.id,
        kind: kind.kind,
        outcome: evidence.outcome,
        reason: evidence.reason,
      },
    })
    await settleIn(tx, world, action, evidence)
    return evidence
  })
}

function unreadable({ reason, summary }: Reading): TocsinError {
  return new TocsinError('proof-required', `This proves nothing: ${summary}`, [
    { path: 'kind', message: reason, remedy: 'Hand in evidence that says yes or no.' },
  ])
}

function evidenceOf(
  tx: Tx,
  actor: Actor,
  action: Action,
  kind: EvidenceKind,
  proof: GivenProof,
  reading: Reading,
): GivenEvidence {
  const seenAt = reading.seenAt ?? tx.now
  return {
    id: newId(tx.now),
    actionId: action.id,
    kind: kind.kind,
    outcome: reading.outcome === 'passed' ? 'passed' : 'failed',
    reason: reading.reason,
    summary: reading.summary,
    details: reading.details,
    givenBy: actor.id,
    givenByName: actor.name,
    seenAt,
    expiresAt: proof.until ? Date.parse(proof.until) : seenAt + kind.holds.usual,
    givenAt: tx.now,
  }
}

async function settleIn(tx: Tx, world: World, action: Action, evidence: GivenEvidence): Promise<void> {
  const proofs = systemActor('proofs')
  const { id, kind, outcome, expiresAt: until, givenByName, summary } = evidence
  const passed = outcome === 'passed'
  const wasProved = action.state === 'proved' || action.state === 'stale'
  await settleActionIn(tx, world, proofs, {
    actionId: action.id,
    outcome: passed ? 'proved' : wasProved ? 'reopened' : 'refuted',
    drillRunId: null,
    evidence: { id, kind, until },
    reason: passed ? `${evidenceKindNamed(kind as never).says} (${givenByName}): ${summary}` : summary,
  })
  if (passed) {
    await setTimer(tx, {
      key: expiryKey(action.id),
      kind: EVIDENCE_EXPIRES,
      dueAt: until,
      payload: { actionId: action.id, evidenceId: id },
    })
    await resolveAlertIn(tx, world, proofs, { dedupKey: proofAlertKey(action.id), reason: 'proved-again' })
    return
  }
  await cancelTimer(tx, expiryKey(action.id))
  if (!wasProved) return
  await openAlertIn(tx, world, proofs, {
    dedupKey: proofAlertKey(action.id),
    title: `A lesson is lost: ${action.title}`,
    summary: `It had been proved, and new evidence says otherwise, so the action is open again. ${summary}`,
    severity: 'warning',
    reason: 'proof-broke',
    serviceId: null,
    monitorId: null,
    source: 'proof',
  })
}

/** Evidence holds until its day; what nobody has looked at since is stale. */
export const evidenceExpires: TimerHandler = async (tx, world, timer) => {
  const { actionId, evidenceId } = timer.payload as { actionId: string; evidenceId: string }
  const action = await findAction(tx.db, actionId)
  // A drill, or newer evidence, has taken its place.
  if (action?.state !== 'proved' || action.proof?.id !== evidenceId) return
  await settleActionIn(tx, world, systemActor('proofs'), {
    actionId,
    outcome: 'stale',
    drillRunId: null,
    reason: 'What proved it has expired, and nobody has looked since.',
  })
}
