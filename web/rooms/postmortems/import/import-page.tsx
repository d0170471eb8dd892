import { useEffect, useRef } from 'react'
import { useMay } from '../../../app/session.tsx'
import { Empty } from '../../../parts/feedback.tsx'
import { useLeavingGuard } from '../../../parts/leaving-guard.ts'
import { PageHead } from '../../../parts/page.tsx'
import { DocumentList } from './document-list.tsx'
import { Intake } from './intake.tsx'
import { Legend } from './legend.tsx'
import { Review } from './review.tsx'
import { useDocuments } from './use-documents.ts'
import './import.css'

/** Post-mortems as teams kept them: looked at side by side, corrected by clicking, and then imported. */
export function ImportPage() {
  const may = useMay('responder')
  const documents = useDocuments()
  const { list, chosen, busy } = documents
  const unkept = list.some(({ corrections, state }) => corrections.length > 0 && state !== 'imported')
  useLeavingGuard(unkept, 'Leave? Your corrections to documents that are not imported yet are lost.')
  const review = useRef<HTMLDivElement>(null)
  const wanted = useRef(false)
  // Whoever chooses a document wants to see it, however long the list above is.
  useEffect(() => {
    if (chosen && wanted.current) review.current?.scrollIntoView({ block: 'nearest' })
    wanted.current = false
  }, [chosen])
  const head = <PageHead title="Import" up={{ to: '/post-mortems', label: 'Post-mortems' }} />
  if (!may)
    return (
      <>
        {head}
        <Empty title="Importing takes the role responder">Ask an administrator.</Empty>
      </>
    )
  return (
    <>
      {head}
      <div className="stack">
        <Intake addFiles={documents.addFiles} addText={documents.addText} small={list.length > 0} />
        {list.length > 0 && (
          <DocumentList
            of={list}
            chosen={chosen?.key ?? null}
            busy={busy}
            choose={(key) => {
              documents.choose(key)
              wanted.current = key !== chosen?.key
            }}
            remove={documents.remove}
            importAll={(docs) => void documents.importAll(docs)}
          />
        )}
        {chosen && (
          <div className="stack chosen-document" ref={review}>
            <Review
              key={chosen.key}
              of={chosen}
              correct={(corrections) => documents.correct(chosen, corrections)}
              importIt={() => void documents.importAll([chosen])}
              ask={() => void documents.ask(chosen)}
              settle={(at, take) => documents.settle(chosen, at, take)}
            />
            <Legend />
          </div>
        )}
      </div>
    </>
  )
}
