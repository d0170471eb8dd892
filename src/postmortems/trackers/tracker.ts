import type { ZodType } from 'zod'
import type { FailureReason, Headers } from './classify-answer.rules.ts'

/** What every tracker is configured with; a kind adds its own. */
export interface TrackerSettings {
  kind: string
  /** Where people see it, without a slash at the end. */
  url: string
  /** Where issues are created unless somebody says another project. */
  project: string
  token: string
  webhookSecret?: string | undefined
  labels: string[]
  lookEvery: number
  closeWhenProved: boolean
  ca?: string | undefined
}

/** One issue by its place in a tracker. */
export interface IssueRef {
  project: string
  number: string
}

/** An issue as the tracker shows it. */
export interface IssueSeen {
  ref: IssueRef
  url: string
  title: string
  state: 'open' | 'closed'
  /** Closed because nobody will do it, or as a copy of another: where the tracker tells that from done. */
  givenUp: boolean
  /** When it was closed last, where the tracker says so. */
  closedAt: number | null
  etag: string | null
}

/** A piece of what is said in a tracker: `text` in our own words, `quote` in those of people, whatever they hold. */
export type Said =
  | { is: 'text'; text: string }
  | { is: 'quote'; text: string }
  | { is: 'link'; label: string; url: string }

/** An issue to be created. */
export interface IssueDraft {
  title: string
  said: Said[]
  labels: string[]
  /** Found again by this: hidden where the tracker can hide it. */
  marker: string
}

/** What a tracker answered; everything else was thrown as `TrackerFailed`. */
export interface TrackerAnswer {
  status: number
  headers: Headers
  json: unknown
}

export interface AskOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH'
  query?: Record<string, string>
  body?: unknown
  headers?: Record<string, string>
}

/** Asks the tracker once. The path begins behind the base of its API. */
export type Ask = (path: string, options?: AskOptions) => Promise<TrackerAnswer>

/** A tracker did not do what it was asked for; a value for whoever catches it, not a bug. */
export class TrackerFailed extends Error {
  readonly reason: FailureReason
  /** Not before this instant, where the tracker says so. */
  readonly retryAt: number | null
  constructor(reason: FailureReason, detail: string, retryAt: number | null = null) {
    super(detail)
    this.name = 'TrackerFailed'
    this.reason = reason
    this.retryAt = retryAt
  }
}

export type WebhookVerdict = 'valid' | 'unsigned' | 'wrong'

/** A tracker: one folder and one line in the registry. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds kinds of several settings
export interface TrackerKind<Settings extends TrackerSettings = any> {
  kind: string
  title: string
  /** Its entry in the configuration. */
  schema: ZodType<Settings>
  /** Where its API begins. */
  api(settings: Settings): string
  /** What lets us in. */
  headers(settings: Settings): Record<string, string>
  /** Reads an address that somebody copied from the tracker; null where it is none of its issues. */
  readUrl(settings: Settings, url: URL): IssueRef | null
  /** The issue that carries the marker and was created since then; asked before each creation. */
  find(
    ask: Ask,
    settings: Settings,
    project: string,
    marker: string,
    since: number,
  ): Promise<IssueSeen | null>
  create(ask: Ask, settings: Settings, project: string, draft: IssueDraft): Promise<IssueSeen>
  /** How it stands; `unchanged` where the tracker says that nothing changed since that ETag. */
  read(ask: Ask, settings: Settings, ref: IssueRef, etag: string | null): Promise<IssueSeen | 'unchanged'>
  comment(ask: Ask, settings: Settings, ref: IssueRef, said: Said[], marker: string): Promise<void>
  /** Whether a comment with the marker is there: asked where an attempt may have gone through. */
  hasComment(ask: Ask, settings: Settings, ref: IssueRef, marker: string, since: number): Promise<boolean>
  setState(ask: Ask, settings: Settings, ref: IssueRef, to: 'open' | 'closed'): Promise<IssueSeen>
  checkWebhook(settings: Settings, headers: Headers, body: string): WebhookVerdict
  /** Which issue a webhook speaks of; what else it says is not believed. Null where it speaks of none. */
  issueOfWebhook(headers: Headers, payload: unknown): IssueRef | null
}
