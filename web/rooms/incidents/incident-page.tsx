import { Button } from '@mantine/core'
import { Link, useNavigate, useParams } from 'react-router'
import { type Incident, readIncident } from '../../../src/contract/incidents.ts'
import { draftPostmortem } from '../../../src/contract/postmortems.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited, refused } from '../../parts/feedback.tsx'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { LearningCards } from '../learning/learning-cards.tsx'
import { Controls } from './controls.tsx'
import { Roles } from './roles.tsx'
import { TimelineCard } from './timeline.tsx'
import { Times } from './times.tsx'
import { Updates } from './updates.tsx'

/** The incident room: what happened, who does what, what the public knows. */
export function IncidentPage() {
  const { id = '' } = useParams()
  const incident = useRead(readIncident, { params: { id } })
  return (
    <Awaited of={incident} rows={10}>
      {(data) => <Room of={data} />}
    </Awaited>
  )
}

function Room({ of }: { of: Incident }) {
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/incidents', label: 'Incidents' }}
        lead={
          <span className="said">
            <State is={of.severity} /> <State is={of.state} />
            <span>
              for <Lasting since={of.since} />; declared <ExactMoment at={of.declaredAt} />
              {of.reopened > 0 && `; reopened ${of.reopened} ×`}
            </span>
          </span>
        }
        actions={<PostmortemLink of={of} />}
      />
      <div className="columns room">
        <div className="stack">
          <TimelineCard incidentId={of.id} />
          <Updates incident={of} />
        </div>
        <div className="stack">
          <div className="first-when-narrow">
            <Controls of={of} />
          </div>
          <Roles of={of} />
          <Times of={of} />
          <Card title="What it touches">
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {of.serviceIds.map((id) => (
                <li key={id}>
                  <Link to={`/monitors?service=${encodeURIComponent(id)}`}>{id}</Link>
                </li>
              ))}
              {of.alertIds.map((id, index) => (
                <li key={id}>
                  <Link to={`/alerts/${id}`}>Alert {index + 1}</Link>
                </li>
              ))}
            </ul>
            {of.serviceIds.length + of.alertIds.length === 0 && (
              <span className="sub">No service or alert is named.</span>
            )}
          </Card>
          <LearningCards id={of.id} most={3} />
        </div>
      </div>
    </>
  )
}

function PostmortemLink({ of }: { of: Incident }) {
  const navigate = useNavigate()
  const may = useMay('responder')
  const draft = useAct(draftPostmortem, (written) => void navigate(`/post-mortems/${written.id}`))
  if (of.postmortemId)
    return (
      <Button component={Link} to={`/post-mortems/${of.postmortemId}`} variant="default">
        Post-mortem
      </Button>
    )
  if (!may || of.state === 'declared') return null
  return (
    <Button
      variant="default"
      loading={draft.isPending}
      onClick={() => draft.mutate({ params: { id: of.id } }, { onError: refused })}
    >
      Draft the post-mortem
    </Button>
  )
}
