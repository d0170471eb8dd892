import type { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError, wrongState } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Team } from './catalog.ts'
import { teamConfig } from './config.ts'
import { catalogConfigured } from './facts.ts'
import { slug } from './fields.ts'
import { lockCatalog } from './lock.rows.ts'
import { findPerson } from './people.rows.ts'
import { listServices } from './services.rows.ts'
import { findTeam, putTeam, removeTeamRow } from './teams.rows.ts'

const schema = teamConfig.extend({ id: slug })

function managedByFile(name: string): TocsinError {
  return new TocsinError('managed-by-file', `Change ${name} in the configuration file, section "teams".`)
}

/** Creates a team, or makes the one with this id what the input says; not those of the file. */
export async function saveTeam(world: World, actor: Actor, input: z.input<typeof schema>): Promise<Team> {
  authorize(actor, 'editor')
  const { id, name, members, schedule, policy } = parseInput(schema, input)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const old = await findTeam(tx.db, id)
    if (old && old.managedBy === 'file' && old.removedAt === null) throw managedByFile(old.name)
    for (const [i, member] of members.entries()) {
      const person = await findPerson(tx.db, member)
      if (person && person.disabledAt === null) continue
      const message = `there is no person "${member}"`
      throw new TocsinError('invalid-input', `There is no person "${member}".`, [
        { path: `members.${i}`, message },
      ])
    }
    const values = { id, name: name ?? id, members, schedule: schedule ?? null, policy: policy ?? null }
    await putTeam(tx.db, values, 'api', tx.now)
    const change = old && old.removedAt === null ? 'changed' : 'created'
    await catalogConfigured.append(tx, world, { subject: id, actor, data: { noun: 'team', id, change } })
    return (await findTeam(tx.db, id))!
  })
}

/** Takes a team out of use, once it owns no service; its history stays. */
export async function removeTeam(world: World, actor: Actor, input: { teamId: string }): Promise<void> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const team = await findTeam(tx.db, input.teamId)
    if (!team || team.removedAt !== null) throw notFound('team', input.teamId)
    if (team.managedBy === 'file') throw managedByFile(team.name)
    const owned = (await listServices(tx.db)).filter((service) => service.owner === team.id)
    if (owned.length > 0)
      throw wrongState(
        `${team.name} owns ${owned.map((service) => service.name).join(', ')}: give them to another team first.`,
      )
    await removeTeamRow(tx.db, team.id, tx.now)
    const data = { noun: 'team' as const, id: team.id, change: 'removed' as const }
    await catalogConfigured.append(tx, world, { subject: team.id, actor, data })
  })
}
