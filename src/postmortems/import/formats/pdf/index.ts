import type { Format } from '../../block.ts'
import { textBlocks } from '../../markup/text-blocks.ts'
import { place } from '../../placed-text.ts'

/** The text layer of a PDF; `pdf-text.ts` takes it out of the file. */
export const pdf: Format = {
  name: 'pdf',
  title: 'PDF (text layer)',
  extensions: ['pdf'],
  mediaTypes: ['application/pdf'],
  // Its bytes are recognized, not its text.
  looks: () => 0,
  read(source) {
    const { blocks, notes } = textBlocks(place(source))
    return { pieces: [{ blocks }], notes }
  },
}
