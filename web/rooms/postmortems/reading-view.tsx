import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { readReview } from '../../../src/contract/postmortem-review.ts'
import type { PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { ActionsCard } from './actions-card.tsx'
import { ItemsCard } from './items-card.tsx'
import { Preview } from './preview.tsx'
import { markedPassage, type Passage, showPassage, underlinePassages } from './review/passages.ts'
import { ReviewCard } from './review/review-card.tsx'
import { CommentForm, CommentHere, ThreadsCard } from './review/threads-card.tsx'
import { WordingCard } from './wording.tsx'

/** The text as it reads, and beside it what people say of it and make of it. */
export function ReadingView({ of, beside }: { of: PostmortemDetail; beside?: ReactNode }) {
  const review = useRead(readReview, { params: { id: of.id } })
  const text = useRef<HTMLElement>(null)
  const [commenting, setCommenting] = useState<{ passage: Passage | null } | null>(null)
  const may = useMay('responder') && of.state !== 'closed'
  const marked = useMarked(text, may && commenting === null)
  const threads = review.data?.threads
  useEffect(() => {
    if (!text.current || !threads) return
    const discussed = threads.flatMap(({ state, quote, anchor }) =>
      state === 'open' && quote !== null && anchor.outcome !== 'lost'
        ? [{ quote, section: anchor.section }]
        : [],
    )
    return underlinePassages(text.current, discussed)
  }, [threads])
  const show = (passage: Passage) => {
    if (text.current && !showPassage(text.current, passage)) told('It is written a little differently there.')
  }
  const sections = [...of.body.matchAll(/^ {0,3}##[ \t]+(\S.*?)[ \t#]*$/gm)].map(([, title]) => title!)
  return (
    <div className="columns">
      <article className="card reading" ref={text}>
        <div className="body">
          <Preview text={of.body} live={of.id} />
        </div>
        {marked && (
          <CommentHere
            at={marked.at}
            onClick={() => {
              setCommenting({ passage: marked.passage })
              document.getSelection()?.removeAllRanges()
            }}
          />
        )}
      </article>
      <div className="stack">
        {review.error && <ProblemNote of={review.error} retry={() => void review.refetch()} />}
        {!review.data && !review.error && <Loading rows={4} />}
        {review.data && <ReviewCard of={of} review={review.data} />}
        {review.data && (
          <ThreadsCard
            of={of}
            review={review.data}
            show={show}
            comment={() => setCommenting({ passage: null })}
          />
        )}
        <ActionsCard of={of} />
        <ItemsCard of={of} />
        <WordingCard id={of.id} />
        {beside}
      </div>
      {commenting && (
        <CommentForm
          of={of}
          sections={[...new Set(sections)]}
          passage={commenting.passage}
          close={() => setCommenting(null)}
        />
      )}
    </div>
  )
}

/** What the reader has marked in the text, and where the button for it stands. */
function useMarked(text: RefObject<HTMLElement | null>, enabled: boolean) {
  const [marked, setMarked] = useState<{ passage: Passage; at: { top: number; left: number } } | null>(null)
  useEffect(() => {
    if (!enabled) {
      setMarked(null)
      return
    }
    const look = () => {
      const root = text.current
      const found = root && markedPassage(root)
      if (!root || !found) {
        setMarked(null)
        return
      }
      const place = root.getBoundingClientRect()
      const left = Math.max(8, Math.min(found.box.left - place.left, place.width - 170))
      const { quote, section } = found
      setMarked({ passage: { quote, section }, at: { top: found.box.bottom - place.top + 6, left } })
    }
    document.addEventListener('selectionchange', look)
    return () => document.removeEventListener('selectionchange', look)
  }, [text, enabled])
  return marked
}
