import { z } from 'zod'
import { DAY, HOUR } from '../kit/duration.ts'
import { remindersConfig } from './actions/reminders-config.ts'
import { durationField } from './duration-field.ts'
import { languageModelConfig } from './import/propose/config.ts'
import { trackersConfig } from './trackers/config.ts'

const duration = durationField()

const repeated = durationField(HOUR)
const within = z
  .strictObject({ draft: duration.optional(), review: duration.optional() })
  .refine(({ draft, review }) => draft === undefined || review === undefined || draft <= review, {
    message: 'the draft must not be due after the review',
  })
  .optional()

/** The section `postmortems` of the configuration file. */
export const postmortemsConfig = z.strictObject({
  /** Incidents of these severities get a draft as soon as they are resolved. */
  draftFor: z.array(z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4'])).default(['SEV1', 'SEV2', 'SEV3', 'SEV4']),
  /** How long after the resolution the draft is to be sent to review, and the review to be done; by severity. */
  due: z
    .strictObject({ SEV1: within, SEV2: within, SEV3: within, SEV4: within })
    .default({})
    .meta({ title: 'Due dates' }),
  /** When the review is due for severities of which `due` says nothing. */
  reviewWithin: duration.optional(),
  /** What a review takes. */
  review: z
    .strictObject({
      /** How many people must approve the newest text; nobody counts who alone has written it. */
      approvals: z.number().int().min(0).max(20).default(1),
      /** How long before a due date people are told, and how often they are told again once it has passed. */
      remindBefore: duration.default(DAY),
      remindEvery: repeated.default(2 * DAY),
    })
    .prefault({})
    .meta({ title: 'Review' }),
  /** For the front matter of exports. */
  company: z.string().trim().max(120).default(''),
  product: z.string().trim().max(120).default(''),
  import: z
    .strictObject({ languageModel: languageModelConfig.optional() })
    .default({})
    .meta({ title: 'Import' }),
  reminders: remindersConfig.prefault({}),
  trackers: trackersConfig,
})
export type PostmortemsConfig = z.output<typeof postmortemsConfig>
/** What of it is stored; what holds a secret stays in memory. */
export type PostmortemSettings = Omit<PostmortemsConfig, 'import' | 'trackers'>

/** What holds before any configuration was applied. */
export const POSTMORTEM_DEFAULTS: PostmortemSettings = postmortemsConfig.parse({})
