/** Takes one expectation after the other from strict monitors: what is taken, and which faults are its lesson. */
import assert from 'node:assert/strict'
import { z } from 'zod'
import type { World } from '../engine/world.ts'
import { systemClock } from '../kit/clock.ts'
import { kindNamed } from '../monitors/index.ts'
import { drillKind } from './drills/monitor-faults/index.ts'
import { FAULT_NAMES } from './faults/registry.ts'
import {
  CERTIFICATE_LESSONS,
  LATENCY_LESSONS,
  type StrictKind,
  TOO_LATE,
  WAITED_FOR,
} from './strict-monitors-for-tests.ts'

export type Input = Record<string, unknown>

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
export function settingsOf(kindName: string): string[] {
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
export const TRIES = 3

/** Plays faults against a monitor with these settings, without a world around it. */
export async function play(
  kindName: string,
  input: unknown,
  faults: readonly string[],
  playedBefore: readonly string[],
) {
  for (let tries = 1; ; tries++) {
    const played = await playOnce(kindName, input, faults, playedBefore)
    if (played.reason !== 'control-failed' || tries === TRIES) return played
  }
}

async function playOnce(
  kindName: string,
  input: unknown,
  faults: readonly string[],
  playedBefore: readonly string[],
) {
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
    settings: drillKind.schema.parse({ faults }) as { faults: string[] },
    clock: systemClock,
    composeReplica: () => assert.fail('no replica is needed'),
    playedBefore,
  })
  const seen = evidence.faults ?? []
  const named = (result: string) => seen.filter((one) => one.result === result).map((one) => one.fault)
  return { outcome, reason, summary, caught: named('caught'), missed: named('missed') }
}

/** Why nobody need notice that a setting is gone; undefined where somebody must. */
export const excuse = ({ unnoticed = {} }: StrictKind, path: string) =>
  Object.entries(unnoticed).find(([known]) => path === known || path.startsWith(`${known}.`))?.[1]

/** Whether a setting says where or how a monitor looks, and expects nothing. */
export const isHow = ({ how }: StrictKind, path: string) =>
  how.some((known) => path === known || path.startsWith(`${known}.`))

export interface Tally {
  /** By setting, the faults that passed without it. */
  noticed: Map<string, string[]>
  unnoticed: Set<string>
}

/** A strict monitor and the faults that its drill is to play. */
export interface Lesson {
  kindName: string
  about: string
  input: Input
  faults: string[]
}

/** A strict monitor whose drill has passed: what happens without one of its expectations. */
export interface Learned {
  /** The faults that it notices. */
  caught: string[]
  /** Plays the same faults against it without one expectation; answers those that pass now. */
  without(path: string, weaker: Input): Promise<string[]>
}

/** Takes one expectation after the other from each strict monitor of a kind, and looks whether it is missed. */
export async function sabotage(
  kindName: string,
  entry: StrictKind,
  learn: (lesson: Lesson) => Promise<Learned>,
): Promise<Tally> {
  const noticed = new Map<string, string[]>()
  const tried = new Set<string>()
  const stuck = new Set<string>()
  // What only a limit of time can see is waited for, and so played only where nothing else has told.
  for (const isLate of [false, true])
    for (const { about, input } of entry.strict) {
      const lessons = new Map<string, Learned>()
      for (const [path, weaker] of weakenings(kindName, entry, input, stuck)) {
        if (noticed.has(path) || (isLate && excuse(entry, path))) continue
        tried.add(path)
        const faults = faultsFor(kindName, entry, path, isLate)
        const key = faults.join()
        if (!lessons.has(key)) lessons.set(key, await learn({ kindName, about, input, faults }))
        const learned = lessons.get(key)!
        if (learned.caught.length === 0) continue
        const missed = await learned.without(path, weaker)
        if (missed.length > 0) noticed.set(path, missed)
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
  const shared = kindName === 'tls' ? LATENCY_LESSONS : { ...CERTIFICATE_LESSONS, ...LATENCY_LESSONS }
  const lesson = lessons[path] ?? shared[path]
  if (lesson) return lesson
  const own =
    kindName === 'tls' ? FAULT_NAMES : FAULT_NAMES.filter((name) => !/^(certificate|tls)-/.test(name))
  return own.filter((name) => (isLate ? TOO_LATE.test(name) : !WAITED_FOR.test(name)))
}

/** Which of the faults of a lesson its monitor notices as it is. */
export async function caughtBy({ kindName, about, input, faults }: Lesson): Promise<string[]> {
  const before = await play(kindName, input, faults, [])
  assert.notEqual(before.reason, 'control-failed', `${kindName}, ${about}: ${before.summary}`)
  return before.caught
}

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

/** What was taken away unnoticed, each with the reason why that is right; fails where there is none. */
export function unnoticedOf(kindName: string, entry: StrictKind, { unnoticed }: Tally): string[] {
  const unexcused = [...unnoticed].filter((path) => !excuse(entry, path))
  assert.deepEqual(unexcused, [], 'nobody notices that this is gone: a fault is wanted')
  return [...unnoticed].map((path) => `kind=${kindName} unnoticed=${path} because ${excuse(entry, path)}`)
}
