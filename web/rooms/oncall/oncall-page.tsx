import { Alert, Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendarUser, IconChevronLeft, IconChevronRight, IconUserExclamation } from '@tabler/icons-react'
import { useState } from 'react'
import { listSchedules, readCoverage, type Schedule } from '../../../src/contract/oncall.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited, Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { sayReason } from '../../parts/states.ts'
import { useNow } from '../../times/now.ts'
import { sayDay } from '../../times/say-time.ts'
import { weeksFrom } from './calendar.ts'
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

function Coverage() {
  const coverage = useRead(readCoverage)
  return (
    <Awaited of={coverage} rows={1}>
      {({ items }) =>
        items.length === 0 ? null : (
          <Alert
            variant="light"
            color="red"
            icon={<IconUserExclamation aria-hidden="true" />}
            title="Nobody who can be reached is on call"
            styles={{ message: { color: 'var(--mantine-color-text)' }, title: { color: 'var(--bad)' } }}
          >
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {items.slice(0, 8).map((gap) => (
                <li key={`${gap.scheduleId} ${gap.from}`}>
                  <strong>{gap.scheduleId}</strong>: {sayReason(gap.reason)}, <ExactMoment at={gap.from} /> to{' '}
                  <ExactMoment at={gap.to} />
                </li>
              ))}
              {items.length > 8 && <li>and {items.length - 8} more in the next 14 days</li>}
            </ul>
          </Alert>
        )
      }
    </Awaited>
  )
}
