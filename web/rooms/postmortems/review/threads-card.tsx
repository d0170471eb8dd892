import { Button, Group, Select, Stack, Textarea } from '@mantine/core'
import { IconMessage } from '@tabler/icons-react'
import { useState } from 'react'
import {
  commentOnPostmortem,
  moveThread,
  type Review,
  type ReviewThread,
  replyToThread,
} from '../../../../src/contract/postmortem-review.ts'
import type { PostmortemDetail } from '../../../../src/contract/postmortems.ts'
import { useAct } from '../../../api/hooks.ts'
import { useMay } from '../../../app/session.tsx'
import { ProblemNote, refused, told } from '../../../parts/feedback.tsx'
import { FormDialog, LongField, TextField, useTyped } from '../../../parts/form.tsx'
import { Moment } from '../../../parts/moment.tsx'
import { Card } from '../../../parts/page.tsx'
import type { Passage } from './passages.ts'

/** What was said of the text, open threads first. */
export function ThreadsCard(props: {
  of: PostmortemDetail
  review: Review
  show: (passage: Passage) => void
  comment: () => void
}) {
  const may = useMay('responder') && props.of.state !== 'closed'
  const open = props.review.threads.filter(({ state }) => state === 'open')
  const resolved = props.review.threads.filter(({ state }) => state === 'resolved')
  return (
    <Card
      title="Comments"
      lead={open.length > 0 ? `${open.length} open` : undefined}
      aside={
        may && (
          <Button size="xs" variant="default" onClick={props.comment}>
            Comment
          </Button>
        )
      }
    >
      {props.review.threads.length === 0 && (
        <p className="sub" style={{ margin: 0 }}>
          {may ? 'None yet. Mark a passage of the text to comment on it.' : 'None yet.'}
        </p>
      )}
      <Stack gap="md">
        {open.map((thread) => (
          <Thread key={thread.id} of={thread} may={may} show={props.show} />
        ))}
        {resolved.length > 0 && (
          <details className="resolved-threads">
            <summary>
              {resolved.length} resolved {resolved.length === 1 ? 'thread' : 'threads'}
            </summary>
            <Stack gap="md" mt="sm">
              {resolved.map((thread) => (
                <Thread key={thread.id} of={thread} may={may} show={props.show} />
              ))}
            </Stack>
          </details>
        )}
      </Stack>
    </Card>
  )
}

function Thread({ of, may, show }: { of: ReviewThread; may: boolean; show: (passage: Passage) => void }) {
  const [answering, setAnswering] = useState(false)
  const [text, setText] = useState('')
  const reply = useAct(replyToThread, () => {
    setText('')
    setAnswering(false)
  })
  const move = useAct(moveThread)
  const send = () => {
    if (text.trim() !== '') reply.mutate({ params: { id: of.id }, body: { text } })
  }
  return (
    <article className="thread" aria-label={`Thread of ${of.actor}`}>
      <Place of={of} show={show} />
      <Said by={of.actor} at={of.at} text={of.text} />
      {of.replies.map((one) => (
        <div key={one.id} className="thread-reply">
          <Said by={one.actor} at={one.at} text={one.text} />
        </div>
      ))}
      {of.state === 'resolved' && of.moved && (
        <p className="sub" style={{ margin: '4px 0 0' }}>
          resolved by {of.moved.actor} <Moment at={of.moved.at} />
          {of.moved.reason && `: ${of.moved.reason}`}
        </p>
      )}
      {may && !answering && (
        <Group gap={6} mt={6}>
          <Button size="compact-xs" variant="default" onClick={() => setAnswering(true)}>
            Reply
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            loading={move.isPending}
            onClick={() =>
              move.mutate(
                { params: { id: of.id }, body: { to: of.state === 'open' ? 'resolved' : 'open' } },
                { onError: refused },
              )
            }
          >
            {of.state === 'open' ? 'Resolve' : 'Open again'}
          </Button>
        </Group>
      )}
      {answering && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <Textarea
            aria-label="Your reply"
            autosize
            minRows={2}
            mt={6}
            autoFocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
            }}
          />
          <ProblemNote of={reply.error} />
          <Group gap={6} mt={6}>
            <Button size="compact-xs" type="submit" loading={reply.isPending} disabled={text.trim() === ''}>
              Send
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setAnswering(false)}>
              Leave it
            </Button>
          </Group>
        </form>
      )}
    </article>
  )
}

/** What a thread is about, and whether that still stands in the text. */
function Place({ of, show }: { of: ReviewThread; show: (passage: Passage) => void }) {
  const { outcome, section } = of.anchor
  if (of.quote === null)
    return section === null ? null : (
      <p className="thread-place sub">
        {section}
        {outcome === 'lost' && ' · this section is gone'}
      </p>
    )
  const { quote } = of
  if (outcome === 'lost')
    return (
      <div className="thread-place">
        <q className="gone">{quote}</q>
        <div className="sub">
          {of.section} · version {of.version} · the text has changed since
        </div>
      </div>
    )
  return (
    <div className="thread-place">
      <button type="button" className="quote-button" onClick={() => show({ quote, section })}>
        <q>{quote}</q>
      </button>
      <div className="sub">
        {section ?? 'before the first section'}
        {outcome === 'moved' && ` · it stood under ${of.section} then`}
      </div>
    </div>
  )
}

function Said({ by, at, text }: { by: string; at: string; text: string }) {
  return (
    <>
      <div className="sub">
        <strong>{by}</strong> · <Moment at={at} />
      </div>
      <p className="prose-text" style={{ margin: '2px 0 0' }}>
        {text}
      </p>
    </>
  )
}

/** The button that stands at what a reader has marked. */
export function CommentHere({ at, onClick }: { at: { top: number; left: number }; onClick: () => void }) {
  return (
    <Button
      className="comment-here"
      size="xs"
      style={at}
      leftSection={<IconMessage size={14} aria-hidden="true" />}
      // The mark must still stand when it is pressed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
    >
      Comment on this
    </Button>
  )
}

/** Says something of the text: of a passage, of a section, or of the whole. */
export function CommentForm(props: {
  of: PostmortemDetail
  sections: string[]
  passage: Passage | null
  close: () => void
}) {
  const text = useTyped()
  const quote = useTyped(props.passage?.quote ?? '')
  const [section, setSection] = useState<string | null>(props.passage?.section ?? null)
  const add = useAct(commentOnPostmortem, () => {
    told('Your comment stands beside the text.')
    props.close()
  })
  const send = () =>
    add.mutate({
      params: { id: props.of.id },
      body: {
        version: props.of.version,
        section,
        quote: quote.value.trim() === '' ? null : quote.value,
        text: text.value,
      },
    })
  return (
    <FormDialog title="Comment" of={add} act="Comment" send={send} close={props.close}>
      <LongField label="What you say" at="text" required minRows={3} data-autofocus of={text} />
      {props.passage ? (
        <LongField label="About this passage" at="quote" of={quote} readOnly />
      ) : (
        <>
          <Select
            label="Section"
            placeholder="The whole text"
            clearable
            data={props.sections}
            value={section}
            onChange={setSection}
          />
          <TextField
            label="Passage"
            description="As it reads; empty for all of it. Marking it in the text is quicker."
            at="quote"
            maxLength={2_000}
            of={quote}
          />
        </>
      )}
    </FormDialog>
  )
}
