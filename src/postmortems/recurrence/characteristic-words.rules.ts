import { rootOf, wordsIn } from '../search/words.rules.ts'
import type { SectionName } from '../sections.rules.ts'
import type { Parts } from './derive-marks.rules.ts'

const WHERE: readonly (readonly [SectionName, number])[] = [
  ['Summary', 2],
  ['Impact', 1],
  ['Trigger', 2],
  ['Root cause', 2],
  ['Contributing factors', 2],
  ['Resolution', 1],
  ['What went wrong', 1],
  ['Where we got lucky', 1],
  ['Takeaways', 1],
]
const MOST = 60

// Words that stand in every text, and those of our own drafts.
const USUAL = new Set(
  `about above after again against all also although always among and another any anybody are around because been before
  began being below between both but came can cannot caused could did didn does doing done down due during each earlier
  either else ended enough even ever every few first for four from further get give given goes going got had has have
  having her here hers him his how however impact incident into issue its itself just kept knew know last later least less
  like little long made make many may meanwhile might minute more most much must near never new next night nobody none nor
  not nothing now number off often once one only onto other our out outage over own part people place problem put rather
  root same saw second see seen severity several she should since some somebody something soon started still stood such
  sure take taken team tell than that the their them then there these they thing this those though three through time
  timeline together told too took toward twice two under until upon use used user users very was way well went were what
  when where whether which while who whole whom whose why will with within without would year yet you your recorded
  resolved detected mitigated declared acknowledged public utc hour hours day days happened what`
    .split(/\s+/)
    .flatMap((word) => [word, rootOf(word)]),
)

/** The words that may tell a text from others, with how often it says them; `said` is how it writes each. */
export function characteristicWords(parts: Parts, notes = ''): Map<string, { count: number; said: string }> {
  const counts = new Map<string, { count: number; said: string }>()
  const add = (text: string, weight: number) => {
    for (const { word } of wordsIn(text)) {
      if (word.length < 3 || word.length > 40 || /^\d/.test(word) || USUAL.has(word)) continue
      const root = rootOf(word)
      if (USUAL.has(root)) continue
      const known = counts.get(root)
      if (known) known.count += weight
      else counts.set(root, { count: weight, said: word })
    }
  }
  add(parts.title, 4)
  for (const [name, weight] of WHERE) add(parts.section(name), weight)
  add(parts.rest, 1)
  add(notes, 1)
  const kept = [...counts].toSorted(([a, one], [b, two]) => two.count - one.count || (a < b ? -1 : 1))
  return new Map(kept.slice(0, MOST))
}
