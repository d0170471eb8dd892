import { z } from 'zod'
import { slug } from '../../contract/route.ts'
import { trackerKinds } from './kinds/registry.ts'
import type { TrackerSettings } from './tracker.ts'

const [first, ...rest] = Object.values(trackerKinds).map(
  ({ schema }) => schema as unknown as z.core.$ZodTypeDiscriminable,
)
const entry = z.discriminatedUnion('kind', [first!, ...rest]) as unknown as z.ZodType<TrackerSettings>

/** `postmortems.trackers`: where the issues of actions live, by name. */
export const trackersConfig = z
  .record(slug, entry)
  .default({})
  .meta({ title: 'Trackers', description: 'GitHub, GitLab and Jira projects with issues of actions.' })
export type TrackersConfig = z.output<typeof trackersConfig>
