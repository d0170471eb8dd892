import { Alert, Button, Group, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useBlocker } from 'react-router'
import { editPostmortem, type PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useAct } from '../../api/hooks.ts'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { Preview } from './preview.tsx'

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
  useLeavingGuard(dirty)
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
      <div className="editor" data-narrow={narrow}>
        {(!narrow || pane === 'text') && (
          <Textarea
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
        )}
        {(!narrow || pane !== 'text') && (
          <section className="card" aria-label={pane === 'theirs' ? 'Their text' : 'Preview'}>
            <div className="body">
              {pane === 'theirs' ? <pre className="mono prose-text">{of.body}</pre> : <Preview text={body} />}
            </div>
          </section>
        )}
      </div>
    </div>
  )
}

/** Asks before unsaved text is lost. */
function useLeavingGuard(dirty: boolean): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname,
  )
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    if (window.confirm('Leave without saving? What you wrote since the last save is lost.')) blocker.proceed()
    else blocker.reset()
  }, [blocker])
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}
