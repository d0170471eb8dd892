import { IconListCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Action, listActions } from '../../../src/contract/postmortems.ts'
import { useList } from '../../api/hooks.ts'
import { ActionState } from '../../parts/evidence/action-state.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { Choose, Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { awaitsProof, byNeed } from './sort-actions.ts'

/** What was promised, and whether it has been proved. */
export function ActionsPage() {
  const search = useFilter('q')
  const which = useFilter('state', 'waiting')
  const actions = useList(listActions, { query: { limit: 500 } }, { all: true })
  const found = actions.items
    ?.filter(
      (one) => which[0] === 'all' || (which[0] === 'proved' ? one.state === 'proved' : awaitsProof(one)),
    )
    .filter((one) => matches(search[0], one.title, one.criterion, one.owner, one.type))
    .sort(byNeed)
  return (
    <>
      <PageHead title="Actions" lead="An action closes when a drill has replayed the failure and passed." />
      <Filters search="Search actions" by={search}>
        <Choose
          label="Which"
          of={which}
          among={{ waiting: 'Waiting for proof', proved: 'Proved', all: 'All' }}
        />
      </Filters>
      <div className="card">
        <Listed
          of={actions}
          found={found}
          heads={['State', 'Action and criterion', 'Owner', 'Due', 'Drill']}
          nothing={
            <Empty
              icon={<IconListCheck />}
              title={which[0] === 'waiting' && !search[0] ? 'No action waits for proof' : 'No action matches'}
            >
              Actions are added in a <Link to="/post-mortems">post-mortem</Link>, with what must be seen
              before they count as done.
            </Empty>
          }
        >
          {(action) => <Row of={action} />}
        </Listed>
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
        <ActionState of={of} />
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
