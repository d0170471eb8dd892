/** The reference pages, made of the schemas and tables that the program itself uses. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { configurationSchema } from '../src/app/configuration.ts'
import { VERSION } from '../src/app/version.ts'
import { channels } from '../src/channels/index.ts'
import { POSTMORTEM_SCHEMA, postmortemDocument } from '../src/contract/postmortem-document.ts'
import { openApiDocument } from '../src/http/index.ts'
import { ERRORS } from '../src/kit/errors.ts'
import {
  KEEPER_REASONS,
  type MonitorKind,
  monitorEntry,
  monitorKinds,
  ROOM_REASONS,
} from '../src/monitors/index.ts'
import { drillKindsWithSettings, faultsOfKind } from '../src/proofs/index.ts'

interface Schema {
  title?: string
  description?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  additionalProperties?: Schema | boolean
}

const GENERATED = '<!-- Made by scripts/generate-reference.ts; do not edit. -->\n\n'

// Where more are allowed, they stand elsewhere.
const MOST_NAMED = 40

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum && schema.enum.length > MOST_NAMED) return `one of ${schema.enum.length} names`
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (Array.isArray(schema.type)) return schema.type.join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  if (schema.type === 'string') return 'text'
  if (schema.type === 'integer') return 'whole number'
  if (schema.type === 'boolean') return '`true`, `false`'
  // Where several are allowed it is a list of them.
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' or ')
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function rows(schema: Schema, prefix = ''): string[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name
    if (field.properties) return rows(field, `${path}.`)
    const fallback =
      field.default === undefined
        ? required.has(name)
          ? 'required'
          : ''
        : `\`${JSON.stringify(field.default)}\``
    return [
      `| \`${path}\` | ${cell(typeOf(field))} | ${cell(fallback)} | ${cell(field.description ?? field.title ?? '')} |`,
    ]
  })
}

function schemaOf(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Schema
}

function table(schema: Schema): string {
  return `| Key | Value | Default | Meaning |\n|---|---|---|---|\n${rows(schema).join('\n')}\n`
}

const list = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')

/** How it is checked from a terminal, or why it is not. */
function byHand({ typedAs = [], notByHand }: Pick<MonitorKind, 'typedAs' | 'notByHand'>): string {
  if (notByHand) return `Not by hand: ${notByHand.replaceAll('"', '`')}.\n\n`
  return `By hand: \`tocsin check\` with ${typedAs.map((text) => `\`${text}\``).join(', ')}.\n\n`
}

/** The configuration that shows a kind; nothing where there is none yet. */
function example(kind: string): string {
  const file = new URL(`../examples/monitors/${kind}.yaml`, import.meta.url)
  return existsSync(file) ? `\`\`\`yaml\n${readFileSync(file, 'utf8').trim()}\n\`\`\`\n\n` : ''
}

/** What a drill plays against a kind, and what to write so that it is caught. */
function drilled(kind: MonitorKind): string {
  const { faults, whyNone } = faultsOfKind(kind)
  if (whyNone !== null) return `No drill plays anything for this kind: ${whyNone}\n`
  const lines = faults.map(
    ({ name, title, demanded, remedy }) =>
      `| \`${name}\` | ${cell(title)} | ${demanded ? 'where asked for' : 'always'} | ${cell(remedy)} |`,
  )
  return `A drill plays these faults; "where asked for" are those that are none where the monitor expects nothing of the sort.\n\n| Fault | What is wrong | Played | So that it is caught |\n|---|---|---|---|\n${lines.join('\n')}\n`
}

/** What every monitor of a kind is blind to. */
function blindSpots({ cannotSee }: MonitorKind): string {
  const lines = cannotSee.map(
    ({ failureClass, why, seenBy }) =>
      `| \`${failureClass}\` | ${cell(why)} | ${seenBy.length > 0 ? list(seenBy) : 'people alone'} |`,
  )
  return `No monitor of this kind can see:\n\n| Failure | Why | Seen by |\n|---|---|---|\n${lines.join('\n')}\n`
}

/** The kinds beside each other: what is drilled, and what stays unseen. */
function drillTable(): string {
  const lines = (Object.values(monitorKinds) as unknown as MonitorKind[]).map((kind) => {
    const { faults, whyNone } = faultsOfKind(kind)
    const asked = faults.filter(({ demanded }) => demanded).length
    const classes = list(kind.cannotSee.map(({ failureClass }) => failureClass))
    return `| \`${kind.kind}\` | ${whyNone ?? faults.length - asked} | ${whyNone === null ? asked : ''} | ${classes} |`
  })
  return `## Drills and blind spots\n\n| Kind | Faults always played | Faults played where asked for | No monitor of the kind can see |\n|---|---|---|---|\n${lines.join('\n')}\n`
}

