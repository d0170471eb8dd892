import { Button } from '@mantine/core'
import { IconPlus, IconTargetArrow } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { listDrills } from '../../../src/contract/proofs.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { RunButton } from '../../parts/evidence/drill-evidence.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { matches } from '../../parts/matches.ts'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { DrillForm } from './drill-form.tsx'

/** Failures played on purpose, and how they went. */
export function DrillsPage() {
  const search = useFilter('q')
  const [proves, setProves] = useFilter('for')
  const [adding, setAdding] = useState(proves !== '')
  const drills = useList(listDrills, { query: { limit: 500 } }, { all: true })
  const may = useMay('editor')
  const found = drills.items?.filter((one) => matches(search[0], one.name, one.id, one.kind, one.monitorId))
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add a drill
    </Button>
  )
  return (
    <>
      <PageHead
        title="Drills"
        lead="A failure played against today’s monitors, routes and people. Nobody outside the drill is paged."
        actions={add}
      />
      <Filters search="Search drills" by={search} />
      <div className="card">
        <Listed
          of={drills}
          found={found}
          heads={['Last outcome', 'Drill', 'Why', 'Monitor', 'Last', 'Next', { quiet: 'Act' }]}
          nothing={
            <Empty
              icon={<IconTargetArrow />}
              title={search[0] ? 'No drill matches' : 'No drill yet'}
              action={!search[0] && add}
            >
              A drill tells whether you would notice a failure today, how soon, and who would know.
            </Empty>
          }
        >
          {(drill) => (
            <tr>
              <td className="tight">
                <State is={drill.state} />
              </td>
              <td className="wide">
                <Link className="row-title" to={`/drills/${encodeURIComponent(drill.id)}`}>
                  {drill.name}
                </Link>
                <div className="sub">
                  {sayReason(drill.kind)} {drill.managedBy === 'file' && <ByFile />}
                  {drill.actionId && (
                    <>
                      {' '}
                      · <Link to={`/actions/${drill.actionId}`}>proves an action</Link>
                    </>
                  )}
                </div>
              </td>
              <td className="wide">
                {drill.state === 'never run' ? <span className="dim">–</span> : sayReason(drill.reason)}
              </td>
              <td data-label="monitor">
                {drill.monitorId && (
                  <Link to={`/monitors/${encodeURIComponent(drill.monitorId)}`}>{drill.monitorId}</Link>
                )}
              </td>
              <td className="tight" data-label="last">
                {drill.state === 'never run' ? (
                  <span className="dim">never</span>
                ) : (
                  <Moment at={drill.since} />
                )}
              </td>
              <td className="tight" data-label="next">
                <Moment at={drill.nextRunAt} missing="by hand" />
              </td>
              <td className="tight">
                <RunButton drillId={drill.id} busy={drill.state === 'running'} />
              </td>
            </tr>
          )}
        </Listed>
      </div>
      {adding && may && (
        <DrillForm
          proves={proves || null}
          close={() => {
            setAdding(false)
            setProves('')
          }}
        />
      )}
    </>
  )
}
