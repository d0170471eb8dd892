import { readOverview } from '../../../src/contract/system.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited } from '../../parts/feedback.tsx'
import { PageHead } from '../../parts/page.tsx'
import { headline } from './headline.ts'
import { Services } from './services.tsx'
import { Sides } from './sides.tsx'
import { OpenAlerts, OpenIncidents } from './what-is-open.tsx'

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
