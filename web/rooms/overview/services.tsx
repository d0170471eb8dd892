import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { listServices } from '../../../src/contract/catalog.ts'
import { useList } from '../../api/hooks.ts'
import { Empty, ProblemNote } from '../../parts/feedback.tsx'
import { Lasting } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { byUrgency, sayReason } from '../../parts/states.ts'

/** Services, the worst first. */
export function Services() {
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
