import type { Format } from '../../block.ts'
import { decodeEntities } from '../../markup/entities.ts'
import { htmlBlocks } from '../../markup/html-blocks.ts'
import { cut, place, trim } from '../../placed-text.ts'

/** Web pages and exports of wikis. */
export const html: Format = {
  name: 'html',
  title: 'HTML',
  extensions: ['html', 'htm', 'xhtml'],
  mediaTypes: ['text/html', 'application/xhtml+xml'],
  looks(source) {
    const head = source.slice(0, 4_000)
    if (/^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)\b/i.test(head)) return 1
    const tags = head.match(/<\/(?:p|h[1-6]|li|ul|td|tr|dd|div)>/gi)?.length ?? 0
    return /^\s*</.test(head) && tags >= 3 ? 0.8 : 0
  },
  read(source) {
    const whole = place(source)
    const title = /<title[^>]{0,200}>/i.exec(source.slice(0, 100_000))
    const end = title ? source.indexOf('<', title.index + title[0].length) : -1
    return {
      pieces: [
        {
          blocks: htmlBlocks(whole),
          ...(title && end > 0
            ? { title: trim(decodeEntities(cut(whole, title.index + title[0].length, end))) }
            : {}),
        },
      ],
      notes: [],
    }
  },
}
