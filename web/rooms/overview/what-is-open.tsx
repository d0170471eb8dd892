import { Link } from 'react-router'
import { listAlerts } from '../../../src/contract/alerts.ts'
import { listIncidents } from '../../../src/contract/incidents.ts'
import { useList } from '../../api/hooks.ts'
import { Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Lasting, Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** Alerts that may need a human. */
export function OpenAlerts() {
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

/** Incidents that are not over. */
export function OpenIncidents() {
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
