import { type Edit, edit, type Placed } from '../placed-text.ts'

/** The named characters that reports use; what is not here stays as it is written. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  rarr: '→',
  larr: '←',
  uarr: '↑',
  darr: '↓',
  check: '✓',
  times: '×',
  deg: '°',
  plusmn: '±',
  ge: '≥',
  le: '≤',
  ne: '≠',
  asymp: '≈',
  micro: 'µ',
  copy: '©',
  reg: '®',
  trade: '™',
  euro: '€',
  pound: '£',
  cent: '¢',
  sect: '§',
  para: '¶',
  shy: '',
  zwj: '',
  zwnj: '',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  agrave: 'à',
  aacute: 'á',
  acirc: 'â',
  ccedil: 'ç',
  egrave: 'è',
  eacute: 'é',
  ecirc: 'ê',
  iacute: 'í',
  oacute: 'ó',
  ocirc: 'ô',
  uacute: 'ú',
  ntilde: 'ñ',
}

const ENTITY = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g

function character(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd'
  return String.fromCodePoint(code)
}

/** The character that an entity stands for, or null. */
export function entity(decimal?: string, hex?: string, name?: string): string | null {
  if (decimal) return character(Number(decimal))
  if (hex) return character(Number.parseInt(hex, 16))
  return NAMED[name!] ?? null
}

/** Character references as the characters that they stand for. */
export function decodeEntities(placed: Placed): Placed {
  if (!placed.text.includes('&')) return placed
  const edits: Edit[] = []
  for (const m of placed.text.matchAll(ENTITY)) {
    const text = entity(m[1], m[2], m[3])
    if (text !== null) edits.push({ from: m.index, to: m.index + m[0].length, text })
  }
  return edit(placed, edits)
}
