import { visible } from '../../comms/index.ts'
import { findPieces } from '../../contract/live-pieces.ts'
import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { notFound } from '../../kit/errors.ts'
import { hasPiece, readLiveData, renderLivePieces } from '../live/index.ts'
import type { Postmortem } from '../postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { fileName } from './file-name.rules.ts'
import type { ExportFormat } from './formats.ts'
import { gatherDocument, type TellProofs } from './gather-document.ts'
import { type PrintOptions, printPdf } from './print-pdf.ts'
import { writeHtml } from './write-html.ts'
import { type Shown, shown, writeMarkdown } from './write-markdown.ts'

/** A post-mortem as a file. */
export interface ExportedFile {
  name: string
  type: string
  content: string | Buffer
}

const TYPES: Record<ExportFormat, string> = {
  markdown: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  json: 'application/json; charset=utf-8',
}

/** What other rooms and the machine have to do with it. */
export interface ExportOptions {
  printing?: Omit<PrintOptions, 'title'>
  tellProofs?: TellProofs
}

/** A post-mortem in one of the forms in which it may leave Tocsin. */
export async function exportPostmortem(
  world: World,
  actor: Actor,
  { postmortemId, format }: { postmortemId: string; format: ExportFormat },
  { printing = {}, tellProofs }: ExportOptions = {},
): Promise<ExportedFile> {
  authorize(actor, 'viewer')
  const postmortem = await findPostmortem(world.store.read, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  const { document, here } = await gatherDocument(world, postmortem, tellProofs)
  const file = (content: string | Buffer) => ({
    name: fileName(document, format),
    type: TYPES[format],
    content,
  })
  if (format === 'json') return file(`${JSON.stringify(document, null, 2)}\n`)
  const of = shown(
    document,
    `${world.publicUrl}/post-mortems/${document.id}`,
    here,
    await liveBody(world, postmortem),
  )
  if (format === 'markdown') return file(writeMarkdown(of))
  const page = writeHtml(of)
  return file(
    format === 'html' ? page : await printPdf(world, page, { ...printing, title: visible(document.title) }),
  )
}

/** The text with its live pieces as they are now. */
async function liveBody(world: World, postmortem: Postmortem): Promise<Pick<Shown, 'body' | 'showsActions'>> {
  const { body } = postmortem
  if (findPieces(body).length === 0) return { body, showsActions: false }
  return {
    body: renderLivePieces(body, await readLiveData(world, postmortem)),
    showsActions: hasPiece(body, 'actions'),
  }
}

/** A post-mortem as Markdown with front matter. */
export async function exportMarkdown(
  world: World,
  actor: Actor,
  { postmortemId }: { postmortemId: string },
): Promise<string> {
  return (await exportPostmortem(world, actor, { postmortemId, format: 'markdown' })).content as string
}
