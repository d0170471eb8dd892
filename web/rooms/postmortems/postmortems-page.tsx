import { Button } from '@mantine/core'
import { IconFileText } from '@tabler/icons-react'
import { Link } from 'react-router'
import { listPostmortems, type Postmortem } from '../../../src/contract/postmortems.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'

/** What was learned, the newest first. */
export function PostmortemsPage() {
  const may = useMay('responder')
  const search = useFilter('q')
  const list = useList(listPostmortems, {}, { all: search[0] !== '' })
  return (
    <>
      <PageHead
        title="Post-mortems"
        actions={
          <>
            <Button component={Link} to="/post-mortems/luck" variant="default">
              Luck we had
            </Button>
            {may && (
              <Button component={Link} to="/post-mortems/import" variant="default">
                Import
              </Button>
            )}
          </>
        }
      />
      <Filters search="Search post-mortems" by={search} />
      <div className="card">
        <Listed
          of={list}
          found={list.items?.filter(({ title, state }) => matches(search[0], title, state))}
          heads={['State', 'Post-mortem', 'Actions', 'Due', 'In this state']}
          nothing={<Nothing searched={search[0] !== ''} />}
        >
          {(one) => <Row of={one} />}
        </Listed>
      </div>
    </>
  )
}

function Nothing({ searched }: { searched: boolean }) {
  if (searched)
    return (
      <Empty title="No post-mortem matches" icon={<IconFileText />}>
        Search for less.
      </Empty>
    )
  return (
    <Empty title="No post-mortem yet" icon={<IconFileText />}>
      Once an <Link to="/incidents">incident</Link> is resolved, draft its post-mortem there: it begins with
      the time line. Or <Link to="/post-mortems/import">import</Link> those that you have.
    </Empty>
  )
}

function Row({ of }: { of: Postmortem }) {
  const now = useNow()
  const due = of.state === 'draft' ? (of.draftDueAt ?? of.dueAt) : of.dueAt
  const awaited = of.state === 'draft' || of.state === 'in review'
  const late = awaited && due !== null && Date.parse(due) < now
  return (
    <tr>
      <td className="tight">
        <State is={of.state} />
      </td>
      <td className="wide">
        <Link className="row-title" to={`/post-mortems/${of.id}`}>
          {of.title}
        </Link>
      </td>
      <td className="tight" data-label="actions">
        {of.actionIds.length}
      </td>
      <td data-label="due">
        {late && <State is="late" />} <ExactMoment at={due} missing="no date" />
      </td>
      <td className="tight" data-label="for">
        <Lasting since={of.since} />
      </td>
    </tr>
  )
}
