import { Alert, Button, Group, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { editPostmortem, type PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useAct } from '../../api/hooks.ts'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { useLeavingGuard } from '../../parts/leaving-guard.ts'
import { Card } from '../../parts/page.tsx'
import { InsertPiece } from './live/insert-piece.tsx'
import { Preview } from './preview.tsx'
import { useHintsWhileTyping, Wording } from './wording.tsx'

/**
 * Text beside its preview. What is being written is kept here whatever arrives meanwhile; `of` goes on showing the
 * newest version of the server, and where it is ahead of the one this began with, the writer decides.
 */
export function Editor({ of, close }: { of: PostmortemDetail; close: () => void }) {
  const [base, setBase] = useState(of.version)
  const [title, setTitle] = useState(of.title)
  const [body, setBody] = useState(of.body)
  const [saved, setSaved] = useState({ title: of.title, body: of.body })
  const [pane, setPane] = useState<'text' | 'preview' | 'theirs'>('text')
  const area = useRef<HTMLTextAreaElement>(null)
  const hints = useHintsWhileTyping(of.id, body)
  const narrow = useMediaQuery('(max-width: 900px)')
  const dirty = title !== saved.title || body !== saved.body
  const ahead = of.version > base
  const save = useAct(editPostmortem, (answer) => {
    setBase(answer.version)
    setSaved({ title: answer.title, body: answer.body })
    told('Saved.')
  })
  const send = (version = base) => {
    if (!save.isPending) save.mutate({ params: { id: of.id }, body: { version, title, body } })
  }
  const conflict =
    save.error?.code === 'wrong-state' || save.error?.status === 409 || (ahead && !save.isPending)
  const insert = (block: string) => {
    const at = area.current?.selectionStart ?? body.length
    const gap = at === 0 || body[at - 1] === '\n' ? '' : '\n\n'
    setPane('text')
    setBody(`${body.slice(0, at)}${gap}${block}${body.slice(at)}`)
  }
  useLeavingGuard(dirty, 'Leave without saving? What you wrote since the last save is lost.')
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      if (dirty && !conflict) send()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  })
  return (
    <div className="stack">
      {conflict && (
        <Alert
          color="bronze"
          role="alert"
          title={ahead ? 'Somebody else saved meanwhile' : 'It could not be saved'}
        >
          <p style={{ margin: '0 0 8px' }}>
            {ahead
              ? 'Your text is still here. Look at theirs, take over what you need, then save yours over it – or take theirs.'
              : (save.error?.message ?? '')}
          </p>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              onClick={() => setPane(pane === 'theirs' ? 'text' : 'theirs')}
            >
              {pane === 'theirs' ? 'Back to mine' : 'Look at theirs'}
            </Button>
            {ahead && (
              <>
                <Button size="xs" variant="default" onClick={() => send(of.version)}>
                  Save mine over theirs
                </Button>
                <Button
                  size="xs"
                  variant="default"
                  onClick={() => {
                    save.reset()
                    setBase(of.version)
                    setTitle(of.title)
                    setBody(of.body)
                    setSaved({ title: of.title, body: of.body })
                    setPane('text')
                  }}
                >
                  Take theirs
                </Button>
              </>
            )}
          </Group>
        </Alert>
      )}
      {!conflict && <ProblemNote of={save.error} />}
      <Group align="flex-end" gap="xs">
        <TextInput
          label="Title"
          style={{ flex: '1 1 260px' }}
          maxLength={120}
          required
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button onClick={() => send()} loading={save.isPending} disabled={!dirty || conflict}>
          Save
        </Button>
        <Button variant="default" onClick={close}>
          {dirty ? 'Leave without saving' : 'Done'}
        </Button>
        <span className="sub" role="status">
          {dirty ? 'Not saved yet' : `Version ${base}`}
        </span>
      </Group>
      {narrow && (
        <SegmentedControl
          aria-label="What to show"
          value={pane === 'theirs' ? 'preview' : pane}
          onChange={(value) => setPane(value as 'text' | 'preview')}
          data={[
            { value: 'text', label: 'Text' },
            { value: 'preview', label: 'Preview' },
          ]}
        />
      )}
      <Group gap="xs">
        <InsertPiece insert={insert} />
        <span className="sub" role="status">
          {hints.length > 0 &&
            `${hints.length} ${hints.length === 1 ? 'hint' : 'hints'} on wording below the text`}
        </span>
      </Group>
      <div className="editor" data-narrow={narrow}>
        {(!narrow || pane === 'text') && (
          <div className="stack" style={{ alignContent: 'start' }}>
            <Textarea
              ref={area}
              label="Text, in Markdown"
              styles={{
                input: {
                  fontFamily: 'var(--mantine-font-family-monospace)',
                  fontSize: '0.8125rem',
                  lineHeight: 1.6,
                },
              }}
              autosize
              minRows={22}
              maxLength={200_000}
              value={body}
              onChange={(event) => setBody(event.currentTarget.value)}
            />
            {hints.length > 0 && (
              <Card
                title="Wording"
                lead="Sentences that read as blame teach less. Nothing is held up by them."
              >
                <Wording
                  of={hints}
                  show={(hint) => {
                    setPane('text')
                    // On a narrow screen the text is drawn first.
                    window.setTimeout(() => area.current && markIn(area.current, hint))
                  }}
                />
              </Card>
            )}
          </div>
        )}
        {(!narrow || pane !== 'text') && (
          <section className="card" aria-label={pane === 'theirs' ? 'Their text' : 'Preview'}>
            <div className="body">
              {pane === 'theirs' ? (
                <pre className="mono prose-text">{of.body}</pre>
              ) : (
                <Preview text={body} live={of.id} />
              )}
            </div>
          </section>
        )}
      </div>
    </div>
  )
}

/** Marks a place in the text and brings it into sight. */
function markIn(area: HTMLTextAreaElement, { from, to }: { from: number; to: number }): void {
  area.focus({ preventScroll: true })
  area.setSelectionRange(from, to)
  const lines = area.value.split('\n').length
  const line = area.value.slice(0, from).split('\n').length
  const top = area.getBoundingClientRect().top + (area.clientHeight * line) / lines
  window.scrollBy({ top: top - window.innerHeight / 2 })
}
