import type { Action } from '../../../src/contract/postmortems.ts'
import { type ActionReminder, readReminders } from '../../../src/contract/trackers.ts'
import { useList } from '../../api/hooks.ts'
import { Listed } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'

const WHY: Record<ActionReminder['reason'], string> = {
  'due-soon': 'due soon',
  due: 'due',
  overdue: 'overdue',
  'long-overdue': 'long overdue, to the team',
  'promise-due': 'promised for that day',
  'promise-broken': 'promise not kept',
  refuted: 'refuted',
  reopened: 'open again',
  stale: 'proof too old',
}

/** Who was reminded of the action, why, and whether it reached them. */
export function RemindersCard({ of }: { of: Action }) {
  const nameOf = usePersonName()
  const reminders = useList(readReminders, { params: { id: of.id } })
  if (reminders.items?.length === 0) return null
  return (
    <Card title="Reminders" bare>
      <Listed
        of={reminders}
        heads={[{ quiet: 'State' }, 'Who', 'Why', 'When']}
        nothing="Nobody was reminded yet."
        bars={2}
      >
        {(one) => (
          <tr>
            <td className="tight">
              <State is={one.state} room="reminder" />
            </td>
            <td data-label="who">{nameOf(one.personId)}</td>
            <td data-label="why">
              {WHY[one.reason]}
              {one.state === 'failed' && <div className="sub">{one.detail}</div>}
            </td>
            <td data-label="when">
              <ExactMoment at={one.settledAt ?? one.createdAt} />
            </td>
          </tr>
        )}
      </Listed>
    </Card>
  )
}
