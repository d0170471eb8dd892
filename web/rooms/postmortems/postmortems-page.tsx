import { IconFileText } from '@tabler/icons-react'
import { Link } from 'react-router'
import { listPostmortems } from '../../../src/contract/postmortems.ts'
import { useList } from '../../api/hooks.ts'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { PageHead } from '../../parts/page.tsx'
import { SearchBox } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'

/** What was learned, the newest first. */
export function PostmortemsPage() {
  const [search, setSearch] = useFilter('q')
  const list = useList(listPostmortems)
  const now = useNow()
  const found = list.items?.filter(({ title, state }) => matches(search, title, state))
  return (
    <>
      <PageHead title="Post-mortems" />
      <div className="filters">
        <SearchBox label="Search post-mortems" value={search} onChange={setSearch} />
      </div>
      <div className="card">
        {list.error && <ProblemNote of={list.error} retry={list.refetch} />}
        {!found && !list.error && <Loading />}
        {found?.length === 0 && (
          <Empty title={search ? 'No post-mortem matches' : 'No post-mortem yet'} icon={<IconFileText />}>
            {search ? (
              'Search for less.'
            ) : (
              <>
                Once an <Link to="/incidents">incident</Link> is resolved, draft its post-mortem there: it
                begins with the time line.
              </>
            )}
          </Empty>
        )}
        {found && found.length > 0 && (
          <table className="rows">
            <thead>
              <tr>
                <th>State</th>
                <th>Post-mortem</th>
                <th>Actions</th>
                <th>Review due</th>
                <th>In this state</th>
              </tr>
            </thead>
            <tbody>
              {found.map((one) => {
                const late =
                  one.dueAt &&
                  Date.parse(one.dueAt) < now &&
                  (one.state === 'draft' || one.state === 'in review')
                return (
                  <tr key={one.id}>
                    <td className="tight">
                      <State is={one.state} />
                    </td>
                    <td className="wide">
                      <Link className="row-title" to={`/post-mortems/${one.id}`}>
                        {one.title}
                      </Link>
                    </td>
                    <td className="tight" data-label="actions">
                      {one.actionIds.length}
                    </td>
                    <td data-label="due">
                      {late && <State is="stale" say="Late" />}{' '}
                      <ExactMoment at={one.dueAt} missing="no date" />
                    </td>
                    <td className="tight" data-label="for">
                      <Lasting since={one.since} />
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        )}
        <More of={list} />
      </div>
    </>
  )
}
