import type { PostmortemDocument } from '../../contract/postmortem-document.ts'
import type { ExportFormat } from './formats.ts'

const ENDS: Record<ExportFormat, string> = {
  markdown: 'md',
  html: 'html',
  pdf: 'pdf',
  json: 'tocsin.json',
}

/** A name for the file: `2026-01-31-wrong-name-1f2e3d4c.md`, of characters that every file system and header takes. */
export function fileName(
  document: Pick<PostmortemDocument, 'id' | 'title' | 'createdAt' | 'incident'>,
  format: ExportFormat,
): string {
  const day = (document.incident?.times.impact_start ?? document.createdAt).slice(0, 10)
  const words = document.title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replaceAll(/^-+|-+$/g, '')
  // The end of an id is the random part of it.
  const parts = [/^\d{4}-\d\d-\d\d$/.test(day) ? day : '', words || 'post-mortem', document.id.slice(-8)]
  return `${parts.filter((part) => part !== '').join('-')}.${ENDS[format]}`
}
