import { z } from 'zod'
import { DAY, parseDuration } from '../kit/duration.ts'

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  context.addIssue({ code: 'custom', message: `"${text}" is not a duration; write it like 7d` })
  return z.NEVER
})

/** The section `postmortems` of the configuration file. */
export const postmortemsConfig = z.strictObject({
  /** Incidents of these severities get a draft as soon as they are resolved. */
  draftFor: z.array(z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4'])).default(['SEV1', 'SEV2', 'SEV3', 'SEV4']),
  /** How long after the resolution the review is due. */
  reviewWithin: duration.default(7 * DAY),
  /** For the front matter of exports. */
  company: z.string().trim().max(120).default(''),
  product: z.string().trim().max(120).default(''),
})
export type PostmortemsConfig = z.output<typeof postmortemsConfig>

/** What holds before any configuration was applied. */
export const POSTMORTEM_DEFAULTS: PostmortemsConfig = postmortemsConfig.parse({})
