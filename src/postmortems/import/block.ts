import type { Placed, Span } from './placed-text.ts'

/** What every format is read into: the parts of a document in their order, without markup, with their places. */
export interface Block {
  kind: BlockKind
  /** Without markup. Lines that the source broke stay broken. Of a row: its cells, apart by a bar. */
  text: Placed
  /** Of a heading 1 to 6; of an item its depth from 0; else 0. */
  level: number
  /** Of a definition: what is defined. */
  term?: Placed
  /** Of a row. */
  cells?: Placed[]
  /** A row that names the columns. */
  header?: boolean
  /** An item that counts. */
  ordered?: boolean
  /** An item with a box: ticked or not. */
  checked?: boolean
  /** How many characters at the beginning are set apart (bold), as labels are. */
  bold?: number
  links: Link[]
  /** How often it is quoted: 0 for what the writer says. */
  quote: number
  /** The text of a list item or paragraph that was struck out. */
  struck?: boolean
  /** Of a document that nobody has to fill in: an export of ours. What looks like a template in it was written so. */
  finished?: boolean
  /** What others said to it in the thread. */
  replies?: Placed[]
}

export type BlockKind =
  | 'heading'
  | 'paragraph'
  | 'item'
  | 'row'
  | 'definition'
  | 'code'
  /** A rule, a slide, a page: what follows begins anew. */
  | 'break'

export interface Link {
  /** Place in the block's text. */
  from: number
  to: number
  href: string
  /** Place of the address in the source. */
  span: Span
}

/** One document within what was read: a feed has several, most files one. */
export interface Piece {
  blocks: Block[]
  /** What the format itself says: front matter, mail headers, the feed's item. */
  title?: Placed
  /** An address of the document itself. */
  url?: Placed
  /** A date that the format gives; says the year when the text does not. */
  date?: Placed
}

/** What a format makes of the text. */
export interface Read {
  pieces: Piece[]
  /** Odd things that only the format can see. */
  notes: Note[]
}

/** Something odd with its place. */
export interface Note {
  code: 'doubled-lines' | 'encoding' | 'cut-short'
  text: string
  span: Span
}

/** One format of documents: one folder, one line in the registry. */
export interface Format {
  name: string
  title: string
  /** Ends of file names, without the dot. */
  extensions: readonly string[]
  mediaTypes: readonly string[]
  /** How much the text looks like it: 0 not at all, 1 certainly. */
  looks(text: string): number
  /** The text as a person sees it, where the file holds it encoded. Null: as it is. */
  decode?(text: string): string | null
  read(text: string): Read
}
