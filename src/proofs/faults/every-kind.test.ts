import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import { systemActor } from '../../engine/world.ts'
import { systemClock } from '../../kit/clock.ts'
import {
  applyMonitorsConfig,
  kindNamed,
  monitorKinds,
  monitorsConfig,
  parseSpec,
} from '../../monitors/index.ts'
import { createDrill } from '../create-drill.ts'
import { FAULT_REASONS, tells } from '../fault-reasons-for-tests.ts'
import { EDITOR, type Stage, setStage } from '../for-tests.ts'
import { LABS, WITHOUT_LAB } from '../labs/registry.ts'
import { viewRun } from '../read-drills.ts'
import { proofsRoom } from '../room.ts'
import { runDrill } from '../run-drill.ts'
import { loadWhatChecksUse, STRICT_KINDS, WAITED_FOR } from '../strict-monitors-for-tests.ts'
import { openBench } from './bench.ts'
import { canBreak } from './fault.ts'
import { faultsOfKind } from './faults-of-kind.ts'
import { CONTROL, FAULTS } from './registry.ts'

const KINDS = Object.keys(monitorKinds)
const caughtOfKind = new Map<string, Set<string>>()

interface Told {
  fault: string
  verdict: string
  reason: string
  remedy: string
}

/** What a monitor says of the control and of every fault that a drill would play, all at once. */
async function lookAtAll(
  kindName: string,
  input: unknown,
  isExpected: (told: Told) => boolean,
  known: ReadonlySet<string> = new Set(),
): Promise<Told[]> {
  const { inTurn, only } = STRICT_KINDS[kindName]!
  const kind = kindNamed(kindName)
  const bench = (await openBench({ kind, spec: parseSpec(kind, input), clock: systemClock }))!
  assert.ok(bench, `${kindName}: nothing can be played for this monitor`)
  const isKnown = (name: string) => known.has(name) && WAITED_FOR.test(name)
  const played = FAULTS.filter(
    (fault) => canBreak(fault, bench.expects) && !isKnown(fault.name) && (only?.test(fault.name) ?? true),
  )
  const look = async (fault: (typeof FAULTS)[number]): Promise<Told> => {
    const { verdict, reason } = await bench.play(fault)
    return { fault: fault.name, verdict, reason, remedy: [bench.advice, fault.remedy].join(' ') }
  }
  const told: Told[] = []
  if (inTurn) for (const fault of played) told.push(await look(fault))
  else told.push(...(await Promise.all(played.map(look))))
  // A machine that is busy with all of them at once is slow itself: whatever surprises is looked at alone.
  for (const [i, one] of told.entries()) if (!isExpected(one)) told[i] = await look(played[i]!)
  let control = await bench.play(CONTROL)
  for (let more = 2; control.verdict !== 'up' && more > 0; more--) control = await bench.play(CONTROL)
  assert.deepEqual([control.verdict, control.reason], ['up', 'ok'], control.summary)
  return told
}

/** Every path of settings that a kind has, with dots. */
function settingsOf(kindName: string): Set<string> {
  const schema = z.toJSONSchema(kindNamed(kindName).schema, { io: 'input', unrepresentable: 'any' })
  const found = new Set<string>()
  const walk = (part: Record<string, unknown>, prefix: string) => {
    for (const branch of (part.anyOf ?? part.allOf ?? []) as Record<string, unknown>[]) walk(branch, prefix)
    for (const [name, field] of Object.entries((part.properties ?? {}) as Record<string, object>)) {
      found.add(prefix + name)
      walk(field as Record<string, unknown>, `${prefix}${name}.`)
    }
  }
  walk(schema as Record<string, unknown>, '')
  return found
}

