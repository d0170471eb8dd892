import { authorize } from '../../engine/authorize.ts'
import type { Actor, Tx, World } from '../../engine/world.ts'
import { TocsinError } from '../../kit/errors.ts'
import { caseConfigured } from '../facts.ts'
import { findStoredCase, listStoredCases, putCase, retireCaseRow } from './cases.rows.ts'
import type { CasesConfig } from './config.ts'
import { SHIPPED_CASES } from './registry.ts'

/** Brings the cases that the configuration file manages in line with it; those that people wrote stay. */
export async function applyCasesIn(tx: Tx, world: World, actor: Actor, section: CasesConfig): Promise<void> {
  authorize(actor, 'administrator')
  for (const [id, definition] of Object.entries(section)) {
    const present = await findStoredCase(tx.db, id)
    const taken = Object.hasOwn(SHIPPED_CASES, id)
      ? 'a case of this id comes with Tocsin'
      : present?.origin === 'people'
        ? 'a case made by hand has this id'
        : null
    if (taken !== null)
      throw new TocsinError('configuration-invalid', `The case "${id}" is there already.`, [
        { path: `cases.${id}`, message: taken, remedy: 'Choose another id.' },
      ])
    const changed = await putCase(tx, { id, definition, managedBy: 'file', postmortemId: null })
    if (!changed) continue
    const change = present ? 'changed' : 'created'
    await caseConfigured.append(tx, world, { subject: id, actor, data: { change, title: definition.title } })
  }
  for (const { id, origin, title } of await listStoredCases(tx.db)) {
    if (origin !== 'file' || Object.hasOwn(section, id)) continue
    await retireCaseRow(tx, id)
    await caseConfigured.append(tx, world, { subject: id, actor, data: { change: 'removed', title } })
  }
}
