import './cases.css'
import { IconBooks } from '@tabler/icons-react'
import { Link } from 'react-router'
import { listCases } from '../../../src/contract/cases.ts'
import { useList } from '../../api/hooks.ts'
import { Empty } from '../../parts/feedback.tsx'
import { Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayNoticed, sayOrigin, sayStanding } from './say-case.ts'

/** Incidents of others, and of one's own, that could happen to more services. */
export function CasesPage() {
  const search = useFilter('q')
  const cases = useList(listCases)
  const found = cases.items?.filter((one) =>
    matches(search[0], one.title, one.what, one.where, ...one.classes.map(({ title }) => title)),
  )
  return (
    <>
      <PageHead
        title="Cases"
        lead="Incidents that happened. Could they happen to you? Take one over, and get the monitors and the drill."
      />
      <Filters search="Search cases" by={search} />
      <div className="card">
        <Listed
          of={cases}
          found={found}
          heads={['Here', 'Case', 'Failure', 'Nobody knew for']}
          nothing={<Empty title="No case matches" icon={<IconBooks />} />}
        >
          {(one) => {
            const { state, say } = sayStanding(one)
            return (
              <tr>
                <td className="tight" data-label="here">
                  <State is={state} say={say} />
                </td>
                <td className="wide">
                  <Link className="row-title" to={`/cases/${encodeURIComponent(one.id)}`}>
                    {one.title}
                  </Link>
                  <div className="sub">
                    {one.where && `${one.where} · `}
                    {sayOrigin(one.origin)}
                  </div>
                </td>
                <td data-label="failure">{one.classes[0]?.title}</td>
                <td data-label="nobody knew for">
                  {one.past ? sayNoticed(one.past) : <span className="dim">not recorded</span>}
                </td>
              </tr>
            )
          }}
        </Listed>
      </div>
    </>
  )
}
