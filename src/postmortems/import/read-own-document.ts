import {
  POSTMORTEM_SCHEMA,
  type PostmortemDocument,
  postmortemDocument,
} from '../../contract/postmortem-document.ts'
import { reasonOf, TocsinError } from '../../kit/errors.ts'
import { CATEGORIES } from '../postmortem.ts'

const MOST_TOLD = 20
const FAMILY = POSTMORTEM_SCHEMA.slice(0, POSTMORTEM_SCHEMA.indexOf('@') + 1)

/** The post-mortem that a text is an export of; null where it is none of ours. Refuses one that is damaged or newer. */
export function readOwnDocument(text: string): PostmortemDocument | null {
  if (!/^\ufeff?\s*\{/.test(text.slice(0, 1_000)) || !text.includes(`"${FAMILY}`)) return null
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw refusal(
      `It begins like an export of Tocsin and is no JSON (${reasonOf(error)}): it may be cut off.`,
    )
  }
  const schema = (value as { schema?: unknown } | null)?.schema
  if (typeof schema !== 'string' || !schema.startsWith(FAMILY)) return null
  if (schema !== POSTMORTEM_SCHEMA)
    throw refusal(
      `It is ${schema.slice(0, 60)}, and this Tocsin reads ${POSTMORTEM_SCHEMA}: import it into a newer one.`,
    )
  const result = postmortemDocument.safeParse(value)
  if (!result.success) {
    const problems = result.error.issues
      .slice(0, MOST_TOLD)
      .map(({ path, message }) => ({ path: path.join('.'), message }))
    throw new TocsinError(
      'invalid-input',
      `The export cannot be read: ${problems[0]!.path}: ${problems[0]!.message}`,
      problems,
    )
  }
  const wrong = whatIsWrong(result.data)
  if (wrong) throw refusal(`The export cannot be read: ${wrong}.`)
  return result.data
}

const refusal = (detail: string) => new TocsinError('invalid-input', detail)

/** What a schema cannot say. */
function whatIsWrong(document: PostmortemDocument): string | null {
  const category = document.categories.find((one) => !(CATEGORIES as readonly string[]).includes(one))
  if (category !== undefined) return `there is no category "${category}"`
  const ids = document.actions.map(({ id }) => id)
  if (new Set(ids).size < ids.length) return 'two of its actions have the same id'
  if (holdsNul(document)) return 'it holds the character NUL'
  const { source } = document
  if (source && isOutside([source.reading, source.findings], source.text.length))
    return 'a place lies outside of the source'
  return null
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000')
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsNul)
}

function isOutside(value: unknown, length: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { from, to } = value as { from?: unknown; to?: unknown }
  if (typeof from === 'number' && typeof to === 'number' && (from > to || to > length)) return true
  return Object.values(value).some((inner) => isOutside(inner, length))
}
