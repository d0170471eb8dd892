import { Button } from '@mantine/core'
import { IconPlus, IconTargetArrow } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { listDrills } from '../../../src/contract/proofs.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { RunButton } from '../../parts/evidence/drill-evidence.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ByFile } from '../../parts/managed.tsx'
import { matches } from '../../parts/matches.ts'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { SearchBox } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { DrillForm } from './drill-form.tsx'

/** Failures played on purpose, and how they went. */
export function DrillsPage() {
  const [search, setSearch] = useFilter('q')
  const [proves, setProves] = useFilter('for')
  const [adding, setAdding] = useState(proves !== '')
  const drills = useList(listDrills, { query: { limit: 500 } }, { all: true })
  const may = useMay('editor')
  const found = drills.items?.filter((one) => matches(search, one.name, one.id, one.kind, one.monitorId))
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
      <div className="filters">
        <SearchBox label="Search drills" value={search} onChange={setSearch} />
      </div>
      <div className="card">
        {drills.error && <ProblemNote of={drills.error} retry={drills.refetch} />}
        {!found && !drills.error && <Loading />}
        {found?.length === 0 && (
          <Empty
            icon={<IconTargetArrow />}
            title={search ? 'No drill matches' : 'No drill yet'}
            action={!search && add}
          >
            A drill tells whether you would notice a failure today, how soon, and who would know.
          </Empty>
        )}
        {found && found.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>Last outcome</th>
                <th>Drill</th>
                <th>Why</th>
                <th>Monitor</th>
                <th>Last</th>
                <th>Next</th>
                <th>
                  <span className="sub">Act</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((drill) => (
                <tr key={drill.id}>
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
              ))}
            </tbody>
          </table>
        )}
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
