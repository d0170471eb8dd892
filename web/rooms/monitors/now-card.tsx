import { IconAlertTriangleFilled, IconClock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { ExactMoment, Lasting } from '../../parts/moment.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { useNow } from '../../times/now.ts'
import { sayExact } from '../../times/say-time.ts'
import { type Beside, type ComingBreak, whatBreaksNext } from './what-breaks-next.ts'

const SHOWN = 3

/** The answers that somebody comes for: is it well, since when, why, what would break next, and what it cannot see. */
export function NowCard({ of, beside }: { of: MonitorDetail; beside: Beside }) {
  const coming = whatBreaksNext(of, useNow(), beside)
  return (
    <section className="card" aria-label="State now">
      <div className="body answers">
        <WellOrNot of={of} />
        <div>
          <h2 className="card-title">What would break next</h2>
          {coming.length === 0 ? (
            <p className="coming-none">{nothingComing(of)}</p>
          ) : (
            <>
              <ComingList of={coming.slice(0, SHOWN)} />
              {coming.length > SHOWN && (
                <details>
                  <summary className="sub">{coming.length - SHOWN} more</summary>
                  <ComingList of={coming.slice(SHOWN)} />
                </details>
              )}
            </>
          )}
        </div>
        <div>
          <h2 className="card-title">What it cannot see</h2>
          <p className="coming-none">
            {sayBlindness(of)} <a href="#cannot-see">In detail</a>
          </p>
        </div>
      </div>
    </section>
  )
}

function WellOrNot({ of }: { of: MonitorDetail }) {
  // What the newest check saw, where it has not been confirmed yet; a worse one stands under what comes.
  const better = of.last?.verdict === 'up' && of.state !== 'up'
  // The words of the state are as old as its verdict.
  const newest = of.last?.verdict === of.state && of.last.reason === of.reason ? of.last.summary : of.summary
  return (
    <div className="well-or-not">
      <div className="said">
        <State is={of.state} large />
        {of.inMaintenance && <State is="maintenance" large say="In maintenance" />}
        {!of.enabled && <State is="paused" large />}
        <span className="dim">
          for <Lasting since={of.since} />, since <ExactMoment at={of.since} />
        </span>
      </div>
      <p className="prose-text said-largely">{newest || sayReason(of.reason)}</p>
      {of.reason !== 'ok' && <span className="sub">Reason: {sayReason(of.reason)}</span>}
      {better && of.last && (
        <p style={{ margin: 0 }}>
          The newest check says <State is={of.last.verdict} /> {of.last.summary} – not confirmed yet.
        </p>
      )}
    </div>
  )
}

function ComingList({ of }: { of: ComingBreak[] }) {
  return (
    <ol className="coming">
      {of.map(({ what, at, urgent, says }) => {
        const Sign = urgent ? IconAlertTriangleFilled : IconClock
        return (
          <li key={what + says} data-urgent={urgent} title={at === null ? undefined : sayExact(at)}>
            <Sign size={15} aria-label={urgent ? 'Soon:' : 'Later:'} role="img" />
            <span>{says}</span>
          </li>
        )
      })}
    </ol>
  )
}

function nothingComing({ enabled, last }: MonitorDetail): string {
  if (!enabled) return 'It is paused: nothing would be noticed, whatever breaks.'
  if (!last) return 'Nothing is known before the first check.'
  return 'Nothing that it measures is heading for a limit.'
}

/** How much stays unseen, in one sentence. */
function sayBlindness({ cannotSee, unseen }: MonitorDetail): ReactNode {
  const missed = unseen.filter(({ tried }) => tried === 'missed').length
  const never = unseen.length - missed
  const count = (many: number, one: string, more: string) => `${many} ${many === 1 ? one : more}`
  const parts = [
    ...(cannotSee.length > 0
      ? [`${count(cannotSee.length, 'kind of failure', 'kinds of failure')} that no monitor like it sees`]
      : []),
    ...(missed > 0 ? [`${count(missed, 'fault', 'faults')} that it missed when played`] : []),
    ...(never > 0 ? [`${count(never, 'fault', 'faults')} that nobody has played yet`] : []),
  ]
  if (parts.length === 0) return 'Nothing is known that it would miss.'
  const last = parts.pop()!
  return `${parts.length > 0 ? `${parts.join(', ')}, and ` : ''}${last}.`
}
