import { authorize } from '../../engine/authorize.ts'
import type { Actor, World } from '../../engine/world.ts'
import { servicesOf } from '../recurrence/records.rows.ts'
import { readDueRecords } from '../recurrence/refresh-records.ts'
import { highlight, type Piece, snippet } from './highlight.rules.ts'
import { parseSearch, understood } from './parse-search.rules.ts'
import { type FoundDocument, findDocuments, type SearchFilter } from './search.rows.ts'

export interface SearchInput extends SearchFilter {
  /** What somebody typed: anything is a search. */
  text: string
  limit: number
  /** How many were seen already. */
  offset: number
}

/** Something that was found, ready to be shown. */
export interface Hit extends Omit<FoundDocument, 'title' | 'body'> {
  title: Piece[]
  snippet: Piece[]
  serviceIds: string[]
}

export interface SearchResult {
  hits: Hit[]
  total: number
  understood: ReturnType<typeof understood>
}

/** Searches everything that people and Tocsin wrote about incidents. */
export async function searchEverything(
  world: World,
  actor: Actor,
  { text, limit, offset, ...filter }: SearchInput,
): Promise<SearchResult> {
  authorize(actor, 'viewer')
  await readDueRecords(world)
  const db = world.store.read
  const search = parseSearch(text)
  const { found, total } = await findDocuments(db, world.store.dialect, search, filter, { limit, offset })
  const services = await servicesOf(
    db,
    found.flatMap(({ recordId }) => recordId ?? []),
  )
  const hits = found.map(({ title, body, ...one }) => ({
    ...one,
    title: highlight(title, search),
    snippet: snippet(body, search),
    serviceIds: services.get(one.recordId ?? '') ?? [],
  }))
  return { hits, total, understood: understood(search) }
}
