import type { z } from 'zod'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import { parseInput } from '../kit/parse.ts'
import type { Service } from './catalog.ts'
import { serviceConfig } from './config.ts'
import { catalogConfigured } from './facts.ts'
import { slug } from './fields.ts'
import { lockCatalog } from './lock.rows.ts'
import { findService, putService, removeServiceRow } from './services.rows.ts'
import { findTeam } from './teams.rows.ts'

const schema = serviceConfig.extend({ id: slug })

function managedByFile(name: string): TocsinError {
  return new TocsinError('managed-by-file', `Change ${name} in the configuration file, section "services".`)
}

/** Creates a service, or makes the one with this id what the input says; not those of the file. */
export async function saveService(
  world: World,
  actor: Actor,
  input: z.input<typeof schema>,
): Promise<Service> {
  authorize(actor, 'editor')
  const { id, name, owner, policy, ...rest } = parseInput(schema, input)
  return world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const old = await findService(tx.db, id)
    if (old && old.managedBy === 'file' && old.removedAt === null) throw managedByFile(old.name)
    const team = owner === undefined ? null : await findTeam(tx.db, owner)
    if (owner !== undefined && (!team || team.removedAt !== null)) throw unknown('owner', 'team', owner)
    for (const [i, target] of rest.dependsOn.entries()) {
      const there = target === id ? null : await findService(tx.db, target)
      if (!there || there.removedAt !== null) throw unknown(`dependsOn.${i}`, 'other service', target)
    }
    const has = [...new Set(rest.has)].sort()
    const values = { ...rest, has, id, name: name ?? id, owner: owner ?? null, policy: policy ?? null }
    await putService(tx.db, values, 'api', tx.now)
    const change = old && old.removedAt === null ? 'changed' : 'created'
    await catalogConfigured.append(tx, world, { subject: id, actor, data: { noun: 'service', id, change } })
    return (await findService(tx.db, id))!
  })
}

function unknown(path: string, kind: string, id: string): TocsinError {
  return new TocsinError('invalid-input', `There is no ${kind} "${id}".`, [
    { path, message: `there is no ${kind} "${id}"` },
  ])
}

/** Takes a service out of use; its history stays. */
export async function removeService(world: World, actor: Actor, input: { serviceId: string }): Promise<void> {
  authorize(actor, 'editor')
  await world.transact(async (tx) => {
    await lockCatalog(tx, world)
    const service = await findService(tx.db, input.serviceId)
    if (!service || service.removedAt !== null) throw notFound('service', input.serviceId)
    if (service.managedBy === 'file') throw managedByFile(service.name)
    await removeServiceRow(tx.db, service.id, tx.now)
    await catalogConfigured.append(tx, world, {
      subject: service.id,
      actor,
      data: { noun: 'service', id: service.id, change: 'removed' },
    })
  })
}
