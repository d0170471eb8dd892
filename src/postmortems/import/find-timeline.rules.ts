import type { Block } from './block.ts'
import type { Topic } from './headings.rules.ts'
import type { Section } from './outline.rules.ts'
import { cut, trim } from './placed-text.ts'
import { readTimeAt, type TimeText } from './time/read-time.ts'
import { leadingTime, type RawEntry, readSteps, type Step } from './timeline.rules.ts'
import { sentencesOf } from './values.ts'

const NO_TIMELINE: readonly (Topic | null)[] = [
  'actions',
  'references',
  'people',
  'agenda',
  'wentWell',
  'wentWrong',
  'lucky',
  'lessons',
  'facts',
]
/** As many entries make a timeline where none is called so. */
const LEAST = 3
const MOST_SENTENCES = 400

const isTimed = (step: Step) => 'entry' in step && step.entry.time !== null

/**
 * The timeline: what is called so; or else whatever part of the document goes from time to time; or else what is
 * called so with its times at the ends, or in the midst, of what it says.
 */
export function timelineSteps(sections: readonly Section[]): Step[] {
  const named = sections.filter(({ topic }) => topic === 'timeline')
  const steps = named.flatMap(({ heading, blocks }) => [...headingNote(heading), ...readSteps(blocks)])
  if (steps.some(isTimed)) return steps
  const found = readSteps(otherBlocks(sections)).filter(
    (step) => !('entry' in step) || step.entry.time !== null,
  )
  if (found.filter(isTimed).length >= LEAST) return found
  const late = named.flatMap(({ heading, blocks }) => [...headingNote(heading), ...blocks.flatMap(lateTimes)])
  return late.some(isTimed) ? late : steps
}

/** What may hold a timeline that is not called so. */
function otherBlocks(sections: readonly Section[]): Block[] {
  const stream: Block[] = []
  for (const { topic, heading, blocks } of sections) {
    const chat = heading !== null && /\blogs?\b|transcript/i.test(heading.text.text)
    if (NO_TIMELINE.includes(topic) || topic === 'timeline' || chat) continue
    // A title with a date begins no entry.
    if (heading && topic === null && heading.level > 1) stream.push(heading)
    else if (heading) stream.push({ ...heading, text: { text: '', runs: [] } })
    for (const block of blocks) if (block.kind !== 'code') stream.push(block)
  }
  return stream
}

/** "Pipe bursts (02:10)", "Detected: 02:10", and sentences with a time in their midst. */
function lateTimes(block: Block): Step[] {
  if (block.kind !== 'item' && block.kind !== 'paragraph') return []
  return sentencesOf(block.text)
    .slice(0, MOST_SENTENCES)
    .flatMap((sentence) => {
      const time = timeWithin(sentence.text)
      if (!time) return []
      const open = sentence.text.lastIndexOf('(', time.from)
      const bracketed =
        open >= 0 && time.from - open <= 1 && /^\s*\)?\s*[.]?$/.test(sentence.text.slice(time.to))
      const ends = bracketed || /^\s*[.]?$/.test(sentence.text.slice(time.to))
      const words = ends ? trim(cut(sentence, 0, bracketed ? open : time.from)) : sentence
      const bare = trim(cut(words, 0, words.text.replace(/[\s:,–—-]+$/, '').length))
      const entry: RawEntry = {
        time,
        timeIn: sentence,
        parts: [bare],
        block,
        via: block.kind,
        depth: block.level,
      }
      return [{ entry }]
    })
}

/** The first time with a clock in a sentence. */
function timeWithin(text: string): TimeText | null {
  for (const m of text
    .slice(0, 600)
    .matchAll(
      /(?<![\p{L}\p{N}.:/])(?=\d{1,4}[./:-]\d|\d{1,2}(?:st|nd|rd|th)? ?(?:am|pm|\p{L}{3})|[A-Z][a-z]{2})/gu,
    )) {
    const time = readTimeAt(text, m.index)
    if (time && time.start.hour !== null) return time
  }
  return null
}

function headingNote(heading: Block | null): Step[] {
  if (!heading) return []
  const at = heading.text.text.search(/\d/)
  const time = at < 0 ? null : leadingTime(heading.text.text.slice(at))
  if (
    !time ||
    time.time.start.hour !== null ||
    (time.time.start.day === null && time.time.start.either === null)
  )
    return []
  const timeIn = cut(heading.text, at)
  return [{ note: { time: time.time, timeIn, zone: null } }]
}