function monitorsPage(): string {
  const { oneOf, anyOf } = schemaOf(monitorEntry)
  const entries = oneOf ?? anyOf ?? []
  const kinds = (Object.values(monitorKinds) as unknown as MonitorKind[]).map((kind) => {
    const entry = entries.find(({ properties }) => properties?.type?.const === kind.kind)
    if (!entry) throw new Error(`the configuration knows no monitor of the kind ${kind.kind}`)
    return `## ${kind.title}: \`type: ${kind.kind}\`\n\n${kind.description}\n\n${byHand(kind)}${example(kind.kind)}${table(entry)}\nReasons: ${list(kind.reasons)}.\n\n${drilled(kind)}\n${blindSpots(kind)}`
  })
  const common = [...new Set<string>([...KEEPER_REASONS, ...ROOM_REASONS])]
  return `${GENERATED}# Kinds of monitor\n\nKeys with a dot are nested. Durations are written \`90s\`, \`5m\`, \`1h30m\` or \`14d\`.\n\n${kinds.join('\n')}\n${drillTable()}\n## Reasons of every kind\n\n${list(common)}.\n`
}

function channelsPage(): string {
  const kinds = Object.values(channels).map(
    ({ kind, title, description, schema, shorthand }) =>
      `## ${title}: \`${kind}\`\n\n${description}\n\n${table(schemaOf(schema))}\nA bare text stands for \`${shorthand}\`.\n`,
  )
  return `${GENERATED}# Ways to reach people\n\n${kinds.join('\n')}`
}

function drillsPage(): string {
  const kinds = drillKindsWithSettings().map(
    ({ kind, title, description, reasons, settings }) =>
      `## ${title}: \`kind: ${kind}\`\n\n${description}\n\n${table(schemaOf(settings))}\nReasons: ${list(reasons)}.\n`,
  )
  return `${GENERATED}# Kinds of drill\n\nKeys with a dot are nested. Durations are written \`90s\`, \`5m\`, \`1h30m\` or \`14d\`. The
names of faults stand with the [kinds of monitor](monitors.md), and what drills are good for in [Drills](../drills.md).\n\n${kinds.join('\n')}`
}

function errorsPage(): string {
  const lines = Object.entries(ERRORS).map(
    ([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`,
  )
  return `${GENERATED}# Errors\n\nThe API answers errors as \`application/problem+json\` (RFC 9457). \`code\` says which one, \`detail\` what
happened, and \`problems\` each place that is wrong with what to do about it. An \`internal\` error carries in
\`instance\` the number under which the log explains it.\n\n| Code | Status | Title |\n|---|---|---|\n${lines.join('\n')}\n`
}

/** Every key of a document, those of lists with `[]`. */
function keysOf(schema: Schema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name
    const options = (field.anyOf ?? []).filter(({ type }) => type !== 'null')
    const [one = field] = options.length === 1 ? options : []
    const nullable = (field.anyOf ?? []).some(({ type }) => type === 'null')
    const inner = one.type === 'array' ? (one.items ?? {}) : one
    const below = inner.properties ? keysOf(inner, `${path}${one.type === 'array' ? '[]' : ''}.`) : []
    const type =
      one.type === 'array'
        ? inner.properties
          ? 'list'
          : `list of ${typeOf(inner)}`
        : inner.properties
          ? 'object'
          : typeOf(one)
    const meaning = field.description ?? one.description ?? ''
    return [`| \`${path}\` | ${cell(type)}${nullable ? ' or `null`' : ''} | ${cell(meaning)} |`, ...below]
  })
}

function postmortemPage(): string {
  const lines = keysOf(schemaOf(postmortemDocument)).filter((line) => !line.includes('source.reading.'))
  return `${GENERATED}# Post-mortems as JSON: \`${POSTMORTEM_SCHEMA}\`

What \`tocsin export --format json\` and \`GET /api/v1/postmortems/{id}/json\` write, and \`tocsin import\` reads. The schema
for machines is [postmortem.schema.json](postmortem.schema.json). Times are RFC 3339. Keys that are not listed are
refused, and so is another version.

\`standing\` says how things stand, and where: each Tocsin that a post-mortem passed through adds a line of its own once
somebody there has changed the state. An import takes text, actions, categories and the document behind them for its
own. States, proofs, reviews and the incident are the word of the Tocsin that wrote them: they are kept as they came
and leave again with the next export, but no action is proved, and no text reviewed, by being imported. An import that
nobody has touched is exported as the same bytes.

| Key | Value | Meaning |
|---|---|---|
${lines.join('\n')}

\`source.reading\` is what was read in the source, each value as \`{ value, span, confidence }\`.
`
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Every generated file by its path in the clone. */
export function referenceFiles(): Record<string, string> {
  return {
    'docs/reference/monitors.md': monitorsPage(),
    'docs/reference/channels.md': channelsPage(),
    'docs/reference/drills.md': drillsPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/configuration.schema.json': json(configurationSchema()),
    'docs/reference/postmortem.md': postmortemPage(),
    'docs/reference/postmortem.schema.json': json(
      z.toJSONSchema(postmortemDocument, { io: 'input', unrepresentable: 'any', reused: 'inline' }),
    ),
    'docs/reference/openapi.json': json(openApiDocument(VERSION)),
  }
}
