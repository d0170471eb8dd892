import { Button, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangleFilled, IconArrowsExchange } from '@tabler/icons-react'
import { readShifts, type Schedule, type Shift } from '../../../src/contract/oncall.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited } from '../../parts/feedback.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { sayClock, sayDay } from '../../times/say-time.ts'
import { hueOf, layOut, type Piece, placeIn, type Week } from './calendar.ts'

const HUES = 6

/** One schedule: who has it now, and its shifts week by week. */
export function ScheduleCard({
  of,
  weeks,
  take,
}: {
  of: Schedule
  weeks: Week[]
  take: (() => void) | null
}) {
  const query = { from: new Date(weeks[0]!.from).toISOString(), to: new Date(weeks.at(-1)!.to).toISOString() }
  const shifts = useRead(readShifts, { params: { id: of.id }, query }, { keep: true })
  return (
    <Card
      title={of.name}
      lead={`${of.rotation}, turns in ${of.timezone}`}
      aside={
        <>
          {of.managedBy === 'file' && <ByFile />}
          {take && (
            <Button size="xs" variant="default" onClick={take} leftSection={<IconArrowsExchange size={14} />}>
              Take a shift
            </Button>
          )}
        </>
      }
      bare
    >
      <div style={{ padding: '10px 14px', display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
        <OnNow of={of.now} />
      </div>
      <Awaited of={shifts} rows={4}>
        {({ items }) => <Calendar shifts={items} weeks={weeks} label={of.name} />}
      </Awaited>
    </Card>
  )
}

function OnNow({ of }: { of: Shift | null }) {
  if (!of?.personName) return <State is="down" large say="Nobody is on call now" />
  return (
    <>
      <span>
        Now: <strong>{of.personName}</strong>
      </span>
      {of.override && <State is="claimed" say="Override" />}
      {!of.reachable && <State is="down" say="Cannot be reached" />}
      <span className="dim">
        until <ExactMoment at={of.to} />
      </span>
    </>
  )
}

function Calendar({ shifts, weeks, label }: { shifts: Shift[]; weeks: Week[]; label: string }) {
  const now = useNow()
  return (
    <section className="calendar" aria-label={`Shifts of ${label}`}>
      <div className="calendar-days" aria-hidden="true">
        {['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day) => (
          <span key={day}>{day}</span>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week.from} className="calendar-week">
          <div className="calendar-dates" aria-hidden="true">
            {week.days.map((day) => (
              <span key={day} data-today={day <= now && now < day + 86_400_000}>
                {new Date(day).getDate() === 1 ? sayDay(day).slice(4) : new Date(day).getDate()}
              </span>
            ))}
          </div>
          <ul className="calendar-bars">
            {layOut(shifts, week).map((piece) => (
              <Bar key={piece.shift.from} of={piece} />
            ))}
            {week.from <= now && now < week.to && (
              <li className="calendar-now" style={{ left: `${placeIn(week, now) * 100}%` }} title="Now" />
            )}
          </ul>
        </div>
      ))}
    </section>
  )
}

function Bar({ of: { shift, left, width, opensBefore, goesOn } }: { of: Piece }) {
  const name = shift.personName ?? 'Nobody'
  const from = Date.parse(shift.from)
  const to = Date.parse(shift.to)
  const notes = [
    shift.override ? 'override' : '',
    shift.personId && !shift.reachable ? 'cannot be reached' : '',
  ].filter(Boolean)
  const said = `${name}, ${sayDay(from)} ${sayClock(from)} to ${sayDay(to)} ${sayClock(to)}${notes.length ? `, ${notes.join(', ')}` : ''}`
  return (
    <li
      className="shift"
      data-hue={shift.personId ? hueOf(shift.personId, HUES) : 'none'}
      data-override={shift.override}
      data-before={opensBefore}
      data-after={goesOn}
      style={{ left: `${left * 100}%`, width: `calc(${width * 100}% - 2px)` }}
      title={said}
    >
      {!(shift.personId && shift.reachable) && (
        <IconAlertTriangleFilled size={12} aria-hidden="true" style={{ flex: 'none' }} />
      )}
      {shift.override && <IconArrowsExchange size={12} aria-hidden="true" style={{ flex: 'none' }} />}
      <span aria-hidden="true">{name}</span>
      <VisuallyHidden>{said}</VisuallyHidden>
    </li>
  )
}
