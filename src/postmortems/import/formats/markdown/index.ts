import type { Format } from '../../block.ts'
import { readFrontMatter } from '../../markup/front-matter.ts'
import { place } from '../../placed-text.ts'
import { markdownBlocks } from './markdown-blocks.ts'

/** Markdown with front matter in YAML or TOML. */
export const markdown: Format = {
  name: 'markdown',
  title: 'Markdown',
  extensions: ['md', 'markdown', 'mdx', 'mdown', 'erb', 'qmd', 'rmd'],
  mediaTypes: ['text/markdown', 'text/x-markdown'],
  looks(source) {
    const head = source.slice(0, 20_000)
    if (/^(?:---|\+\+\+)\r?\n[\s\S]{0,4000}?\n(?:---|\+\+\+)\r?\n/.test(head)) return 0.9
    const headings = head.match(/^#{1,6} \S/gm)?.length ?? 0
    const others = head.match(/\]\(\w|^\|.*\|\s*$|^```|\*\*\S/gm)?.length ?? 0
    return headings >= 2 ? 0.8 : headings === 1 && others > 0 ? 0.7 : 0
  },
  read(source) {
    const whole = place(source)
    const { body, title, date, ours } = readFrontMatter(whole)
    const read = markdownBlocks(body)
    const blocks = ours ? read.map((block) => ({ ...block, finished: true })) : read
    return {
      pieces: [{ blocks, ...(title ? { title } : {}), ...(date ? { date } : {}) }],
      notes: [],
    }
  },
}
