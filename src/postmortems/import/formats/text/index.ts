import type { Format } from '../../block.ts'
import { textBlocks } from '../../markup/text-blocks.ts'
import { place } from '../../placed-text.ts'

/** Text without markup, slides exported as text among it. */
export const text: Format = {
  name: 'text',
  title: 'Plain text and slide text',
  extensions: ['txt', 'text', 'log'],
  mediaTypes: ['text/plain'],
  // What is nothing else is text.
  looks: () => 0.1,
  read(source) {
    const { blocks, notes } = textBlocks(place(source))
    return { pieces: [{ blocks }], notes }
  },
}
