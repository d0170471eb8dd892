import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { z } from 'zod'
import type { World } from '../engine/world.ts'
import { systemClock } from '../kit/clock.ts'
import { kindNamed } from '../monitors/index.ts'
import { drillKind } from './drills/monitor-faults/index.ts'
import { FAULT_NAMES } from './faults/registry.ts'
import {
  CERTIFICATE_LESSONS,
  loadWhatChecksUse,
  STRICT_KINDS,
  type StrictKind,
  TOO_LATE,
  WAITED_FOR,
} from './strict-monitors-for-tests.ts'

type Input = Record<string, unknown>
type Faults = 'all' | string[]

// These hold expectations and are none.
const CONTAINERS = new Set(['expect', 'needs', 'check', 'check.expect'])
const isRecord = (value: unknown): value is Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every setting that is set, with dots: rules as a whole and what stands in them. */
function pathsOf(input: Input, prefix = ''): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    const path = prefix + name
    const inside = isRecord(value) ? pathsOf(value, `${path}.`) : []
    return CONTAINERS.has(path) ? inside : [path, ...inside]
  })
}

/** The same settings with one of them taken out, or written otherwise. */
function changed(input: Input, path: string, ...otherwise: unknown[]): Input {
  const copy = structuredClone(input)
  const names = path.split('.')
  const last = names.pop()!
  const holder = names.reduce<Input>((at, name) => at[name] as Input, copy)
  if (otherwise.length > 0) holder[last] = otherwise[0]
  else delete holder[last]
  return copy
}

/** Every setting that a kind has, with dots. */
function settingsOf(kindName: string): string[] {
  const schema = z.toJSONSchema(kindNamed(kindName).schema, { io: 'input', unrepresentable: 'any' })
  const walk = (part: Input, prefix: string): string[] =>
    Object.entries((part.properties ?? {}) as Record<string, Input>).flatMap(([name, field]) => {
      const path = prefix + name
      const inside = walk(field, `${path}.`)
      return CONTAINERS.has(path) && inside.length > 0 ? inside : [path]
    })
  return walk(schema as Input, '')
}

// A machine that is busy with other tests is slow itself, and a control that it made late proves nothing.
const TRIES = 3

async function play(kindName: string, input: unknown, faults: Faults, playedBefore: readonly string[]) {
  for (let tries = 1; ; tries++) {
    const played = await playOnce(kindName, input, faults, playedBefore)
    if (played.reason !== 'control-failed' || tries === TRIES) return played
  }
}

async function playOnce(kindName: string, input: unknown, faults: Faults, playedBefore: readonly string[]) {
  const kind = kindNamed(kindName)
  const { outcome, reason, summary, evidence } = await drillKind.play({
    live: null as unknown as World,
    runId: 'run',
    monitor: {
      id: 'monitor',
      kind,
      spec: kind.schema.parse(input),
      everyMs: 60_000,
      confirm: 1,
      retryMs: 1,
      recover: 1,
    },
    settings: drillKind.schema.parse({ faults }) as { faults: Faults },
    clock: systemClock,
    composeReplica: () => assert.fail('no replica is needed'),
    playedBefore,
  })
  const seen = evidence.faults ?? []
  const named = (result: string) => seen.filter((one) => one.result === result).map((one) => one.fault)
  return { outcome, reason, summary, caught: named('caught'), missed: named('missed') }
}

const excuse = ({ unnoticed = {} }: StrictKind, path: string) =>
  Object.entries(unnoticed).find(([known]) => path === known || path.startsWith(`${known}.`))?.[1]

interface Tally {
  noticed: Map<string, string[]>
  unnoticed: Set<string>
}
const tallies = new Map<string, Tally>()

