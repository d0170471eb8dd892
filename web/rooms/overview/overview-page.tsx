import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { listAlerts } from '../../../src/contract/alerts.ts'
import { listServices } from '../../../src/contract/catalog.ts'
import { listIncidents } from '../../../src/contract/incidents.ts'
import { type Overview, readOverview } from '../../../src/contract/system.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { Awaited, Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { ExactMoment, Lasting, Moment } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { byUrgency, sayReason } from '../../parts/states.ts'
import { headline } from './headline.ts'

/** What is broken, who is on it, what waits for proof. */
export function OverviewPage() {
  const overview = useRead(readOverview)
  return (
    <>
      <PageHead title="Overview" heading={overview.data ? headline(overview.data).text : 'Overview'} />
      <div className="columns">
        <div className="stack">
          <OpenAlerts />
          <OpenIncidents />
          <Services />
        </div>
        <div className="stack">
          <Awaited of={overview}>{(data) => <Sides of={data} />}</Awaited>
        </div>
      </div>
    </>
  )
}

function Sides({ of }: { of: Overview }) {
  const { up, degraded, down, unknown } = of.monitors
  return (
    <>
      <Card
        title="On call now"
        aside={
          <Link className="sub" to="/on-call">
            Calendar
          </Link>
        }
      >
        {of.onCall.length === 0 ? (
          <p className="sub" style={{ margin: 0 }}>
            No schedule yet. Without one nobody is woken: add <code>oncall</code> to the configuration.
          </p>
        ) : (
          <Facts
            of={of.onCall.map((one) => [
              one.scheduleId,
              <span key={one.scheduleId}>
                {one.personName ? <strong>{one.personName}</strong> : <State is="down" say="Nobody" />}
                <span className="sub" style={{ display: 'block' }}>
                  {one.until ? (
                    <>
                      until <ExactMoment at={one.until} />
                    </>
                  ) : (
                    'without an end'
                  )}
                  {one.next && `, then ${one.next}`}
                </span>
              </span>,
            ])}
          />
        )}
      </Card>
      <Card
        title="Monitors"
        aside={
          <Link className="sub" to="/monitors">
            All
          </Link>
        }
      >
        <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'flex', flexWrap: 'wrap', gap: 8 }}>
          {(['down', 'unknown', 'degraded', 'up'] as const)
            .map((state) => ({ state, count: { up, degraded, down, unknown }[state] }))
            .filter(({ count }) => count > 0)
            .map(({ state, count }) => (
              <li key={state}>
                <Link to={`/monitors?state=${state}`} style={{ textDecoration: 'none' }}>
                  <State is={state} say={`${count} ${state}`} />
                </Link>
              </li>
            ))}
          {up + degraded + down + unknown === 0 && <li className="sub">None yet</li>}
        </ul>
      </Card>
      <Card
        title="Lessons"
        aside={
          <Link className="sub" to="/actions">
            Actions
          </Link>
        }
      >
        {of.actionsAwaitingProof === 0 ? (
          <span className="sub">No action waits for proof.</span>
        ) : (
          <span>
            <strong>{of.actionsAwaitingProof}</strong>{' '}
            {of.actionsAwaitingProof === 1 ? 'action waits' : 'actions wait'} for proof
          </span>
        )}
      </Card>
      <Card title="The watcher">
        <Facts
          of={[
            [
              'Auditor',
              of.auditor.at === null ? (
                <State key="a" is="unknown" say="Has not run yet" />
              ) : of.auditor.problems > 0 ? (
                <State key="a" is="down" say={`${of.auditor.problems} alerts wait for nothing`} />
              ) : (
                <State key="a" is="up" say="Every alert has a next step" />
              ),
            ],
            ['Looked', <Moment key="at" at={of.auditor.at} missing="never" />],
          ]}
        />
      </Card>
    </>
  )
}

