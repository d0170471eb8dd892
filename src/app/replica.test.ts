/** A replica has today's configuration and nothing of today's life, and nothing leaves it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { onEveryStore } from '../../test/harness/stores.ts'
import { DOWN, type Story, story, USUAL } from '../../test/harness/story.ts'
import { createSilence } from '../alerts/index.ts'
import { acceptInvitation, addContact, invitePerson } from '../catalog/index.ts'
import { factsAfter } from '../engine/facts.ts'
import { MINUTE } from '../kit/duration.ts'
import { createOverride } from '../oncall/index.ts'
import type { Schema } from '../store/schema.ts'
import { composeReplica } from './replica.ts'

const options = (s: Story, startAt = s.clock.now()) => ({ runId: 'run-1', monitorId: 'docs-port', startAt })

/** Every row of the live store, by table. */
async function everything(s: Story): Promise<Record<string, unknown[]>> {
  const tables: (keyof Schema)[] = [
    ...(['facts', 'timers', 'outbox', 'listeners', 'leases', 'people', 'contacts', 'monitors'] as const),
    ...(['monitor_states', 'alerts', 'silences', 'escalations', 'pages', 'overrides', 'incidents'] as const),
  ]
  const all: Record<string, unknown[]> = {}
  for (const table of tables) all[table] = await s.store.read.selectFrom(table).selectAll().execute()
  return all
}

onEveryStore('a replica', ({ open }) => {
  it('plays an outage to its end without a word outside, and the live store is as it was', () =>
    story({ store: open }, async (s) => {
      await s.travel('5m')
      const before = await everything(s)
      const replica = await composeReplica(s.tocsin().world, options(s))
      await replica.observe(DOWN)
      await replica.observe(DOWN)
      await replica.travelTo(s.clock.now() + 40 * MINUTE)
      assert.deepEqual(
        [...new Set(replica.pages().map((page) => page.personId))],
        ['ana', 'bo', 'cy'],
        'the replica was alive',
      )
      const facts = await factsAfter(replica.world.store.read, 0, 1_000)
      assert.ok(facts.length > 5 && facts.every((fact) => fact.drill), 'each of its facts is marked')
      await replica.close()
      assert.deepEqual(await everything(s), before)
      s.expectSilence()
    }))

  it('has the overrides of now: who took the shift over is who would be paged', () =>
    story({ store: open }, async (s) => {
      const now = s.clock.now()
      await createOverride(s.tocsin().world, s.as('bo'), {
        scheduleId: 'week',
        personId: 'bo',
        from: now,
        until: now + 60 * MINUTE,
      })
      const replica = await composeReplica(s.tocsin().world, options(s))
      await replica.observe(DOWN)
      await replica.observe(DOWN)
      await replica.travelTo(now + MINUTE)
      assert.deepEqual(
        replica.pages().map((page) => page.personId),
        ['bo'],
      )
      await replica.close()
    }))

  it('reaches people by the contacts that they verified, and by no other', () =>
    story({ store: open, verify: false }, async (s) => {
      // Nobody has followed the link of the first messages yet.
      await s.settle()
      for (const who of ['ana', 'bo', 'cy']) s.expectMessage(`${who}@lab.example`, /./)
      const replica = await composeReplica(s.tocsin().world, options(s))
      await replica.observe(DOWN)
      await replica.observe(DOWN)
      await replica.travelTo(s.clock.now() + 30 * MINUTE)
      assert.deepEqual(replica.pages(), [])
      await replica.close()
    }))

  it('takes along nothing with which somebody signs in or confirms', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const { secret } = await invitePerson(world, s.as('cy', 'administrator'), { personId: 'ana' })
      await acceptInvitation(
        world,
        { secret, password: 'a long enough password' },
        { ip: '127.0.0.1', userAgent: 'test' },
      )
      await addContact(world, s.as('ana'), {
        personId: 'ana',
        kind: 'email',
        address: { email: 'a@phone.example' },
      })
      await s.settle()
      s.expectMessage('a@phone.example', /./)
      const live = await s.store.read
        .selectFrom('people')
        .select('password_hash')
        .where('id', '=', 'ana')
        .execute()
      assert.match(live[0]!.password_hash!, /argon2id/)
      const replica = await composeReplica(world, options(s))
      const { read } = replica.world.store
      const people = await read.selectFrom('people').select(['id', 'password_hash']).orderBy('id').execute()
      assert.deepEqual(
        people.map((row) => ({ ...row })),
        ['ana', 'bo', 'cy'].map((id) => ({ id, password_hash: null })),
      )
      for (const table of ['sessions', 'api_tokens', 'setup_links', 'contact_verifications'] as const)
        assert.deepEqual(await read.selectFrom(table).selectAll().execute(), [], table)
      await replica.close()
    }))

  it('begins at the instant it is asked for, with the silences of now', () =>
    story({ store: open }, async (s) => {
      const { world } = s.tocsin()
      const now = s.clock.now()
      await createSilence(world, s.as('bo'), {
        match: { monitorId: 'docs-port' },
        until: now + 60 * MINUTE,
        reason: 'dark',
      })
      const outage = async (startAt: number) => {
        const replica = await composeReplica(world, options(s, startAt))
        assert.equal(replica.world.clock.now(), startAt)
        await replica.observe(DOWN)
        await replica.observe(DOWN)
        await replica.travelTo(startAt + 2 * MINUTE)
        const paged = replica.pages().map((page) => page.personId)
        await replica.close()
        return paged
      }
      assert.deepEqual(await outage(now), [])
      assert.deepEqual(await outage(now + 61 * MINUTE), ['ana'])
    }))
})

describe('a replica of a Tocsin with much in it', () => {
  it('knows the drilled monitor alone: the silence of the others pages nobody', () =>
    story(
      {
        config: `${USUAL}  spare: { service: docs, type: tcp, target: "spare.lab.example:443", every: 60s }\n`,
      },
      async (s) => {
        s.see('spare', DOWN)
        await s.travel('3m')
        s.expectMessage('ana@lab.example', /spare/)
        const replica = await composeReplica(s.tocsin().world, options(s))
        await replica.travelTo(s.clock.now() + 20 * MINUTE)
        assert.deepEqual(
          replica.pages().filter((page) => page.monitorId !== 'docs-port'),
          [],
        )
        const alerts = await replica.world.store.read.selectFrom('alerts').selectAll().execute()
        assert.deepEqual(
          alerts.filter((alert) => alert.monitor_id === 'spare'),
          [],
        )
        await replica.close()
        await s.travel('20m')
        s.expectMessage('bo@lab.example', /spare/)
        s.expectMessage('cy@lab.example', /spare/)
      },
    ))
})
