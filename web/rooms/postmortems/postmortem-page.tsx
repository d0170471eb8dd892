import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { type PostmortemDetail, readPostmortem } from '../../../src/contract/postmortems.ts'
import { useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited } from '../../parts/feedback.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { LearningCards } from '../learning/learning-cards.tsx'
import { Editor } from './editor.tsx'
import { Exports } from './exports.tsx'
import { SourceCard } from './import/source-card.tsx'
import { PublicationCard } from './publication-card.tsx'
import { ReadingView } from './reading-view.tsx'
import { StateMenu } from './state-menu.tsx'

/** One post-mortem: its text, its state, its actions. */
export function PostmortemPage() {
  const { id = '' } = useParams()
  const postmortem = useRead(readPostmortem, { params: { id } })
  return (
    <Awaited of={postmortem} rows={10}>
      {(data) => <Detail key={data.id} of={data} />}
    </Awaited>
  )
}

function Detail({ of }: { of: PostmortemDetail }) {
  const may = useMay('responder')
  const mayWrite = useMay('editor')
  const [editing, setEditing] = useState(false)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/post-mortems', label: 'Post-mortems' }}
        lead={
          <span className="said">
            <State is={of.state} />
            {of.incidentId && <Link to={`/incidents/${of.incidentId}`}>Incident room</Link>}
          </span>
        }
        actions={
          <>
            {may && !editing && of.state !== 'closed' && (
              <Button onClick={() => setEditing(true)}>Edit</Button>
            )}
            {may && !editing && <StateMenu of={of} />}
            {mayWrite && !editing && (
              <Button component={Link} to={`/cases?from=${encodeURIComponent(of.id)}`} variant="default">
                Make a case
              </Button>
            )}
            <Exports id={of.id} />
          </>
        }
      />
      {editing ? (
        <Editor of={of} close={() => setEditing(false)} />
      ) : (
        <ReadingView of={of} beside={<PublicationCard of={of} />} />
      )}
      {!editing && <LearningCards id={of.id} />}
      {!editing && <SourceCard id={of.id} />}
    </>
  )
}
