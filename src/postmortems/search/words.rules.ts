/** Words as both databases index them: letters and digits, without case and accents. */

const WORD = /[\p{L}\p{N}\p{Co}](?:[\p{L}\p{N}\p{Co}]|[\u0300-\u036f])*/gu
const ASCII = /^[\u0000-\u007f]*$/

/** Without case and accents. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC')
}

/** A word of a text with its place; `word` is folded. */
export interface PlacedWord {
  word: string
  from: number
  to: number
}

/** The words of a text in their order. */
export function wordsIn(text: string): PlacedWord[] {
  const words: PlacedWord[] = []
  for (const match of text.matchAll(WORD)) {
    const word = fold(match[0])
    if (word !== '') words.push({ word, from: match.index, to: match.index + match[0].length })
  }
  return words
}

const VOWEL = /[aeiouy]/
const PLAIN = /^[a-z]+$/

// What a word may be made of: `expired` comes from `expire` or `expir`, whichever it is.
function rootsOf(word: string): string[] {
  const roots = new Set([word])
  const add = (root: string) => {
    if (root.length >= 3 && VOWEL.test(root)) roots.add(root)
  }
  if (/ies$/.test(word)) add(`${word.slice(0, -3)}y`)
  else if (/(?:s|x|z|ch|sh)es$/.test(word)) {
    add(word.slice(0, -2))
    add(word.slice(0, -1))
  } else if (/[^siu]s$/.test(word)) add(word.slice(0, -1))
  const ending = /(?:ing|ed)$/.exec(word)?.[0]
  if (ending && word.length >= ending.length + 3) {
    const bare = word.slice(0, -ending.length)
    add(bare)
    add(`${bare}e`)
    if (/([b-df-hj-np-tv-z])\1$/.test(bare)) add(bare.slice(0, -1))
    if (ending === 'ed' && bare.endsWith('i')) add(`${bare.slice(0, -1)}y`)
  }
  return [...roots]
}

/** An English word in its usual forms, itself first: whoever types `certificates` means `certificate` too. */
export function formsOf(word: string): string[] {
  if (word.length < 4 || !PLAIN.test(word)) return [word]
  const forms = new Set([word])
  for (const root of rootsOf(word)) {
    forms.add(root)
    if (root.endsWith('e')) for (const end of ['s', 'd']) forms.add(root + end)
    else if (/[^aeiou]y$/.test(root)) for (const end of ['ies', 'ied']) forms.add(root.slice(0, -1) + end)
    else for (const end of /(?:s|x|z|ch|sh)$/.test(root) ? ['es', 'ed'] : ['s', 'ed']) forms.add(root + end)
    forms.add(`${root.endsWith('e') ? root.slice(0, -1) : root}ing`)
    if (/[^aeiou][aeiou][bdgmnprt]$/.test(root) && root.length <= 6)
      for (const end of ['ed', 'ing']) forms.add(root + root.at(-1) + end)
  }
  return [...forms]
}

/** One name for the forms of a word, to count them together. */
export function rootOf(word: string): string {
  if (word.length < 4 || !PLAIN.test(word)) return word
  const root = rootsOf(word)
    .map((one) => one.replace(/e$/, ''))
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))[0]!
  return root.length >= 3 ? root : word
}
