import { Button, Group, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { addNote, readTimeline, type TimelineEntry } from '../../../src/contract/incidents.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Card } from '../../parts/page.tsx'
import { sayReason } from '../../parts/states.ts'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, sayClock, sayDay, sayExact, toLocalInput } from '../../times/say-time.ts'
import { arrange, wasWrittenLater } from './arrange-timeline.ts'

/** The time line as it happens, and the box to write into it. */
export function TimelineCard({ incidentId }: { incidentId: string }) {
  const timeline = useList(readTimeline, { params: { id: incidentId }, query: { limit: 500 } }, { all: true })
  const [correcting, setCorrecting] = useState<TimelineEntry | null>(null)
  const may = useMay('responder')
  return (
    <Card title="Timeline" lead={timeline.items ? `${timeline.items.length} entries` : undefined} bare>
      {timeline.error && <ProblemNote of={timeline.error} />}
      {!timeline.items && !timeline.error && <Loading rows={6} />}
      <ol className="timeline" aria-live="polite" aria-relevant="additions">
        {arrange(timeline.items ?? []).map(({ entry, day, correctedBy }) => (
          <li key={entry.id} data-kind={entry.kind}>
            {day && <div className="timeline-day">{sayDay(Date.parse(entry.happenedAt))}</div>}
            <div className="timeline-entry">
              <time dateTime={entry.happenedAt} title={sayExact(Date.parse(entry.happenedAt))}>
                {sayClock(Date.parse(entry.happenedAt), true)}
              </time>
              <div>
                <div className="prose-text" style={correctedBy ? { textDecoration: 'line-through' } : {}}>
                  {entry.text}
                </div>
                <div className="sub">
                  {entry.actor} · {sayReason(entry.kind)}
                  {entry.corrects && ' · corrects an earlier entry'}
                  {correctedBy && ' · corrected below'}
                  {wasWrittenLater(entry) && (
                    <span title={sayExact(Date.parse(entry.writtenAt))}>
                      {' '}
                      · written at {sayClock(Date.parse(entry.writtenAt))}
                    </span>
                  )}
                  {may && !correctedBy && (
                    <button type="button" className="text-button" onClick={() => setCorrecting(entry)}>
                      correct
                    </button>
                  )}
                </div>
              </div>
            </div>
          </li>
        ))}
      </ol>
      {may && (
        <NoteBox
          key={correcting?.id}
          incidentId={incidentId}
          correcting={correcting}
          done={() => setCorrecting(null)}
        />
      )}
    </Card>
  )
}

function NoteBox({
  incidentId,
  correcting,
  done,
}: {
  incidentId: string
  correcting: TimelineEntry | null
  done: () => void
}) {
  const [text, setText] = useState(correcting?.text ?? '')
  const [happened, setHappened] = useState(correcting ? toLocalInput(Date.parse(correcting.happenedAt)) : '')
  const [earlier, setEarlier] = useState(false)
  const add = useAct(addNote, () => {
    setText('')
    setHappened('')
    setEarlier(false)
    done()
  })
  const send = () => {
    if (text.trim() === '' || add.isPending) return
    const at = fromLocalInput(happened)
    // A correction keeps the exact instant unless it is the time that is corrected.
    const kept =
      correcting && happened === toLocalInput(Date.parse(correcting.happenedAt)) ? correcting.happenedAt : at
    add.mutate({
      params: { id: incidentId },
      body: {
        text,
        ...(kept ? { happenedAt: kept } : {}),
        ...(correcting ? { corrects: correcting.id } : {}),
      },
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }
  return (
    <form onSubmit={submit} className="note-box">
      <Textarea
        label={correcting ? 'Correct the entry' : 'Write what you see or do'}
        description={correcting ? 'The old entry stays and is struck through.' : undefined}
        autosize
        minRows={1}
        maxRows={10}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={press}
        autoFocus={correcting !== null}
      />
      <Group gap="xs" mt="xs" align="flex-end">
        {earlier || correcting ? (
          <TextInput
            label="It happened at"
            type="datetime-local"
            size="xs"
            value={happened}
            onChange={(event) => setHappened(event.currentTarget.value)}
          />
        ) : (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() => {
              setEarlier(true)
              setHappened(toLocalInput(serverNow()))
            }}
          >
            It happened earlier
          </Button>
        )}
        <Group gap="xs" ml="auto">
          {correcting && (
            <Button size="xs" variant="default" onClick={done}>
              Leave it
            </Button>
          )}
          <Button size="xs" type="submit" loading={add.isPending} disabled={text.trim() === ''}>
            {correcting ? 'Correct' : 'Add'}
          </Button>
        </Group>
      </Group>
      <ProblemNote of={add.error} />
    </form>
  )
}
