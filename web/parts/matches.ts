/** Whether every word of the search stands somewhere in these texts. */
export function matches(search: string, ...texts: (string | null | undefined)[]): boolean {
  const where = texts.filter(Boolean).join(' ').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word))
}
