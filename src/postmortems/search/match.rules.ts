import type { Term } from './parse-search.rules.ts'

/** What a search is to the index of SQLite. The words hold letters and digits only, so that none can be a sign of it. */
export function toFts(terms: readonly Term[], joined: 'AND' | 'OR' = 'AND'): string {
  return terms
    .map(({ words, forms, beginning }) =>
      forms.length > 0
        ? `(${forms.map((form) => `"${form}"`).join(' OR ')})`
        : `"${words.join(' ')}"${beginning ? ' *' : ''}`,
    )
    .join(` ${joined} `)
}

/** The same to the index of PostgreSQL. */
export function toTsquery(terms: readonly Term[], joined: '&' | '|' = '&'): string {
  return terms
    .map(({ words, forms, beginning }) =>
      forms.length > 0
        ? `(${forms.map((form) => `'${form}'`).join(' | ')})`
        : `(${words.map((word, i) => `'${word}'${beginning && i === words.length - 1 ? ':*' : ''}`).join(' <-> ')})`,
    )
    .join(` ${joined} `)
}
