import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound, TocsinError } from '../../kit/errors.ts'
import { listDrills } from '../drill.rows.ts'
import { caseConfigured } from '../facts.ts'
import { retireCaseRow } from './cases.rows.ts'
import { findCase } from './find-case.ts'

const KEPT = {
  shipped: { code: 'wrong-state', message: 'it comes with Tocsin', remedy: 'It costs nothing where it is.' },
  file: {
    code: 'managed-by-file',
    message: 'the configuration file manages it',
    remedy: 'Change the file and reload it.',
  },
} as const

/** Takes away a case that a person wrote. Refused while a drill plays it: what it has proved would lose its ground. */
export async function removeCase(world: World, actor: Actor, caseId: string): Promise<void> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    const incident = await findCase(tx.db, caseId)
    if (!incident) throw notFound('case', caseId)
    if (incident.origin !== 'people') {
      const { code, message, remedy } = KEPT[incident.origin]
      throw new TocsinError(code, `The case "${caseId}" cannot be removed here: ${message}.`, [
        { path: 'id', message, remedy },
      ])
    }
    const drills = await listDrills(tx.db, { kind: 'case', limit: 10_000 })
    const playing = drills.filter(({ settings }) => settings.case === caseId)
    if (playing.length > 0)
      throw new TocsinError(
        'wrong-state',
        `It is played by ${playing.map(({ id }) => id).join(', ')}.`,
        playing.map(({ id }) => ({
          path: `drills.${id}`,
          message: `The drill "${id}" plays this case.`,
          remedy: 'Remove the drill first.',
        })),
      )
    await retireCaseRow(tx, caseId)
    const data = { change: 'removed' as const, title: incident.title }
    await caseConfigured.append(tx, world, { subject: caseId, actor, data })
  })
}
