import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useParams } from 'react-router'
import { type Alert, readAlert, resolveAlert } from '../../../src/contract/alerts.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited, told } from '../../parts/feedback.tsx'
import { FormDialog, LongField, useTyped } from '../../parts/form.tsx'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { AcknowledgeButton } from './acknowledge.tsx'
import { NextStep } from './alerts-page.tsx'
import { PagesCard } from './pages-card.tsx'
import { SilenceForm } from './silences.tsx'

/** One alert: what it is, who was reached, what happens next. */
export function AlertPage() {
  const { id = '' } = useParams()
  const alert = useRead(readAlert, { params: { id } })
  return (
    <Awaited of={alert} rows={8}>
      {(data) => <Detail of={data} />}
    </Awaited>
  )
}

function Detail({ of }: { of: Alert }) {
  const may = useMay('responder')
  const [resolving, resolve] = useDisclosure()
  const [silencing, silence] = useDisclosure()
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/alerts', label: 'Alerts' }}
        lead={
          <span className="said">
            <State is={of.state} room="alert" /> <State is={of.severity} />{' '}
            {of.silenced && <State is="silenced" />}
            <span>
              {of.state === 'resolved' ? (
                'was opened'
              ) : (
                <>
                  for <Lasting since={of.since} />,
                </>
              )}{' '}
              since <ExactMoment at={of.since} />
            </span>
          </span>
        }
        actions={
          may &&
          of.state !== 'resolved' && (
            <>
              <span className="desktop-act">
                <AcknowledgeButton of={of} />
              </span>
              <Button variant="default" onClick={resolve.open}>
                Resolve
              </Button>
              <Button variant="default" onClick={silence.open}>
                Silence
              </Button>
            </>
          )
        }
      />
      <div className="columns">
        <div className="stack">
          <Card title="What it says">
            <p className="prose-text said-largely">{of.summary || sayReason(of.reason)}</p>
          </Card>
          {of.state !== 'resolved' && (
            <Card title="What happens next">
              <p className="said-largely">
                <NextStep of={of} />
              </p>
              {of.state === 'open' && of.next && (
                <p className="sub" style={{ margin: '4px 0 0' }}>
                  Unless somebody acknowledges: <ExactMoment at={of.next.at} />
                </p>
              )}
            </Card>
          )}
          <PagesCard alertId={of.id} />
        </div>
        <Card title="About it">
          <Facts
            of={[
              ['Reason', sayReason(of.reason)],
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
                'Service',
                of.serviceId ? (
                  <Link key="service" to={`/monitors?service=${encodeURIComponent(of.serviceId)}`}>
                    {of.serviceId}
                  </Link>
                ) : (
                  '–'
                ),
              ],
              [
                'Incident',
                of.incidentId ? (
                  <Link key="incident" to={`/incidents/${of.incidentId}`}>
                    to the incident room
                  </Link>
                ) : (
                  'none'
                ),
              ],
              ['Opened', <ExactMoment key="opened" at={of.since} />],
              [
                'Acknowledged',
                <span key="ack">
                  <ExactMoment at={of.acknowledgedAt} missing="not yet" />
                  {of.acknowledgedBy && ` by ${of.acknowledgedBy}`}
                  {of.acknowledgedVia && `, ${of.acknowledgedVia}`}
                </span>,
              ],
              [
                'Resolved',
                <span key="res">
                  <ExactMoment at={of.resolvedAt} missing="not yet" />
                  {of.resolvedReason && `: ${sayReason(of.resolvedReason)}`}
                </span>,
              ],
              ['Came from', of.source],
              [
                'Key',
                <span key="key" className="mono">
                  {of.dedupKey}
                </span>,
              ],
            ]}
          />
        </Card>
      </div>
      {of.state === 'open' && may && (
        <div className="sticky-act">
          <AcknowledgeButton of={of} size="lg" fullWidth />
        </div>
      )}
      {resolving && <Resolve of={of} close={resolve.close} />}
      {silencing && <SilenceForm close={silence.close} of={of} />}
    </>
  )
}

function Resolve({ of, close }: { of: Alert; close: () => void }) {
  const reason = useTyped()
  const resolve = useAct(resolveAlert, () => {
    told('Resolved.')
    close()
  })
  const send = () => resolve.mutate({ params: { id: of.id }, body: { reason: reason.value } })
  return (
    <FormDialog title="Resolve by hand" of={resolve} act="Resolve" send={send} close={close}>
      <LongField
        label="Why is it resolved?"
        description="It opens again if the monitor still sees it."
        at="reason"
        required
        of={reason}
        data-autofocus
      />
    </FormDialog>
  )
}
