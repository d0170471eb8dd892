import { SegmentedControl } from '@mantine/core'
import { IconListCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Action, listActions } from '../../../src/contract/postmortems.ts'
import { useList } from '../../api/hooks.ts'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { PageHead } from '../../parts/page.tsx'
import { SearchBox, usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { awaitsProof, byNeed } from './sort-actions.ts'

/** What was promised, and whether it has been proved. */
export function ActionsPage() {
  const [search, setSearch] = useFilter('q')
  const [which, setWhich] = useFilter('state', 'waiting')
  const actions = useList(listActions, { query: { limit: 500 } }, { all: true })
  const found = actions.items
    ?.filter((one) => which === 'all' || (which === 'proved' ? one.state === 'proved' : awaitsProof(one)))
    .filter((one) => matches(search, one.title, one.criterion, one.owner, one.type))
    .sort(byNeed)
  return (
    <>
      <PageHead title="Actions" lead="An action closes when a drill has replayed the failure and passed." />
      <div className="filters">
        <SearchBox label="Search actions" value={search} onChange={setSearch} />
        <SegmentedControl
          aria-label="Which"
          size="xs"
          value={which}
          onChange={setWhich}
          data={[
            { value: 'waiting', label: 'Waiting for proof' },
            { value: 'proved', label: 'Proved' },
            { value: 'all', label: 'All' },
          ]}
        />
      </div>
      <div className="card">
        {actions.error && <ProblemNote of={actions.error} retry={actions.refetch} />}
        {!found && !actions.error && <Loading />}
        {found?.length === 0 && (
          <Empty
            icon={<IconListCheck />}
            title={which === 'waiting' && !search ? 'No action waits for proof' : 'No action matches'}
          >
            Actions are added in a <Link to="/post-mortems">post-mortem</Link>, with what must be seen before
            they count as done.
          </Empty>
        )}
        {found && found.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>State</th>
                <th>Action and criterion</th>
                <th>Owner</th>
                <th>Due</th>
                <th>Drill</th>
              </tr>
            </thead>
            <tbody>
              {found.map((action) => (
                <Row key={action.id} of={action} />
              ))}
            </tbody>
          </table>
        )}
        <More of={actions} />
      </div>
    </>
  )
}

function Row({ of }: { of: Action }) {
  const nameOf = usePersonName()
  const now = useNow()
  const late = of.dueAt !== null && Date.parse(of.dueAt) < now && awaitsProof(of)
  return (
    <tr>
      <td className="tight">
        <State is={of.state} room="action" />
      </td>
      <td className="wide">
        <Link className="row-title" to={`/actions/${of.id}`}>
          {of.title}
        </Link>
        <div className="sub">{of.criterion}</div>
      </td>
      <td data-label="owner">{of.owner ? nameOf(of.owner) : <span className="dim">nobody</span>}</td>
      <td data-label="due">
        {late && <State is="stale" say="Late" />} <ExactMoment at={of.dueAt} missing="no date" />
      </td>
      <td data-label="drill">
        {of.drillId ? (
          <Link to={`/drills/${encodeURIComponent(of.drillId)}`}>{of.drillId}</Link>
        ) : (
          <span className="dim">none yet</span>
        )}
      </td>
    </tr>
  )
}
