import type { Selectable } from 'kysely'
import { parseJson } from '../kit/json.ts'
import type { ServicesTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { ManagedBy, Service } from './catalog.ts'

export type ServiceValues = Omit<Service, 'managedBy' | 'removedAt'>

function toService(row: Selectable<ServicesTable>, dependsOn: string[]): Service {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: row.owner,
    policy: row.policy,
    audience: row.audience,
    dependsOn,
    has: row.has === null ? [] : parseJson(row.has),
    managedBy: row.managed_by,
    removedAt: row.removed_at,
  }
}

/** Every service by name; those that were removed only where they are asked for. */
export async function listServices(db: Reader, options: { removed?: boolean } = {}): Promise<Service[]> {
  const rows = await db
    .selectFrom('services')
    .selectAll()
    .$if(!options.removed, (query) => query.where('removed_at', 'is', null))
    .orderBy((eb) => eb.fn('lower', ['name']))
    .orderBy('id')
    .execute()
  const edges = await listDependencies(db)
  const byService = Map.groupBy(edges, (edge) => edge.serviceId)
  return rows.map((row) =>
    toService(
      row,
      (byService.get(row.id) ?? []).map((edge) => edge.dependsOn),
    ),
  )
}

/** The service with this id, also when it was removed, or null. */
export async function findService(db: Reader, id: string): Promise<Service | null> {
  const row = await db.selectFrom('services').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const edges = await db
    .selectFrom('service_dependencies')
    .select('depends_on')
    .where('service_id', '=', id)
    .orderBy('depends_on')
    .execute()
  return toService(
    row,
    edges.map((edge) => edge.depends_on),
  )
}

/** The dependency graph, between services that exist. */
export async function listDependencies(db: Reader): Promise<{ serviceId: string; dependsOn: string }[]> {
  const rows = await db
    .selectFrom('service_dependencies')
    .selectAll()
    .orderBy('service_id')
    .orderBy('depends_on')
    .execute()
  return rows.map((row) => ({ serviceId: row.service_id, dependsOn: row.depends_on }))
}

/** Writes a service as it shall be, new, changed or taken up again. */
export async function putService(
  db: Db,
  service: ServiceValues,
  managedBy: ManagedBy,
  now: number,
): Promise<void> {
  const { id, name, description, owner, policy, audience, has } = service
  const values = {
    name,
    description,
    owner,
    policy,
    audience,
    has: has.length === 0 ? null : JSON.stringify(has),
    managed_by: managedBy,
    updated_at: now,
    removed_at: null,
  }
  await db
    .insertInto('services')
    .values({ id, created_at: now, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
  await db.deleteFrom('service_dependencies').where('service_id', '=', id).execute()
  const edges = [...new Set(service.dependsOn)].map((depends_on) => ({ service_id: id, depends_on }))
  if (edges.length > 0) await db.insertInto('service_dependencies').values(edges).execute()
}

/** Marks a service as removed and takes it out of the graph; answers whether it was there. */
export async function removeServiceRow(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('services')
    .set({ removed_at: now, updated_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (touched(result) === 0) return false
  await db
    .deleteFrom('service_dependencies')
    .where((eb) => eb.or([eb('service_id', '=', id), eb('depends_on', '=', id)]))
    .execute()
  return true
}
