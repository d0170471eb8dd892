import './postmortems.css'
import { IconClover } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Luck, listLuck } from '../../../src/contract/postmortem-review.ts'
import { useList } from '../../api/hooks.ts'
import { Empty } from '../../parts/feedback.tsx'
import { Choose, Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { Lasting } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { Became, ItemButtons } from './items-card.tsx'

const STATES = {
  open: 'Open',
  accepted: 'Accepted',
  'has-action': 'Has an action',
  proved: 'Proved',
  all: 'All',
}

/** Where we got lucky: risks that nothing but chance kept small, and what became of each. */
export function LuckPage() {
  const search = useFilter('q')
  const state = useFilter('state', 'open')
  const query = state[0] === 'all' ? {} : { state: state[0] as Luck['state'] }
  const list = useList(listLuck, { query }, { all: search[0] !== '' })
  return (
    <>
      <PageHead
        title="Luck we had"
        up={{ to: '/post-mortems', label: 'Post-mortems' }}
        lead="What could have been worse and was not. Next time chance may decide otherwise."
      />
      <Filters search="Search luck" by={search}>
        <Choose label="State" of={state} among={STATES} />
      </Filters>
      <div className="card">
        <Listed
          of={list}
          found={list.items?.filter(({ text, postmortemTitle }) => matches(search[0], text, postmortemTitle))}
          heads={['Risk', 'Met in', 'In this state']}
          nothing={
            <Empty title="Nothing here" icon={<IconClover />}>
              What stands under “Where we got lucky” in a post-mortem is listed here.
            </Empty>
          }
        >
          {(one) => <Row of={one} />}
        </Listed>
      </div>
    </>
  )
}

function Row({ of }: { of: Luck }) {
  return (
    <tr>
      <td className="wide">
        <div className="prose-text">{of.text}</div>
        <Became of={of} />
        <ItemButtons of={of} />
      </td>
      <td data-label="met in">
        <Link to={`/post-mortems/${of.postmortemId}`}>{of.postmortemTitle}</Link>
      </td>
      <td className="tight" data-label="for">
        <Lasting since={of.since} />
      </td>
    </tr>
  )
}
