import type { Action } from '../../../src/contract/postmortems.ts'

/** What an action is for, as people choose it. */
export const ACTION_KINDS: { value: Action['type']; label: string }[] = [
  { value: 'detect', label: 'Detect it sooner' },
  { value: 'mitigate', label: 'Make it hurt less' },
  { value: 'prevent', label: 'Keep it from happening' },
  { value: 'repair', label: 'Repair what it left' },
  { value: 'process', label: 'Change how we work' },
]
