import { Link, useNavigate, useParams } from 'react-router'
import { type Drill, readDrill, removeDrill } from '../../../src/contract/proofs.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { DrillEvidence } from '../../parts/evidence/drill-evidence.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { sayDuration } from '../../times/say-time.ts'

/** Refused with the names of the actions, where a proof rests on it. */
function Remove({ of }: { of: Drill }) {
  const navigate = useNavigate()
  const remove = useAct(removeDrill, () => {
    told('Removed. What its runs have shown stays on record.')
    void navigate('/drills')
  })
  if (!useMay('editor')) return null
  return (
    <Confirmed
      label="Remove"
      question={`Remove ${of.name}?`}
      consequence="It is played no more. Its runs stay on record; a drill on which a proof rests is not removed."
      act="Remove it"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: of.id } }, { onError: refused })}
    />
  )
}

/** One drill with the evidence of its runs. */
export function DrillPage() {
  const { id = '' } = useParams()
  const drill = useRead(readDrill, { params: { id } })
  return (
    <Awaited of={drill} rows={8}>
      {(of) => (
        <>
          <PageHead
            title={of.name}
            up={{ to: '/drills', label: 'Drills' }}
            lead={
              <span className="said">
                <State is={of.state} /> {sayReason(of.reason)}
              </span>
            }
            actions={of.managedBy === 'api' && <Remove of={of} />}
          />
          <div className="columns">
            <div className="stack">
              <DrillEvidence drillId={of.id} />
            </div>
            <Card title="Settings">
              {of.managedBy === 'file' && <ByFile long what="This drill" />}
              <Facts
                of={[
                  [
                    'Id',
                    <span key="id" className="mono">
                      {of.id}
                    </span>,
                  ],
                  ['Kind', sayReason(of.kind)],
                  [
                    'Monitor',
                    of.monitorId ? (
                      <Link key="monitor" to={`/monitors/${encodeURIComponent(of.monitorId)}`}>
                        {of.monitorId}
                      </Link>
                    ) : (
                      '–'
                    ),
                  ],
                  [
                    'Proves',
                    of.actionId ? (
                      <Link key="action" to={`/actions/${of.actionId}`}>
                        an action
                      </Link>
                    ) : (
                      'no action'
                    ),
                  ],
                  ['Repeats', of.everyMs ? `every ${sayDuration(of.everyMs)}` : 'only by hand'],
                  ['Next', <ExactMoment key="next" at={of.nextRunAt} missing="not planned" />],
                ]}
              />
              <details style={{ marginTop: 10 }}>
                <summary className="sub">All settings</summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
                <pre className="mono" tabIndex={0} style={{ overflowX: 'auto', margin: '6px 0 0' }}>
                  {JSON.stringify(of.settings, null, 2)}
                </pre>
              </details>
            </Card>
          </div>
        </>
      )}
    </Awaited>
  )
}
