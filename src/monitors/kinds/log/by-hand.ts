import { statSync } from 'node:fs'
import type { Millis } from '../../../kit/clock.ts'
import { TocsinError } from '../../../kit/errors.ts'
import type { LogMemory } from './check-log.ts'
import { nothingCounted } from './count-lines.rules.ts'
import type { FilePosition } from './follow-file.ts'
import type { LogSpec } from './index.ts'

const OF_BOTH = ['match', 'ignore', 'says']
const OF_THE_JOURNAL = ['within', 'wanted', 'silentAfter']
/** A check reads at most 32 MB; of a larger file the end counts. */
const MOST_BYTES = 30 * 1_024 * 1_024

/** `log:FILE?match=…&moreThan=3` or `journal:UNIT?match=…` as settings; a name may hold a question mark. */
export function typedLog(target: string): Record<string, unknown> {
  const [, scheme = '', place = ''] = /^([a-z]+):(.*)$/is.exec(target) ?? []
  const journal = scheme.toLowerCase() === 'journal'
  const cut = /\?(?=[a-z]+=)/i.exec(place)?.index ?? place.length
  const name = place.slice(0, cut).replace(/^\/\/(?=\/)/, '')
  const settings: Record<string, unknown> = journal
    ? { journal: name === '' ? {} : { unit: name } }
    : { file: name }
  const texts = journal ? [...OF_BOTH, ...OF_THE_JOURNAL] : OF_BOTH
  for (const [key, value] of new URLSearchParams(place.slice(cut + 1))) {
    if (key === 'pattern') settings.match = value
    else if (key === 'moreThan') settings.moreThan = Number(value)
    else if (key === 'ignoreCase') settings.ignoreCase = value !== 'false'
    else if (texts.includes(key)) settings[key] = value
    else {
      // When a line of a file was written is not known, so that neither is how long one stays away.
      const message = OF_THE_JOURNAL.includes(key) ? 'needs the times of a journal' : 'is not known'
      const remedy = `Use ${[...texts, 'moreThan', 'ignoreCase'].join(', ')}.`
      throw new TocsinError(
        'invalid-input',
        `"${key}" is no parameter of a ${scheme} by hand: it ${message}.`,
        [{ path: key, message, remedy }],
      )
    }
  }
  return settings
}

/** By hand the lines that are there count, not those that will come: those of the file, or of the window in the journal. */
export function memoryByHand({ file, within }: LogSpec, now: Millis): LogMemory {
  const begun = { at: now, counts: nothingCounted() }
  return file === undefined
    ? { ...begun, since: now - within }
    : { ...begun, since: now, whole: true, file: { current: nearEnd(file), previous: null } }
}

function nearEnd(file: string): FilePosition['current'] {
  try {
    const { dev: device, ino: inode, size } = statSync(file)
    if (size <= MOST_BYTES) return null
    return { device, inode, offset: size - MOST_BYTES, head: '', headLength: 0, skipping: true }
  } catch {
    return null // The check itself says why.
  }
}

/** The newest lines that matched, one each. */
export function sampleLines(details: unknown): string[] {
  const { samples = [] } = (details ?? {}) as { samples?: string[] }
  return samples.map((line) => `LINE ${line.replace(/\|/g, '/').replace(/\s+/g, ' ').trim()}`)
}
