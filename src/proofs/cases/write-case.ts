import { findAlert } from '../../alerts/index.ts'
import { toName } from '../../contract/route.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { findIncident, incidentTimes } from '../../incidents/index.ts'
import { notFound, TocsinError } from '../../kit/errors.ts'
import { parseInput } from '../../kit/parse.ts'
import { findMonitor, shownSpec } from '../../monitors/index.ts'
import { findPostmortem, findSection, listActions } from '../../postmortems/index.ts'
import type { Reader } from '../../store/store.ts'
import { findDrill } from '../drill.rows.ts'
import { caseConfigured } from '../facts.ts'
import { listScores } from '../fault-score.rows.ts'
import { caseOfPostmortem, findStoredCase, putCase } from './cases.rows.ts'
import { checkedCase } from './config.ts'
import { draftCase, type InvolvedMonitor } from './draft-case.rules.ts'
import { SHIPPED_CASES } from './registry.ts'

export interface WriteCaseInput {
  postmortemId: string
  id?: string
  /** In the shape of the configuration; a draft is answered, and nothing is stored, without it. */
  definition?: Record<string, unknown>
}

export interface WrittenCase {
  id: string
  definition: Record<string, unknown>
  open: string[]
  stored: boolean
}

/** Makes a case of a post-mortem: a draft from what is known, or what a person has made of it. */
export async function writeCase(world: World, actor: Actor, input: WriteCaseInput): Promise<WrittenCase> {
  authorize(actor, 'editor')
  const { postmortemId, definition } = input
  const db = world.store.read
  const postmortem = await findPostmortem(db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  const before = await caseOfPostmortem(db, postmortemId)
  const id = before?.id ?? input.id ?? slugOf(postmortem.title)
  if (definition === undefined) {
    if (before) {
      const { id: _id, origin: _origin, postmortemId: _of, ...stored } = before
      return { id, definition: stored, open: [], stored: true }
    }
    const incident = postmortem.incidentId ? await findIncident(db, postmortem.incidentId) : null
    const { definition: drafted, open } = draftCase({
      title: toName(postmortem.title),
      summary: findSection(postmortem.body, 'Summary')?.body ?? null,
      takeaways: findSection(postmortem.body, 'Takeaways')?.body ?? null,
      serviceIds: incident?.serviceIds ?? [],
      times: incident ? incidentTimes(incident).times : [],
      detection: incident?.detection ?? null,
      monitors: await involved(db, postmortemId, incident?.alerts.map(({ alertId }) => alertId) ?? []),
    })
    return { id, definition: drafted as Record<string, unknown>, open, stored: false }
  }
  const parsed = parseInput(checkedCase, definition)
  await world.transact(async (tx) => {
    const there = await findStoredCase(tx.db, id)
    if (Object.hasOwn(SHIPPED_CASES, id) || (there && there.postmortemId !== postmortemId))
      throw new TocsinError('duplicate', `There is a case "${id}" already.`, [
        { path: 'id', message: 'it is taken', remedy: 'Choose another id.' },
      ])
    if (!(await putCase(tx, { id, definition: parsed, managedBy: 'api', postmortemId }))) return
    const change = there ? 'changed' : 'created'
    await caseConfigured.append(tx, world, { subject: id, actor, data: { change, title: parsed.title } })
  })
  return { id, definition: parsed as unknown as Record<string, unknown>, open: [], stored: true }
}

/** The monitors that raised its alerts, and those whose drills its actions name. */
async function involved(
  db: Reader,
  postmortemId: string,
  alertIds: readonly string[],
): Promise<InvolvedMonitor[]> {
  const reasons = new Map<string, string | null>()
  for (const alertId of alertIds) {
    const alert = await findAlert(db, alertId)
    if (alert?.monitorId) reasons.set(alert.monitorId, alert.reason)
  }
  for (const { drillId } of await listActions(db, { postmortemId, limit: 500 })) {
    const drill = drillId === null ? null : await findDrill(db, drillId)
    if (drill && !reasons.has(drill.monitorId)) reasons.set(drill.monitorId, null)
  }
  const found: InvolvedMonitor[] = []
  for (const [monitorId, reason] of reasons) {
    const monitor = await findMonitor(db, monitorId)
    if (!monitor) continue
    const { id, kind, target } = monitor
    // What holds a secret is to be given anew by whoever takes the case over.
    const settings = monitor.settings && shownSpec(monitor.settings)
    const scores = await listScores(db, id)
    const caught = scores.filter(({ result }) => result === 'caught')
    found.push({ id, kind, target, settings, reason, caught })
  }
  return found
}

function slugOf(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  return slug === '' ? 'incident' : slug
}