function OpenAlerts() {
  const alerts = useList(listAlerts, { query: { state: 'unresolved', limit: 20 } })
  return (
    <Card
      title="Unresolved alerts"
      aside={
        <Link className="sub" to="/alerts">
          All alerts
        </Link>
      }
      bare
    >
      {alerts.error && <ProblemNote of={alerts.error} />}
      {!alerts.items && !alerts.error && <Loading rows={2} />}
      {alerts.items?.length === 0 && (
        <p className="sub" style={{ margin: 0, padding: '12px 14px' }}>
          None. Nobody needs to act.
        </p>
      )}
      {alerts.items && alerts.items.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>Alert</th>
              <th>For</th>
              <th>Next</th>
            </tr>
          </thead>
          <tbody>
            {alerts.items.map((alert) => (
              <tr key={alert.id}>
                <td className="tight">
                  <State is={alert.state} room="alert" />
                </td>
                <td className="wide">
                  <Link className="row-title" to={`/alerts/${alert.id}`}>
                    {alert.title}
                  </Link>
                  <div className="sub">{alert.summary}</div>
                </td>
                <td className="tight" data-label="for">
                  <Lasting since={alert.since} />
                </td>
                <td data-label="next:">
                  {alert.next ? (
                    <>
                      {alert.next.what} <Moment at={alert.next.at} />
                    </>
                  ) : alert.acknowledgedBy ? (
                    `${alert.acknowledgedBy} is on it`
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

function OpenIncidents() {
  const incidents = useList(listIncidents, { query: { state: 'open', limit: 20 } })
  if (!incidents.items?.length) return <ProblemNote of={incidents.error} />
  return (
    <Card
      title="Open incidents"
      aside={
        <Link className="sub" to="/incidents">
          All incidents
        </Link>
      }
      bare
    >
      <table className="rows">
        <thead>
          <tr>
            <th>Severity</th>
            <th>Incident</th>
            <th>State</th>
            <th>For</th>
          </tr>
        </thead>
        <tbody>
          {incidents.items.map((incident) => (
            <tr key={incident.id}>
              <td className="tight">
                <State is={incident.severity} />
              </td>
              <td className="wide">
                <Link className="row-title" to={`/incidents/${incident.id}`}>
                  {incident.title}
                </Link>
                <div className="sub">
                  {incident.commander ? `${incident.commander.name} commands` : 'nobody commands yet'}
                </div>
              </td>
              <td className="tight">
                <State is={incident.state} />
              </td>
              <td className="tight" data-label="for">
                <Lasting since={incident.declaredAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

function Services() {
  const services = useList(listServices, {}, { all: true })
  if (!services.items) return services.error ? <ProblemNote of={services.error} /> : null
  const sorted = services.items.toSorted(
    (a, b) => byUrgency(a.state, b.state) || a.name.localeCompare(b.name),
  )
  return (
    <Card title="Services" lead={sorted.length > 0 ? `${sorted.length}` : undefined} bare>
      {sorted.length === 0 ? (
        <Empty
          title="No service yet"
          action={
            <Button component={Link} to="/monitors" variant="default">
              To the monitors
            </Button>
          }
        >
          Name what people depend on under <code>services</code> in the configuration, then watch it.
        </Empty>
      ) : (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>Service</th>
              <th>Why</th>
              <th>For</th>
              <th>Owner</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((service) => (
              <tr key={service.id}>
                <td className="tight">
                  <State is={service.state} />
                </td>
                <td>
                  <Link className="row-title" to={`/monitors?service=${encodeURIComponent(service.id)}`}>
                    {service.name}
                  </Link>
                  {service.audience === 'public' && <span className="sub"> · public</span>}
                </td>
                <td className="wide">
                  {service.state === 'up' ? <span className="dim">–</span> : sayReason(service.reason)}
                </td>
                <td className="tight" data-label="for">
                  {service.since ? <Lasting since={service.since} /> : '–'}
                </td>
                <td className="tight" data-label="owner">
                  {service.owner ?? '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
