import { TocsinError } from '../../kit/errors.ts'
import { shown, writeMarkdown } from '../export/write-markdown.ts'
import type { Format, Piece } from './block.ts'
import { type Correction, correct } from './corrections.rules.ts'
import { decodeBytes, isBinary, isPdf } from './decode-bytes.ts'
import { judge } from './findings.rules.ts'
import { FORMATS } from './formats/registry.ts'
import { outline, splitIncidents } from './outline.rules.ts'
import { spanOf } from './placed-text.ts'
import { readIncident, saysSomething } from './read-incident.ts'
import { readOwnDocument } from './read-own-document.ts'
import type { Finding, Reading } from './reading.ts'
import type { Day } from './time/resolve-time.ts'

export interface Given {
  /** The name of the file: its end tells the format, and it may hold the date. */
  name: string
  mediaType?: string
  /** By name, where a person chose it. */
  format?: string
  /** What a reviewer said of parts of the source. */
  corrections?: readonly Correction[]
  /** The latest day that a guessed date may have. */
  today: Day
}

const LONGEST = 3_000_000
const MOST_LINES = 150_000
const MOST_BLOCKS = 120_000

/** The format of a text: what a person chose, what its name or type says, what it looks like. */
export function formatOf(text: string, given: Pick<Given, 'name' | 'mediaType' | 'format'>): Format {
  const chosen = FORMATS.find(({ name }) => name === given.format)
  if (chosen) return chosen
  if (given.format !== undefined)
    throw new TocsinError(
      'invalid-input',
      `There is no format "${given.format}": it is one of ${FORMATS.map(({ name }) => name).join(', ')}.`,
    )
  const extension = /\.([A-Za-z0-9]{1,12})$/.exec(given.name)?.[1]?.toLowerCase() ?? ''
  const type = (given.mediaType ?? '').replace(/;.*$/s, '').trim().toLowerCase()
  const scored = FORMATS.map((format) => {
    const named =
      format.name !== 'text' && (format.extensions.includes(extension) || format.mediaTypes.includes(type))
    return { format, score: format.looks(text) + (named ? 0.6 : 0) }
  })
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).format
}

/** Reads a file: its bytes are made text first. */
export async function readDocument(content: Uint8Array | string, given: Given): Promise<Reading> {
  if (typeof content === 'string') return readText(content, given)
  if (isPdf(content)) {
    const { pdfText } = await import('./formats/pdf/pdf-text.ts')
    return readText(await pdfText(content), { ...given, format: 'pdf' })
  }
  const { text } = decodeBytes(content)
  if (isBinary(text))
    throw new TocsinError(
      'wrong-media-type',
      `${given.name || 'The file'} is not text, and no format that can be read.`,
    )
  return readText(text, given)
}

/** Reads a document: the same text gives the same answer, and every value of it has its place in the text. */
export function readText(text: string, given: Given): Reading {
  const own = readOwnDocument(text)
  if (!own) return readForeign(text, given)
  // What another Tocsin exported is read as its Markdown, which is what a person sees of it.
  const markdown = writeMarkdown(shown(own, `${own.origin}/post-mortems/${own.id}`, null))
  return { ...readForeign(markdown, { ...given, format: 'markdown' }), format: 'tocsin' }
}

function readForeign(text: string, given: Given): Reading {
  const whole = shortened(text)
  const format = formatOf(whole, given)
  const source = format.decode?.(whole) ?? whole
  const { pieces, notes } = format.read(source)
  const findings: Finding[] = notes.map(({ code, text, span }) => ({
    code,
    message: text,
    span,
    incident: null,
  }))
  if (whole.length < text.length)
    findings.push({
      code: 'cut-short',
      message: `Only the first ${LONGEST} characters and ${MOST_LINES} lines are read.`,
      span: null,
      incident: null,
    })
  const broken = source.indexOf('\ufffd')
  if (broken >= 0)
    findings.push({
      code: 'encoding',
      message: 'Some characters could not be read: the file may be in another encoding.',
      span: { from: broken, to: broken + 1 },
      incident: null,
    })
  const incidents = []
  for (const piece of pieces) {
    const rest = piece.blocks.splice(MOST_BLOCKS)
    if (rest.length > 0)
      findings.push({
        code: 'cut-short',
        message: `Only the first ${MOST_BLOCKS} paragraphs and items are read.`,
        span: spanOf(rest[0]!.text),
        incident: null,
      })
    for (const { incident, noted } of readPiece(piece, given)) {
      const index = incidents.push(incident) - 1
      for (const finding of noted) findings.push({ ...finding, incident: index })
    }
  }
  if (incidents.length === 0)
    findings.push({
      code: 'nothing-found',
      message: 'Nothing in it looks like a post-mortem.',
      span: null,
      incident: null,
    })
  return { format: format.name, source, incidents, findings }
}

/** A text beyond what any post-mortem has, up to what is read of it. */
function shortened(text: string): string {
  let at = -1
  for (let lines = 0; lines < MOST_LINES; lines++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return text.slice(0, LONGEST)
  }
  return text.slice(0, Math.min(at, LONGEST))
}

function readPiece(piece: Piece, given: Given) {
  const sections = correct(outline(piece.blocks), given.corrections ?? [])
  const parts = splitIncidents(sections)
  return parts
    .map((part) => {
      const context = {
        piece,
        whole: sections,
        name: given.name,
        today: given.today,
        several: parts.length > 1,
      }
      const { incident, findings } = readIncident(part, context)
      return { incident, noted: [...findings, ...judge(incident)] }
    })
    .filter(({ incident }) => saysSomething(incident))
}
