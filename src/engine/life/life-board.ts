import type { Millis } from '../../kit/clock.ts'

/** Figures that the program writes and the watchdog's thread reads, in memory that both share. */
const FIELDS = [
  // Written by the program.
  'done',
  'expected',
  'cursor',
  'alertsOpen',
  'engineAgeMs',
  'stopping',
  'beatsTaken',
  'beatsRefused',
  'beatsLost',
  'notified',
  // Written by the watchdog.
  'blockedMs',
  'blockedTimes',
  'blockedLongestMs',
] as const
export type LifeField = (typeof FIELDS)[number]

/** How often the program moves its turn, and the watchdog looks. */
export const TURN: Millis = 250
/** Where the program's turns and the numbers of beats are counted, as 32-bit integers at the beginning. */
export const TURNS = 0
const COUNTER = 1
const FIGURES_FROM = 8

/** A board of figures over shared memory. */
export class LifeBoard {
  readonly shared: SharedArrayBuffer
  readonly #integers: Int32Array
  readonly #figures: Float64Array

  constructor(shared = new SharedArrayBuffer(FIGURES_FROM + FIELDS.length * Float64Array.BYTES_PER_ELEMENT)) {
    this.shared = shared
    this.#integers = new Int32Array(shared, 0, 2)
    this.#figures = new Float64Array(shared, FIGURES_FROM)
  }

  /** The program has come round. */
  turn(): void {
    Atomics.add(this.#integers, TURNS, 1)
  }

  /** The number of the next beat, whichever thread sends it. */
  nextNumber(): number {
    return Atomics.add(this.#integers, COUNTER, 1) + 1
  }

  get(field: LifeField): number {
    return this.#figures[FIELDS.indexOf(field)]!
  }

  set(field: LifeField, value: number): void {
    this.#figures[FIELDS.indexOf(field)] = value
  }

  add(field: LifeField, by = 1): void {
    this.set(field, this.get(field) + by)
  }
}
