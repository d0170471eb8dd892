import type { IncidentTimes } from '../../incidents/index.ts'
import { iso } from '../../kit/clock.ts'
import { classOf, classOfReason, type FailureClassId } from '../failure-class.ts'
import type { CaseInput } from './case.ts'

/** A monitor that had to do with the incident, or with an action that came of it. */
export interface InvolvedMonitor {
  id: string
  kind: string
  target: string
  /** As a person wrote them; null where the configuration file manages it. */
  settings: Record<string, unknown> | null
  /** What it said, where it raised an alert. */
  reason: string | null
  /** The faults that it is known to notice. */
  caught: readonly { fault: string; failureClass: string }[]
}

export interface DraftInput {
  title: string
  /** Text of its sections, as far as they are written. */
  summary: string | null
  takeaways: string | null
  serviceIds: readonly string[]
  times: IncidentTimes['times']
  detection: 'monitor' | 'person' | 'customer' | null
  monitors: readonly InvolvedMonitor[]
}

export interface Drafted {
  definition: CaseInput
  /** What a person has to find out. */
  open: string[]
}

const BY = { monitor: 'monitoring', person: 'staff by chance', customer: 'customers' } as const

/** A case as far as it can be told from a post-mortem and what is around it; what cannot be told is said. */
export function draftCase(input: DraftInput): Drafted {
  const open: string[] = []
  const classes = classesOf(input.monitors)
  if (classes.length === 0)
    open.push(
      'The failure class: no monitor had a part in it. It stands as "service.down" until somebody says better.',
    )
  const what = plain(input.summary)
  if (!what) open.push('What happened: the summary of the post-mortem is not written.')
  const lesson = plain(input.takeaways)?.split(/(?<=[.!?])\s/)[0]
  if (!lesson) open.push('The lesson: the post-mortem has no takeaways.')
  const useful = input.monitors.filter(({ caught }) => caught.length > 0)
  if (useful.length === 0)
    open.push(
      'The monitors that would have seen it: none of those involved is known to notice a fault. Play a drill.',
    )
  for (const { id, settings } of useful)
    if (!settings)
      open.push(`The settings of ${id}: they stand in the configuration file. Copy what matters.`)
  const past = pastOf(input)
  if (!past) open.push('When it began, was noticed and was over: not all of it is recorded.')
  return {
    open,
    definition: {
      title: input.title.slice(0, 120),
      what: what?.slice(0, 4_000) ?? input.title,
      lesson: lesson?.slice(0, 1_000) ?? 'Not yet written.',
      classes: (classes.length > 0 ? classes : ['service.down']) as CaseInput['classes'],
      services: [...input.serviceIds],
      values: {},
      monitors: Object.fromEntries(
        useful.map(({ id, kind, target, settings, caught }) => [
          id,
          {
            because: `It notices ${caught.length === 1 ? caught[0]!.fault : `${caught.length} faults of this kind`}.`,
            sees: caught.map(({ fault }) => fault).slice(0, 20),
            settings: template(kind, target, settings) as never,
          },
        ]),
      ),
      ...(past && { past }),
    },
  }
}

function classesOf(monitors: readonly InvolvedMonitor[]): FailureClassId[] {
  const said = monitors.flatMap(({ reason }) => (reason === null ? [] : [classOfReason(reason)]))
  const caught = monitors.flatMap((one) => one.caught.map(({ failureClass }) => classOf(failureClass)))
  return [...new Set([...said, ...caught])].filter((one) => one !== null).slice(0, 8)
}

function template(kind: string, target: string, settings: Record<string, unknown> | null) {
  if (!settings) return { type: kind, target }
  const {
    service: _service,
    name: _name,
    enabled: _enabled,
    pingKey: _ping,
    pushKey: _push,
    ...rest
  } = settings
  return rest
}

function pastOf({ times, detection }: DraftInput): CaseInput['past'] | null {
  const at = (name: string) => times.find((one) => one.name === name)?.at ?? null
  const noticed = at('detected') ?? at('declared')
  const began = at('impact start') ?? noticed
  const mended = at('resolved')
  if (began === null || noticed === null || mended === null || detection === null) return null
  if (began > noticed || noticed > mended) return null
  return {
    began: iso(began),
    noticed: iso(noticed),
    mended: iso(mended),
    by: BY[detection],
    how: detection === 'monitor' ? 'A monitor raised an alert.' : 'It was reported, and not by a monitor.',
  }
}

/** Text of a section without its marks; null where nobody has written it. */
function plain(text: string | null): string | null {
  if (text === null || text.includes('_Not yet written:')) return null
  const read = text
    .replaceAll(/[*_`#>]+/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return read === '' ? null : read
}
