import * as contract from '../contract/oncall.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { DAY } from '../kit/duration.ts'
import { notFound, TocsinError } from '../kit/errors.ts'
import {
  coverage,
  createOverride,
  describeTarget,
  listOverrides,
  listPages,
  listPolicies,
  listSchedules,
  type NamedShift,
  type Override,
  type Page,
  readShifts,
  removeOverride,
  type Schedule,
} from '../oncall/index.ts'
import type { Reader } from '../store/store.ts'
import type { RoomRoutes } from './bind.ts'
import { millis, pageOfAll } from './presenting.ts'

const LONGEST_SPAN = 370 * DAY

/** Schedules, overrides, policies, pages and coverage. */
export const oncallRoutes: RoomRoutes = (bind, { world }) => {
  const db = world.store.read
  bind(contract.listPages, async ({ query }) => {
    const { items, next } = await listPages(db, query)
    return { items: items.map(pageView), next }
  })
  bind(contract.listSchedules, async ({ query }) => {
    const now = world.clock.now()
    const { items, next } = pageOfAll(
      await listSchedules(db),
      query,
      (schedule) => schedule,
      ({ id }) => id,
    )
    return { items: await Promise.all(items.map((schedule) => scheduleView(db, schedule, now))), next }
  })
  bind(contract.readShifts, async ({ params, query }) => {
    const [from, to] = [millis(query.from), millis(query.to)]
    if (to <= from || to - from > LONGEST_SPAN)
      throw new TocsinError('invalid-input', 'The span must be longer than nothing and at most 370 days.', [
        {
          path: 'query.to',
          message: 'is not after "from", or too far from it',
          remedy: 'Ask for a shorter span.',
        },
      ])
    const shifts = await readShifts(db, params.id, from, to)
    if (!shifts) throw notFound('schedule', params.id)
    return { items: shifts.map(shiftView), next: null }
  })
  bind(contract.listOverrides, async ({ query }) => {
    const { items, next } = await listOverrides(db, query)
    return { items: items.map((one) => overrideView(one, world.clock.now())), next }
  })
  bind(contract.createOverride, async ({ actor, body }) => {
    const { from, to, ...rest } = body
    const created = await createOverride(world, actor, { ...rest, from: millis(from), until: millis(to) })
    return overrideView(created, world.clock.now())
  })
  bind(contract.removeOverride, async ({ actor, params }) => {
    await removeOverride(world, actor, { overrideId: params.id })
    return undefined
  })
  bind(contract.listPolicies, async ({ query }) =>
    pageOfAll(
      await listPolicies(db),
      query,
      ({ id, name, spec, managedBy }) => ({
        id,
        name,
        steps: spec.steps.map(({ notify, waitMs }) => ({ notify: notify.map(describeTarget), waitMs })),
        repeat: spec.repeat,
        lastResort: spec.lastResort.people,
        managedBy,
      }),
      (policy) => policy.id,
    ),
  )
  bind(contract.readCoverage, async () => {
    const { schedules } = await coverage(db, world.clock.now())
    const items = schedules.map(({ scheduleId, from, to, reason }) => ({
      scheduleId,
      from: iso(from),
      to: iso(to),
      reason,
    }))
    return { items, next: null }
  })
}

function pageView(page: Page): contract.Page {
  return {
    id: page.id,
    alertId: page.alertId,
    escalationId: page.escalationId,
    personId: page.personId,
    personName: page.personName,
    channel: page.channel,
    key: page.key,
    step: page.stepName,
    state: page.state,
    reason: page.reason,
    since: iso(page.settledAt ?? page.queuedAt),
    sentAt: page.state === 'sent' ? isoOrNull(page.settledAt) : null,
  }
}

function shiftView(shift: NamedShift): contract.Shift {
  return {
    personId: shift.personId,
    personName: shift.personName,
    from: iso(shift.from),
    to: iso(shift.to),
    override: shift.via === 'override',
    overrideId: shift.overrideId,
    reachable: shift.reachable,
  }
}

// The shift in force, as long as it lasts from here: a daily or weekly turn ends within this.
const AHEAD = 8 * DAY

async function scheduleView(db: Reader, schedule: Schedule, now: number): Promise<contract.Schedule> {
  const shifts = await readShifts(db, schedule.id, now - AHEAD, now + AHEAD)
  const current = shifts?.find((shift) => shift.from <= now && now < shift.to)
  return {
    id: schedule.id,
    name: schedule.name,
    rotation: schedule.spec.rotation,
    timezone: schedule.spec.timezone,
    order: schedule.spec.order,
    managedBy: schedule.managedBy,
    now: current ? shiftView(current) : null,
  }
}

function overrideView(override: Override, now: number): contract.Override {
  const state = override.until <= now ? 'over' : override.from <= now ? 'running' : 'planned'
  const since = { planned: override.createdAt, running: override.from, over: override.until }[state]
  return {
    id: override.id,
    scheduleId: override.scheduleId,
    personId: override.personId,
    from: iso(override.from),
    to: iso(override.until),
    by: override.createdName,
    state,
    reason: override.reason,
    since: iso(since),
  }
}
