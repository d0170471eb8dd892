import './blindspots.css'
import { Select, Switch } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconRadar2 } from '@tabler/icons-react'
import { useNavigate, useSearchParams } from 'react-router'
import { type BlindSpots, readBlindSpots } from '../../../src/contract/cases.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited, Empty } from '../../parts/feedback.tsx'
import { Filters } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { PageHead } from '../../parts/page.tsx'
import { arrange, CELL_WORDS, summarize } from './arrange.ts'
import { CellDrawer } from './cell-drawer.tsx'
import { Matrix, SpotList } from './matrix.tsx'

/** Which failures could strike which services unseen. */
export function BlindSpotsPage() {
  const map = useRead(readBlindSpots)
  return (
    <>
      <PageHead
        title="Blind spots"
        lead={map.data ? summarize(map.data) : 'Which failures could strike which services unseen.'}
      />
      <Awaited of={map} rows={10}>
        {(data) => <Shown of={data} />}
      </Awaited>
    </>
  )
}

function Shown({ of }: { of: BlindSpots }) {
  const search = useFilter('service')
  const [owner, setOwner] = useFilter('owner')
  const [state, setState] = useFilter('state')
  const [every, setEvery] = useFilter('classes')
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const narrow = useMediaQuery('(max-width: 760px)', window.matchMedia('(max-width: 760px)').matches)
  const arranged = arrange(of, { search: search[0], owner, state, everyClass: every === 'all' })
  const owners = [...new Set(of.services.map((one) => one.owner).filter((one) => one !== null))].sort()
  const [service, failureClass] = (params.get('cell') ?? '').split('~')
  const go = (cell: string | null) => {
    const next = new URLSearchParams(window.location.search)
    if (cell === null) next.delete('cell')
    else next.set('cell', cell)
    void navigate({ search: next.toString() }, { preventScrollReset: true })
  }
  const open = (serviceId: string, id: string) => go(`${serviceId}~${id}`)
  if (of.services.length === 0)
    return (
      <Empty title="There is no service yet" icon={<IconRadar2 />}>
        Add services and monitors to the configuration; the map is worked out from them.
      </Empty>
    )
  return (
    <>
      <Legend counts={of.counts} state={state} choose={setState} />
      <Filters search="Search services" by={search}>
        {owners.length > 1 && (
          <Select
            aria-label="Team"
            w={170}
            data={[{ value: '', label: 'Every team' }, ...owners.map((one) => ({ value: one, label: one }))]}
            value={owner}
            onChange={(value) => setOwner(value ?? '')}
          />
        )}
        <Switch
          label="Also classes that concern nobody"
          size="xs"
          checked={every === 'all'}
          onChange={(event) => setEvery(event.currentTarget.checked ? 'all' : '')}
        />
      </Filters>
      {arranged.rows.length === 0 && <Empty title="No service matches">Take a filter away.</Empty>}
      {arranged.rows.length > 0 &&
        (narrow ? <SpotList of={arranged} open={open} /> : <Matrix of={arranged} open={open} />)}
      {service && failureClass && (
        <CellDrawer
          key={`${service} ${failureClass}`}
          service={service}
          failureClass={failureClass}
          close={() => go(null)}
        />
      )}
    </>
  )
}

function Legend(props: { counts: BlindSpots['counts']; state: string; choose: (state: string) => void }) {
  return (
    <fieldset className="spots-legend" aria-label="Show services with">
      {CELL_WORDS.map(({ state, word, sign }) => (
        <button
          key={state}
          type="button"
          aria-pressed={props.state === state}
          onClick={() => props.choose(props.state === state ? '' : state)}
        >
          <span className="spot" data-state={state} aria-hidden="true">
            {sign}
          </span>
          <span>
            <strong>{props.counts[state]}</strong> {word}
          </span>
        </button>
      ))}
    </fieldset>
  )
}