/** Takes one expectation after the other from each strict monitor, and lets the same drill be played again. */
async function sabotage(kindName: string, entry: StrictKind): Promise<Tally> {
  const noticed = new Map<string, string[]>()
  const tried = new Set<string>()
  const stuck = new Set<string>()
  // What only a limit of time can see is waited for, and so played only where nothing else has told.
  for (const isLate of [false, true])
    for (const { about, input } of entry.strict) {
      const drills = new Map<string, string[]>()
      for (const [path, weaker] of weakenings(kindName, entry, input, stuck)) {
        if (noticed.has(path) || (isLate && excuse(entry, path))) continue
        tried.add(path)
        const faults = faultsFor(kindName, entry, path, isLate)
        const key = faults.join()
        if (!drills.has(key)) drills.set(key, await caughtBy(kindName, about, input, faults))
        const caught = drills.get(key)!
        if (caught.length === 0) continue
        const again = await play(kindName, weaker, caught, caught)
        // A monitor that is weaker by one expectation must still be satisfied by what is healthy.
        assert.notEqual(again.reason, 'control-failed', `${kindName}, ${about}, ${path}: ${again.summary}`)
        if (again.missed.length === 0) continue
        assert.equal(again.outcome, 'failed')
        noticed.set(path, again.missed)
      }
    }
  for (const path of stuck)
    assert.ok(
      noticed.has(path) || excuse(entry, path),
      `${kindName}: ${path} cannot be left out: say what to write`,
    )
  return { noticed, unnoticed: new Set([...tried].filter((path) => !noticed.has(path))) }
}

/** The faults of the drill that is to notice: the lesson of an expectation, or all that the kind can have. */
function faultsFor(kindName: string, { lessons = {} }: StrictKind, path: string, isLate: boolean): string[] {
  // One kind is drilled for everything; what holds for its certificates holds for those of all others.
  const lesson = lessons[path] ?? (kindName === 'tls' ? undefined : CERTIFICATE_LESSONS[path])
  if (lesson) return lesson
  const own =
    kindName === 'tls' ? FAULT_NAMES : FAULT_NAMES.filter((name) => !/^(certificate|tls)-/.test(name))
  return own.filter((name) => (isLate ? TOO_LATE.test(name) : !WAITED_FOR.test(name)))
}

async function caughtBy(kindName: string, about: string, input: Input, faults: string[]): Promise<string[]> {
  const before = await play(kindName, input, faults, [])
  assert.notEqual(before.reason, 'control-failed', `${kindName}, ${about}: ${before.summary}`)
  return before.caught
}

const isHow = ({ how }: StrictKind, path: string) =>
  how.some((known) => path === known || path.startsWith(`${known}.`))

/** The monitor with one expectation less, in each way that is possible. */
function weakenings(
  kindName: string,
  entry: StrictKind,
  input: Input,
  stuck: Set<string>,
): [path: string, weaker: Input][] {
  const { loosened = {} } = entry
  return pathsOf(input).flatMap((path): [string, Input][] => {
    if (isHow(entry, path)) return []
    const weaker = path in loosened ? changed(input, path, loosened[path]) : changed(input, path)
    if (JSON.stringify(weaker) === JSON.stringify(input)) return []
    if (kindNamed(kindName).schema.safeParse(weaker).success) return [[path, weaker]]
    stuck.add(path)
    return []
  })
}

describe('one expectation less', { concurrency: 2 }, () => {
  before(loadWhatChecksUse)

  for (const [kindName, entry] of Object.entries(STRICT_KINDS))
    test(kindName, { ...entry.needs }, async (t) => {
      const { noticed, unnoticed } = await sabotage(kindName, entry)
      tallies.set(kindName, { noticed, unnoticed })
      const unexcused = [...unnoticed].filter((path) => !excuse(entry, path))
      assert.deepEqual(unexcused, [], 'nobody notices that this is gone: a fault is wanted')
      for (const path of noticed.keys())
        assert.ok(
          !excuse(entry, path),
          `${kindName}: that ${path} is gone is noticed now: no excuse is needed`,
        )
      const covered = (path: string) =>
        isHow(entry, path) ||
        entry.how.some((known) => known.startsWith(`${path}.`)) ||
        excuse(entry, path) !== undefined ||
        [...noticed.keys(), ...unnoticed].some((set) => set === path || set.startsWith(`${path}.`))
      const forgotten = settingsOf(kindName).filter((path) => !covered(path))
      assert.deepEqual(forgotten, [], 'a setting that no strict monitor has: is it an expectation?')
      for (const path of unnoticed)
        t.diagnostic(`kind=${kindName} unnoticed=${path} because ${excuse(entry, path)}`)
    })

  after((t) => {
    const count = (of: (tally: Tally) => number) =>
      [...tallies.values()].reduce((sum, one) => sum + of(one), 0)
    const noticed = count((tally) => tally.noticed.size)
    const diagnostic = (t as { diagnostic?: (text: string) => void }).diagnostic?.bind(t) ?? console.log
    diagnostic(`sabotages=${noticed + count((tally) => tally.unnoticed.size)} noticed=${noticed}`)
  })
})
