import { reasonOf, TocsinError } from '../../../../kit/errors.ts'

/** What we use of a reader of PDF. */
interface PdfItem {
  str?: string
  hasEOL?: boolean
  height?: number
  transform?: number[]
}
interface PdfDocument {
  numPages: number
  getPage(number: number): Promise<{ getTextContent(): Promise<{ items: PdfItem[] }> }>
}

const MOST_PAGES = 2_000

/** Takes the text layer out of a PDF, line by line; pages are apart by a form feed. */
export async function pdfText(bytes: Uint8Array): Promise<string> {
  // A megabyte of code that only PDFs need.
  const { getDocumentProxy } = await import('unpdf')
  let pdf: PdfDocument
  try {
    // It takes the bytes for its own: they are copied.
    pdf = (await getDocumentProxy(new Uint8Array(bytes))) as PdfDocument
  } catch (error) {
    throw new TocsinError('invalid-input', `The PDF cannot be read: ${reasonOf(error)}.`)
  }
  const pages: string[] = []
  for (let number = 1; number <= Math.min(pdf.numPages, MOST_PAGES); number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    pages.push(linesOfItems(items))
  }
  const text = pages.join('\n\f\n')
  if (text.trim() === '')
    throw new TocsinError(
      'invalid-input',
      'The PDF has no text layer: it holds pictures of pages. Recognize its text first, or paste it.',
    )
  return text
}

/** The items of a page as lines: a new line where the baseline moves, an empty one where it moves far. */
export function linesOfItems(items: readonly PdfItem[]): string {
  let text = ''
  let baseline: number | null = null
  let height = 0
  for (const item of items) {
    if (item.str === undefined) continue
    const y = item.transform?.[5] ?? null
    const tall = item.height || Math.abs(item.transform?.[3] ?? 0) || height
    if (
      item.str !== '' &&
      y !== null &&
      baseline !== null &&
      Math.abs(y - baseline) > Math.max(1, tall * 0.4)
    ) {
      if (!text.endsWith('\n')) text += '\n'
      if (Math.abs(y - baseline) > Math.max(tall, height) * 1.9) text += '\n'
    }
    text += item.str
    if (item.hasEOL && !text.endsWith('\n')) text += '\n'
    if (item.str.trim() !== '' && y !== null) {
      baseline = y
      height = tall
    }
  }
  return text.replaceAll(/[ \t]+$/gm, '')
}
