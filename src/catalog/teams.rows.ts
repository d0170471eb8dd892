import type { Selectable } from 'kysely'
import type { TeamsTable } from '../store/schema/catalog.ts'
import type { Db, Reader } from '../store/store.ts'
import { touched } from '../store/store.ts'
import type { ManagedBy, Team } from './catalog.ts'

export type TeamValues = Omit<Team, 'managedBy' | 'removedAt'>

function toTeam(row: Selectable<TeamsTable>, members: string[]): Team {
  return {
    id: row.id,
    name: row.name,
    members,
    schedule: row.schedule,
    policy: row.policy,
    managedBy: row.managed_by,
    removedAt: row.removed_at,
  }
}

/** Every team by name; those that were removed only where they are asked for. */
export async function listTeams(db: Reader, options: { removed?: boolean } = {}): Promise<Team[]> {
  const rows = await db
    .selectFrom('teams')
    .selectAll()
    .$if(!options.removed, (query) => query.where('removed_at', 'is', null))
    .orderBy((eb) => eb.fn('lower', ['name']))
    .orderBy('id')
    .execute()
  const members = await db
    .selectFrom('team_members')
    .selectAll()
    .orderBy('team_id')
    .orderBy('position')
    .execute()
  const byTeam = Map.groupBy(members, (member) => member.team_id)
  return rows.map((row) =>
    toTeam(
      row,
      (byTeam.get(row.id) ?? []).map((member) => member.person_id),
    ),
  )
}

/** The team with this id, also when it was removed, or null. */
export async function findTeam(db: Reader, id: string): Promise<Team | null> {
  const row = await db.selectFrom('teams').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const members = await db
    .selectFrom('team_members')
    .select('person_id')
    .where('team_id', '=', id)
    .orderBy('position')
    .execute()
  return toTeam(
    row,
    members.map((member) => member.person_id),
  )
}

/** Writes a team as it shall be, new, changed or taken up again. */
export async function putTeam(db: Db, team: TeamValues, managedBy: ManagedBy, now: number): Promise<void> {
  const { id, name, schedule, policy } = team
  const values = { name, schedule, policy, managed_by: managedBy, updated_at: now, removed_at: null }
  await db
    .insertInto('teams')
    .values({ id, created_at: now, ...values })
    .onConflict((c) => c.column('id').doUpdateSet(values))
    .execute()
  await db.deleteFrom('team_members').where('team_id', '=', id).execute()
  const members = [...new Set(team.members)].map((person_id, i) => ({
    team_id: id,
    person_id,
    position: i + 1,
  }))
  if (members.length > 0) await db.insertInto('team_members').values(members).execute()
}

/** Marks a team as removed; answers whether it was there. Its members stay written, for history. */
export async function removeTeamRow(db: Db, id: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('teams')
    .set({ removed_at: now, updated_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return touched(result) > 0
}

/** The teams of a person. */
export async function teamsOf(db: Reader, personId: string): Promise<Team[]> {
  return (await listTeams(db)).filter((team) => team.members.includes(personId))
}
