import { z } from 'zod'
import { name } from '../contract/route.ts'

/** The section `statusPage` of the configuration file. Its components are the services with the audience `public`. */
export const statusPageConfig = z.strictObject({
  name: name.default('Status'),
  description: z.string().trim().max(500).default(''),
  /** Where the public finds the page; `<publicUrl>/status` without it. */
  url: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullable()
    .default(null),
  /** With `false`, the page says only what people publish. */
  autoPublish: z.boolean().default(true),
})
export type StatusPageConfig = z.output<typeof statusPageConfig>

/** What holds before any configuration was applied. */
export const STATUS_PAGE_DEFAULTS: StatusPageConfig = statusPageConfig.parse({})
