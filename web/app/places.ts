import type { Role } from '../../src/contract/route.ts'

/** A place that the navigation leads to. */
export interface Place {
  to: string
  label: string
  /** Pressed after `g`. */
  key: string
  role?: Role
}

/** The places of the application, in the order in which an incident passes through them. */
export const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview', key: 'o' },
  { to: '/alerts', label: 'Alerts', key: 'a' },
  { to: '/incidents', label: 'Incidents', key: 'i' },
  { to: '/monitors', label: 'Monitors', key: 'm' },
  { to: '/certificates', label: 'Certificates', key: 'f' },
  { to: '/on-call', label: 'On call', key: 'c' },
  { to: '/post-mortems', label: 'Post-mortems', key: 'p' },
  { to: '/actions', label: 'Actions', key: 't' },
  { to: '/drills', label: 'Drills', key: 'd' },
  { to: '/exercises', label: 'Exercises', key: 'r' },
  { to: '/cases', label: 'Cases', key: 's' },
  { to: '/blind-spots', label: 'Blind spots', key: 'b' },
  { to: '/learning', label: 'Learning', key: 'l' },
  { to: '/people', label: 'People', key: 'e' },
  { to: '/tokens', label: 'Tokens', key: 'k', role: 'administrator' },
]

/** Whether the reader is at this place or inside it. */
export function isAt(to: string, pathname: string): boolean {
  return to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`)
}
