import { useEffect, useState } from 'react'
import { type Hint, hintsOfText, readHints } from '../../../src/contract/postmortem-review.ts'
import { call } from '../../api/client.ts'
import { useRead } from '../../api/hooks.ts'
import { Card } from '../../parts/page.tsx'

const SETTLE_MS = 500

/** What reads as blame in a text that is being written; asked once the writer pauses. */
export function useHintsWhileTyping(id: string, body: string): Hint[] {
  const [hints, setHints] = useState<Hint[]>([])
  useEffect(() => {
    const stop = new AbortController()
    const timer = window.setTimeout(() => {
      call(hintsOfText, { params: { id }, body: { body }, signal: stop.signal }).then(
        (answer) => setHints(answer.hints),
        // Hints are a help: where they cannot be had, nothing is said.
        () => undefined,
      )
    }, SETTLE_MS)
    return () => {
      window.clearTimeout(timer)
      stop.abort()
    }
  }, [id, body])
  return hints
}

/** What reads as blame, and what to write instead; with `show` a hint leads to its place. */
export function Wording({ of, show }: { of: readonly Hint[]; show?: (hint: Hint) => void }) {
  return (
    <ul className="plain-list wording" aria-label="Wording">
      {of.map((hint) => (
        <li key={`${hint.from} ${hint.kind}`}>
          <div>
            {show ? (
              <button type="button" className="quote-button" onClick={() => show(hint)}>
                <q>{hint.text}</q>
              </button>
            ) : (
              <q>{hint.text}</q>
            )}{' '}
            <span className="sub">
              line {hint.line}
              {hint.section && `, ${hint.section}`}
            </span>
          </div>
          <div className="sub">{hint.why}</div>
          <div className="wording-instead">{hint.instead}</div>
        </li>
      ))}
    </ul>
  )
}

/** The same for the stored text; nothing where nothing reads as blame. */
export function WordingCard({ id }: { id: string }) {
  const hints = useRead(readHints, { params: { id } }).data?.hints ?? []
  if (hints.length === 0) return null
  return (
    <Card title="Wording" lead={`${hints.length} ${hints.length === 1 ? 'hint' : 'hints'}`}>
      <p className="sub" style={{ marginTop: 0 }}>
        Sentences that read as blame teach less. Nothing is held up by them.
      </p>
      <Wording of={hints} />
    </Card>
  )
}
