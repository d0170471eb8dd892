import { useRef } from 'react'
import { Link } from 'react-router'
import type { BlindSpotCell, FailureClass } from '../../../src/contract/cases.ts'
import { type Arranged, cellWord, type Row } from './arrange.ts'

interface MatrixProps {
  of: Arranged
  open: (serviceId: string, failureClass: string) => void
}

/** Services by failure classes; the arrows move from cell to cell. */
export function Matrix({ of, open }: MatrixProps) {
  const table = useRef<HTMLTableElement>(null)
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key]
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-at]')
    if (!step || !cell) return
    const [row, column] = cell.dataset.at!.split(' ').map(Number)
    const next = table.current?.querySelector<HTMLElement>(
      `[data-at="${row! + step[0]!} ${column! + step[1]!}"]`,
    )
    if (!next) return
    event.preventDefault()
    next.focus()
  }
  return (
    <section className="spots-scroll" aria-label="The map">
      <table className="spots" ref={table} onKeyDown={move}>
        <thead>
          <tr className="spots-groups">
            <th />
            {of.groups.map(({ name, span }) => (
              <th key={name} colSpan={span} scope="colgroup">
                <span>{name}</span>
              </th>
            ))}
          </tr>
          <tr className="spots-classes">
            <th scope="col" className="spots-corner">
              Service
            </th>
            {of.classes.map((one, at) => (
              <th key={one.id} scope="col" data-first={isFirst(of, at)} title={`${one.title}: ${one.about}`}>
                <span>{one.short}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.rows.map((row, place) => (
            <MatrixRow key={row.service.id} of={row} place={place} arranged={of} open={open} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

const isFirst = ({ classes }: Arranged, at: number) => at > 0 && classes[at]!.group !== classes[at - 1]!.group

function MatrixRow(props: { of: Row; place: number; arranged: Arranged; open: MatrixProps['open'] }) {
  const { service, cells, unseen } = props.of
  const { classes } = props.arranged
  return (
    <tr>
      <th scope="row">
        <Link
          to={`/blind-spots?service=${encodeURIComponent(service.id)}`}
          className="spots-name"
          title={service.id}
        >
          {service.name}
        </Link>
        {unseen > 0 && (
          <span className="spots-count" title={`${unseen} exposed and unseen`}>
            {unseen}
          </span>
        )}
      </th>
      {cells.map((cell, at) => (
        <td key={cell.failureClass} data-first={isFirst(props.arranged, at)}>
          <Cell
            of={cell}
            at={`${props.place} ${at}`}
            about={classes[at]!}
            service={service.name}
            open={() => props.open(service.id, cell.failureClass)}
          />
        </td>
      ))}
    </tr>
  )
}

function Cell(props: {
  of: BlindSpotCell
  at: string
  about: FailureClass
  service: string
  open: () => void
}) {
  const { state, reason } = props.of
  const { word, sign } = cellWord(state)
  return (
    <button
      type="button"
      className="spot"
      data-state={state}
      data-at={props.at}
      aria-label={`${props.service}, ${props.about.title}: ${word}`}
      title={`${props.about.title}: ${word}. ${reason}`}
      onClick={props.open}
    >
      {sign}
    </button>
  )
}

/** The same for a narrow screen: what could pass unseen stands first, and what is well is only counted. */
export function SpotList({ of, open }: MatrixProps) {
  return (
    <ul className="spots-list">
      {of.rows.map(({ service, cells }) => {
        const bad = cells.filter(({ state }) => state === 'unseen' || state === 'unproven')
        const proved = cells.filter(({ state }) => state === 'proved').length
        const sorted = bad.toSorted((a, b) => Number(a.state === 'unproven') - Number(b.state === 'unproven'))
        return (
          <li key={service.id} className="card">
            <h2 className="card-title">{service.name}</h2>
            {sorted.length === 0 && <p className="sub">Nothing that is known could pass unseen.</p>}
            <div className="spots-chips">
              {sorted.map((cell) => {
                const about = of.classes.find(({ id }) => id === cell.failureClass)!
                const { word, sign } = cellWord(cell.state)
                return (
                  <button
                    key={cell.failureClass}
                    type="button"
                    className="spot-chip"
                    data-state={cell.state}
                    aria-label={`${service.name}, ${about.title}: ${word}`}
                    onClick={() => open(service.id, cell.failureClass)}
                  >
                    <span aria-hidden="true">{sign}</span> {about.title}
                  </button>
                )
              })}
            </div>
            {proved > 0 && <p className="sub">{proved} proved</p>}
          </li>
        )
      })}
    </ul>
  )
}
