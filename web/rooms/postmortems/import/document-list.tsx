import { Button, CloseButton, Progress } from '@mantine/core'
import { type Doc, standingOf } from './documents.ts'

/** The documents, where each of them stands, and one button for all that need no look. */
export function DocumentList(props: {
  of: readonly Doc[]
  chosen: number | null
  busy: number
  choose: (key: number) => void
  remove: (key: number) => void
  importAll: (docs: readonly Doc[]) => void
}) {
  const { of, chosen, busy, choose, remove, importAll } = props
  const clean = of.filter((doc) => standingOf(doc).clean)
  const imported = of.filter(({ answer }) => answer?.outcome === 'imported')
  const made = imported.reduce((sum, { answer }) => sum + answer!.postmortemIds.length, 0)
  return (
    <section className="card documents" aria-label="Documents">
      <header>
        <h2 className="card-title">
          {of.length} {of.length === 1 ? 'document' : 'documents'}
        </h2>
        <span className="sub" role="status">
          {busy > 0 ? `${of.length - busy} of ${of.length} read` : ''}
          {busy === 0 && imported.length > 0
            ? `${imported.length} imported as ${made} ${made === 1 ? 'post-mortem' : 'post-mortems'}`
            : ''}
        </span>
        {of.length > 1 && (
          <div className="aside">
            <Button size="xs" disabled={clean.length === 0 || busy > 0} onClick={() => importAll(clean)}>
              Import all that are clean ({clean.length})
            </Button>
          </div>
        )}
      </header>
      {busy > 0 && (
        <Progress
          value={((of.length - busy) / of.length) * 100}
          size="xs"
          radius={0}
          aria-label="Documents read"
        />
      )}
      <ul>
        {of.map((doc) => {
          const { word, tone } = standingOf(doc)
          return (
            <li key={doc.key} data-chosen={doc.key === chosen || undefined}>
              <button
                type="button"
                className="document"
                aria-current={doc.key === chosen}
                onClick={() => choose(doc.key)}
              >
                <span className="state" data-tone={tone}>
                  {word}
                </span>
                <span className="document-name">{doc.name}</span>
                <span className="sub">{sayCounts(doc)}</span>
              </button>
              <CloseButton
                size={26}
                aria-label={`Take ${doc.name} off the list`}
                onClick={() => remove(doc.key)}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** What was found, in a few words. */
function sayCounts({ answer, problem }: Doc): string {
  if (!answer) return problem?.message ?? ''
  const { format, incidents } = answer
  if (incidents.length === 0) return format
  const count = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`
  const entries = incidents.reduce((sum, { timeline }) => sum + timeline.length, 0)
  const actions = incidents.reduce((sum, one) => sum + one.actions.length, 0)
  return [
    format,
    count(incidents.length, 'incident'),
    count(entries, 'timeline entry', 'timeline entries'),
    count(actions, 'action'),
  ].join(' · ')
}
