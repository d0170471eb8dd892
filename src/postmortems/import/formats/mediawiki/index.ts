import type { Format } from '../../block.ts'
import { place } from '../../placed-text.ts'
import { wikiBlocks } from './wiki-blocks.ts'

/** Pages of MediaWiki. */
export const mediawiki: Format = {
  name: 'mediawiki',
  title: 'MediaWiki',
  extensions: ['mediawiki', 'wiki', 'mw'],
  mediaTypes: ['text/x-wiki', 'text/mediawiki'],
  looks(source) {
    const head = source.slice(0, 20_000)
    const headings = head.match(/^={2,5}[^=\n].{0,200}[^=\n]={2,5}[ \t]*$/gm)?.length ?? 0
    const others = head.match(/'''|\[\[|^\{\||^[*#]{1,4} ?\w/gm)?.length ?? 0
    return headings >= 2 ? 0.85 : headings === 1 && others >= 2 ? 0.7 : 0
  },
  read: (source) => wikiBlocks(place(source)),
}
