import type { Problem } from '../../kit/errors.ts'
import type { CasesConfig } from './config.ts'
import { SHIPPED_CASES } from './registry.ts'

/** What cases name that does not exist, and what drills want played that is no case. */
export function danglingCases(
  { cases, drills }: { cases: CasesConfig; drills: Record<string, { kind: string; case?: unknown }> },
  services: ReadonlySet<string>,
): Problem[] {
  const known = new Set([...Object.keys(cases), ...Object.keys(SHIPPED_CASES)])
  const problems = Object.entries(cases).flatMap(([id, one]) =>
    one.services.flatMap((service, i): Problem[] =>
      services.has(service)
        ? []
        : [
            {
              path: `cases.${id}.services.${i}`,
              message: `there is no service "${service}"`,
              remedy: 'Name a key of `services`.',
            },
          ],
    ),
  )
  for (const id of Object.keys(cases))
    if (Object.hasOwn(SHIPPED_CASES, id))
      problems.push({
        path: `cases.${id}`,
        message: 'a case of this id comes with Tocsin',
        remedy: 'Choose another id.',
      })
  for (const [id, drill] of Object.entries(drills))
    if (drill.kind === 'case' && typeof drill.case === 'string' && !known.has(drill.case))
      problems.push({
        path: `drills.${id}.case`,
        message: `there is no case "${drill.case}"`,
        remedy: `Name one of ${[...known].join(', ')}.`,
      })
  return problems
}
