import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendarUser, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { listSchedules, readCoverage, type Schedule } from '../../../src/contract/oncall.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { Rows } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { useNow } from '../../times/now.ts'
import { sayDay } from '../../times/say-time.ts'
import { joinGaps, weeksFrom } from './calendar.ts'
import { OverrideForm, OverridesCard } from './overrides.tsx'
import { PoliciesCard } from './policies.tsx'
import { ScheduleCard } from './schedule-card.tsx'

const WEEKS = 4

/** Who is woken, now and in the weeks to come. */
export function OnCallPage() {
  const schedules = useList(listSchedules, {}, { all: true })
  const [page, setPage] = useState(0)
  const [taking, setTaking] = useState<Schedule | null>(null)
  const [opened, { open, close }] = useDisclosure()
  const may = useMay('responder')
  const now = useNow()
  const weeks = weeksFrom(now, WEEKS * (Math.max(page, 0) + 1)).slice(-WEEKS)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const take = (schedule: Schedule | null) => {
    setTaking(schedule)
    open()
  }
  return (
    <>
      <PageHead
        title="On call"
        lead={`Times are in your zone, ${zone}.`}
        actions={
          <Group gap={4}>
            <Button
              variant="default"
              aria-label="Earlier weeks"
              px="xs"
              disabled={page === 0}
              onClick={() => setPage(page - 1)}
            >
              <IconChevronLeft size={16} />
            </Button>
            <span className="sub numbers" style={{ minWidth: 150, textAlign: 'center' }}>
              {sayDay(weeks[0]!.from)} – {sayDay(weeks.at(-1)!.to - 1)}
            </span>
            <Button variant="default" aria-label="Later weeks" px="xs" onClick={() => setPage(page + 1)}>
              <IconChevronRight size={16} />
            </Button>
          </Group>
        }
      />
      <div className="stack">
        <Coverage />
        {schedules.error && <ProblemNote of={schedules.error} retry={schedules.refetch} />}
        {!schedules.items && !schedules.error && <Loading rows={8} />}
        {schedules.items?.length === 0 && (
          <div className="card">
            <Empty title="No schedule yet" icon={<IconCalendarUser />}>
              Write one under <code>oncall</code> in the configuration: who takes turns, and when the turns
              change.
            </Empty>
          </div>
        )}
        {schedules.items?.map((schedule) => (
          <ScheduleCard
            key={schedule.id}
            of={schedule}
            weeks={weeks}
            take={may ? () => take(schedule) : null}
          />
        ))}
        <OverridesCard
          add={may && schedules.items?.length ? () => take(schedules.items?.[0] ?? null) : null}
        />
        <PoliciesCard />
      </div>
      {opened && schedules.items && <OverrideForm schedules={schedules.items} first={taking} close={close} />}
    </>
  )
}

/** When nobody who can be reached is on call. */
function Coverage() {
  const coverage = useRead(readCoverage)
  const gaps = joinGaps(coverage.data?.items ?? [])
  if (coverage.error) return <ProblemNote of={coverage.error} />
  if (gaps.length === 0) return null
  return (
    <section className="card warning-card" aria-label="Gaps in the coverage">
      <header>
        <State is="down" say="Nobody who can be reached" />
        <span className="sub">in the next 14 days</span>
      </header>
      <Rows of={gaps} heads={['Schedule', 'From', 'To', 'Why']}>
        {(gap) => (
          <tr>
            <td>
              <strong>{gap.scheduleId}</strong>
            </td>
            <td data-label="from">
              <ExactMoment at={gap.from} />
            </td>
            <td data-label="to">
              <ExactMoment at={gap.to} />
            </td>
            <td>{sayReason(gap.reason)}</td>
          </tr>
        )}
      </Rows>
    </section>
  )
}
