import type { CaseConfig, CaseMonitor } from './case.ts'
import { fillTemplate } from './fill-template.rules.ts'

export interface CasePoint {
  path: (string | number)[]
  message: string
}

/** How the case judges the settings of a monitor: what is wrong with them, with its place. */
export type JudgeSettings = (settings: Record<string, unknown>) => { path: PropertyKey[]; message: string }[]
/** Whether a fault can be played against some monitor of a kind. */
export type Concerns = (kind: string, fault: string) => boolean

/** The values that every template may speak of beside its own. */
export const BUILT_IN_VALUES = ['service', 'serviceName'] as const

/** What is wrong with a case, tried with the examples of its values. */
export function checkCase(
  given: Pick<CaseConfig, 'values' | 'monitors' | 'past'>,
  judge: JudgeSettings,
  concerns: Concerns,
): CasePoint[] {
  const { values, monitors, past } = given
  const points: CasePoint[] = []
  const examples = examplesOf(given)
  for (const name of BUILT_IN_VALUES)
    if (Object.hasOwn(values, name))
      points.push({ path: ['values', name], message: 'this name is taken: every template may use it' })
  const check = (path: (string | number)[], settings: Record<string, unknown>) => {
    if ('service' in settings)
      points.push({ path: [...path, 'service'], message: 'is filled in when the case is taken over' })
    const { settings: filled, wrong } = fillTemplate(settings, examples, values)
    for (const value of wrong)
      points.push({ path: ['values', value, 'example'], message: 'must be a number' })
    for (const { path: inner, message } of judge({ ...filled, service: 'service' }))
      points.push({ path: [...path, ...inner.map(String)], message })
  }
  for (const [key, { settings, sees, needs }] of Object.entries(monitors)) {
    for (const [i, value] of needs.entries())
      if (!Object.hasOwn(values, value))
        points.push({ path: ['monitors', key, 'needs', i], message: `there is no value "${value}"` })
    check(['monitors', key, 'settings'], settings)
    const kind = String(settings.type)
    // A pool is broken by whatever breaks its members.
    const { type: inner } = (settings.check ?? {}) as { type?: unknown }
    const kinds = typeof inner === 'string' ? [kind, inner] : [kind]
    for (const [i, fault] of sees.entries())
      if (!kinds.some((one) => concerns(one, fault)))
        points.push({
          path: ['monitors', key, 'sees', i],
          message: `no ${kind} monitor is concerned by ${fault}`,
        })
  }
  if (!past) return points
  for (const [key, { settings }] of Object.entries(past.had))
    check(['past', 'had', key, 'settings'], settings)
  const order = [past.began, past.noticed, past.reached, past.mended].filter((one) => one !== undefined)
  const times = order.map((one) => Date.parse(one))
  if (times.some((at, i) => i > 0 && at < times[i - 1]!))
    points.push({ path: ['past'], message: 'began, noticed, reached and mended must follow each other' })
  return points
}

/** The examples of the values, as if they were given. */
export function examplesOf({
  values,
  monitors,
}: {
  values: CaseConfig['values']
  monitors: Record<string, Pick<CaseMonitor, 'settings'>>
}): Record<string, string> {
  return {
    service: 'service',
    serviceName: 'Service',
    ...Object.fromEntries(Object.keys(monitors).map((key) => [`monitor:${key}`, `service-${key}`])),
    ...Object.fromEntries(Object.entries(values).map(([key, { example }]) => [key, example])),
  }
}
