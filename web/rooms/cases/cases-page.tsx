import './cases.css'
import { Button } from '@mantine/core'
import { IconBooks, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { listCases } from '../../../src/contract/cases.ts'
import { useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { matches } from '../../parts/matches.ts'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayNoticed, sayOrigin, sayStanding } from './say-case.ts'
import { WriteForm } from './write-form.tsx'

/** Incidents of others, and of one's own, that could happen to more services. */
export function CasesPage() {
  const search = useFilter('q')
  const [from, setFrom] = useFilter('from')
  const [writing, write] = useState(from !== '')
  const may = useMay('editor')
  const cases = useList(listCases)
  const found = cases.items?.filter((one) =>
    matches(search[0], one.title, one.what, one.where, ...one.classes.map(({ title }) => title)),
  )
  return (
    <>
      <PageHead
        title="Cases"
        lead="Incidents that happened. Could they happen to you? Take one over, and get the monitors and the drill."
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => write(true)}>
              Make a case
            </Button>
          )
        }
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
                    {[one.where, one.origin !== 'shipped' && sayOrigin(one.origin)]
                      .filter(Boolean)
                      .join(' · ')}
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
      {writing && may && (
        <WriteForm
          from={from || null}
          close={() => {
            write(false)
            setFrom('')
          }}
        />
      )}
    </>
  )
}