/** Whether an advice names a setting that the kind has: `expect.issuer`, `accept: any`. */
function namesSetting(remedy: string, settings: Set<string>): boolean {
  const named = [...remedy.matchAll(/`([^`]+)`/g)].map(([, text]) => text!.split(':')[0]!.trim())
  return named.some((path) => settings.has(path) || settings.has(`expect.${path}`))
}

test('every kind of monitor has something to show here: a strict monitor, or a reason why there is none', () => {
  for (const kind of KINDS) {
    const isPlayed = kind in LABS && kind in STRICT_KINDS
    const isExcused = kind in WITHOUT_LAB
    assert.ok(
      isPlayed !== isExcused,
      `${kind}: a lab in labs/registry.ts and strict monitors in strict-monitors-for-tests.ts are needed, or a reason in WITHOUT_LAB`,
    )
  }
  for (const kind of [...Object.keys(STRICT_KINDS), ...Object.keys(LABS), ...Object.keys(WITHOUT_LAB)])
    assert.ok(KINDS.includes(kind), `there is no kind ${kind}`)
})

test('every fault of the registry is known by its reasons', () => {
  assert.deepEqual(
    FAULTS.map(({ name }) => name).filter((name) => !(name in FAULT_REASONS)),
    [],
  )
  const names = new Set(FAULTS.map(({ name }) => name))
  assert.deepEqual(
    Object.keys(FAULT_REASONS).filter((name) => !names.has(name)),
    [],
  )
})

describe('what a kind cannot see', () => {
  for (const kind of Object.values(monitorKinds))
    test(kind.kind, () => {
      assert.ok(kind.cannotSee.length > 0, 'every kind is blind to something')
      const known = new Set(kind.cannotSee.map(({ failureClass }) => failureClass))
      assert.equal(known.size, kind.cannotSee.length, 'one line for each')
      for (const { failureClass, why, seenBy } of kind.cannotSee) {
        assert.match(failureClass, /^[a-z]+(\.[a-z-]+)?$/)
        assert.match(why, /^[A-Z].{30,}\.$/, failureClass)
        for (const name of seenBy)
          assert.ok(KINDS.includes(name), `${failureClass}: there is no kind ${name}`)
      }
    })
})

describe('a drill that catches each fault', { concurrency: 3 }, () => {
  before(loadWhatChecksUse)
  for (const [kindName, entry] of Object.entries(STRICT_KINDS))
    test(kindName, { ...entry.needs }, async (t) => {
      const settings = settingsOf(kindName)
      const caught = new Set<string>()
      for (const { about, input } of entry.strict)
        for (const { fault, verdict, reason, remedy } of await lookAtAll(
          kindName,
          input,
          ({ fault, reason }) => tells(kindName, fault, reason),
          caught,
        )) {
          if (verdict === 'up') {
            // What this one does not ask for, another strict one must catch.
            assert.ok(
              namesSetting(remedy, settings),
              `${about}: ${fault} is missed, and "${remedy}" names no setting`,
            )
            continue
          }
          assert.match(verdict, /^(down|degraded)$/, `${about}: ${fault}: ${reason}`)
          assert.ok(tells(kindName, fault, reason), `${about}: ${fault} was told as ${reason}`)
          caught.add(fault)
        }
      const faults = faultsOfKind(kindNamed(kindName)).faults.filter(
        ({ name }) => entry.only?.test(name) ?? true,
      )
      // A pool is broken by what breaks its members, too: the strict one here is a pool of tls.
      const listed = new Set([...faults.map(({ name }) => name), ...(kindName === 'pool' ? caught : [])])
      assert.deepEqual(
        [...caught].sort(),
        [...listed].sort(),
        'a fault is played that no strict monitor catches',
      )
      const lax = await lookAtAll(
        kindName,
        entry.lax,
        ({ fault, verdict }) => (verdict === 'up') === entry.laxMisses.includes(fault),
      )
      const missed = lax.filter(({ verdict }) => verdict === 'up')
      assert.deepEqual(missed.map(({ fault }) => fault).sort(), [...entry.laxMisses].sort())
      for (const { fault, remedy } of missed)
        assert.ok(namesSetting(remedy, settings), `${fault} is missed, and "${remedy}" names no setting`)
      caughtOfKind.set(kindName, caught)
      const blind = kindNamed(kindName).cannotSee.map(({ failureClass }) => failureClass)
      t.diagnostic(
        `kind=${kindName} faults=${listed.size} caught=${caught.size} ` +
          `missed-by-a-lax-monitor=${missed.length} cannot-see=${blind.join(',')}`,
      )
    })
  after(() => {
    if (caughtOfKind.size < Object.keys(STRICT_KINDS).length) return
    const all = new Set([...caughtOfKind.values()].flatMap((caught) => [...caught]))
    const never = FAULTS.map(({ name }) => name).filter((name) => !all.has(name))
    assert.deepEqual(never, [], 'a fault that no monitor catches proves nothing')
  })
})

describe('the whole way, from a drill that somebody asks for to its evidence', () => {
  let stage: Stage
  before(async () => {
    stage = await setStage([proofsRoom({ composeReplica: () => assert.fail('no replica is needed') })])
  })
  after(() => stage.close())

  const put = (monitors: object) =>
    stage.world.transact((tx) =>
      applyMonitorsConfig(
        tx,
        stage.world,
        systemActor('configuration'),
        monitorsConfig.parse({ monitors }) as never,
      ),
    )
  const play = async (id: string) => {
    const run = await runDrill(stage.world, EDITOR, id)
    await stage.engine.drain()
    return viewRun(stage.world.store.read, run.id)
  }

  for (const [kindName, { strict, lax, laxMisses, needs }] of Object.entries(STRICT_KINDS))
    test(kindName, { ...needs }, async () => {
      const id = `a-${kindName}`
      const fault = laxMisses[0]!
      const monitor = (input: object) => ({ [id]: { type: kindName, service: 'docs', ...input } })
      const sharp = strict.find(({ input }) => input.timeout !== undefined) ?? strict[0]!
      await put(monitor(sharp.input))
      await createDrill(stage.world, EDITOR, {
        id,
        settings: { kind: 'monitor-faults', monitor: id, faults: [fault] },
      })
      const passed = await play(id)
      assert.deepEqual([passed.state, passed.caught, passed.missed], ['passed', [fault], []], passed.reason)
      await put(monitor(lax))
      const failed = await play(id)
      assert.deepEqual([failed.state, failed.caught, failed.missed], ['failed', [], [fault]], failed.reason)
      const { faults, cannotSee } = failed.evidence as {
        faults: { fault: string; remedy: string }[]
        cannotSee: unknown[]
      }
      assert.ok(namesSetting(faults[0]!.remedy, settingsOf(kindName)), faults[0]!.remedy)
      assert.deepEqual(cannotSee, [...kindNamed(kindName).cannotSee])
    })
})
