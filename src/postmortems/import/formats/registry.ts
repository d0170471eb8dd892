import type { Format } from '../block.ts'
import { asciidoc } from './asciidoc/index.ts'
import { feed } from './feed/index.ts'
import { html } from './html/index.ts'
import { mail } from './mail/index.ts'
import { markdown } from './markdown/index.ts'
import { mediawiki } from './mediawiki/index.ts'
import { pdf } from './pdf/index.ts'
import { text } from './text/index.ts'

/** Every format of documents, in alphabetical order. */
export const FORMATS: readonly Format[] = [asciidoc, feed, html, mail, markdown, mediawiki, pdf, text]
