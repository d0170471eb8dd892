import { Button, CloseButton, Select } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Correction } from './documents.ts'
import { sentencesOf } from './segments.ts'
import type { Choice } from './side-by-side.tsx'
import { CHOICES, TOPICS, type Topic } from './topics.ts'

const WHOLE = 'whole'

/** Asks what the chosen part of the source is. */
export function CorrectBar(props: {
  source: string
  chosen: Choice
  /** Whether the keyboard brought the reader here. */
  focus: boolean
  readAs: readonly Topic[]
  onCorrect: (corrections: Correction[]) => void
  onClose: () => void
}) {
  const { source, chosen, focus, readAs, onCorrect, onClose } = props
  const [first] = chosen
  const text = first && chosen.length === 1 ? source.slice(first.from, first.to) : ''
  const sentences = text.length < 4_000 ? sentencesOf(text) : []
  const [part, setPart] = useState<string | null>(WHOLE)
  const choices = useRef<HTMLFieldSetElement>(null)
  useEffect(() => {
    if (focus) choices.current?.querySelector('button')?.focus()
  }, [focus])
  const sentence = part === WHOLE || part === null ? null : sentences[Number(part)]!
  const parts =
    sentence && first ? [{ from: first.from + sentence.from, to: first.from + sentence.to }] : chosen
  const said = parts.map(({ from, to }) => source.slice(from, to)).join(' … ')
  const words = readAs.map((topic) => TOPICS[topic].word).join(', ')
  return (
    <section className="correct-bar" aria-label="What is it?">
      <div className="correct-said">
        <q>{shortened(said)}</q>{' '}
        <span className="sub">{words === '' ? 'not read as anything' : `read as ${words}`}</span>
        <CloseButton aria-label="Leave it as it is" onClick={onClose} />
      </div>
      {sentences.length > 1 && (
        <Select
          label="Of it"
          size="xs"
          value={part}
          onChange={setPart}
          data={[
            { value: WHOLE, label: 'All of it' },
            ...sentences.map((one, i) => ({
              value: String(i),
              label: `Only: ${shortened(text.slice(one.from, one.to), 70)}`,
            })),
          ]}
        />
      )}
      <fieldset className="correct-choices" ref={choices}>
        <legend className="sub">It is:</legend>
        {CHOICES.map(({ as, label }) => (
          <Button
            key={as}
            size="compact-sm"
            variant="default"
            onClick={() => onCorrect(parts.map(({ from, to }) => ({ from, to, as })))}
          >
            {label}
          </Button>
        ))}
      </fieldset>
    </section>
  )
}

/** A text as a line of which the middle may be left out. */
export function shortened(text: string, most = 160): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const half = Math.floor(most / 2)
  return `${line.slice(0, half)} … ${line.slice(-half)}`
}
