import { z } from 'zod'
import { slug } from '../../contract/route.ts'
import { kindNamed, monitorEntry, monitorKinds } from '../../monitors/index.ts'
import { faultsOfKind } from '../faults/faults-of-kind.ts'
import { caseConfig } from './case.ts'
import { checkCase } from './check-case.rules.ts'

const judge = (settings: Record<string, unknown>) => monitorEntry.safeParse(settings).error?.issues ?? []
const concerns = (kind: string, fault: string) =>
  Object.hasOwn(monitorKinds, kind) && faultsOfKind(kindNamed(kind)).faults.some(({ name }) => name === fault)

/** One entry of `cases`, tried with its examples. */
export const checkedCase = caseConfig.superRefine((given, context) => {
  for (const { path, message } of checkCase(given, judge, concerns))
    context.addIssue({ code: 'custom', path, message })
})

/** The section `cases`. */
export const casesConfig = z.record(slug, checkedCase).default({}).meta({
  title: 'Cases',
  description: 'Incidents as something that could happen to other services too.',
})
export type CasesConfig = z.output<typeof casesConfig>
