import { listPeople, listServices } from '../../catalog/index.ts'
import type { Reader } from '../../store/store.ts'
import { findReading } from '../import/sources.rows.ts'
import type { Postmortem } from '../postmortem.ts'
import { findHints, type Hint, type KnownNames } from './hints.rules.ts'

/** What reads as blame in a text of this post-mortem, be it stored or still being written. */
export async function readHints(
  db: Reader,
  postmortem: Pick<Postmortem, 'id'>,
  body: string,
): Promise<Hint[]> {
  return findHints(body, await knownNames(db, postmortem.id))
}

async function knownNames(db: Reader, postmortemId: string): Promise<KnownNames> {
  // Who has left is still named in what is told of then.
  const people = await listPeople(db, { disabled: true })
  const reading = (await findReading(db, postmortemId))?.reading
  const owners = (reading?.actions ?? []).flatMap(({ owner }) => (owner ? [owner.value] : []))
  return {
    people: [
      ...people.map(({ id, name }) => ({ id, name })),
      ...owners.filter(looksLikeName).map((name) => ({ name })),
    ],
    things: (await listServices(db)).map(({ name }) => name),
  }
}

const TEAM = /\b(?:team|group|ops|sre|devops|support|infra\w*|admins?|dev|vendor|it|noc|tbd|all|everyone)\b/i

/** Whether an owner that a document names is a person: two or three words with capitals, no team. */
export function looksLikeName(text: string): boolean {
  return /^\p{Lu}[\p{L}'’.-]+(?: \p{Lu}[\p{L}'’.-]*){0,2}$/u.test(text.trim()) && !TEAM.test(text)
}
