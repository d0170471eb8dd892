import type { TrackerKind } from '../tracker.ts'
import { trackerKind as github } from './github/index.ts'
import { trackerKind as gitlab } from './gitlab/index.ts'
import { trackerKind as jira } from './jira/index.ts'

/** Every kind of tracker: one folder beside this file and one line here. */
export const trackerKinds: Record<string, TrackerKind> = { github, gitlab, jira }
