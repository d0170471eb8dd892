import { type Clock, systemClock } from '../kit/clock.ts'

/**
 * A clock that starts at the given clock's present and then runs at the speed of the machine. Faults are real
 * sockets: also in a world whose time stands still, their timeouts must pass.
 */
export function playClock(world: Clock, machine: Clock = systemClock): Clock {
  const offset = world.now() - machine.now()
  return { now: () => machine.now() + offset, after: (ms, fn) => machine.after(ms, fn) }
}
