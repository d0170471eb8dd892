import type { z } from 'zod'
import type { drillRun } from '../../../src/contract/proofs.ts'
import { sayClock, sayDuration, sayExact } from '../../times/say-time.ts'
import { Rows } from '../list.tsx'
import { Card, Facts } from '../page.tsx'
import { State } from '../state.tsx'
import { sayReason } from '../states.ts'
import { CasePlays } from './case-plays.tsx'
import { decidingPage, type Evidence, type FaultSeen, readEvidence, resultOf } from './read-evidence.ts'
import { Replay } from './replay.tsx'
import { CutOff, Stopped } from './watch-evidence.tsx'

/** What a run saw: faults caught and missed, or who would have been paged and when. */
export function RunEvidence({ of }: { of: z.infer<typeof drillRun> }) {
  const evidence = readEvidence(of.evidence)
  return (
    <>
      {evidence.error && (
        <Card title="It could not be played">
          <p className="prose-text mono" style={{ margin: 0 }}>
            {evidence.error}
          </p>
        </Card>
      )}
      {evidence.replay && <Replay of={evidence.replay} />}
      {evidence.cut && <CutOff of={evidence.cut} />}
      {evidence.stopped && <Stopped of={evidence.stopped} />}
      {evidence.restored.length > 0 && <Restored of={evidence} />}
      {evidence.reached.length > 0 && <Reached of={evidence} />}
      {evidence.plays.length > 0 && <CasePlays of={evidence} />}
      {evidence.pages && <Pages of={evidence} />}
      {evidence.faults.length > 0 && <Faults of={evidence} />}
      <Conditions of={evidence} />
      {evidence.story.length > 0 && <Story of={evidence} />}
    </>
  )
}

function Faults({ of }: { of: Evidence }) {
  const caught = new Set(of.faults.filter((one) => resultOf(one) === 'caught').map(({ fault }) => fault))
  const names = new Set(of.faults.map(({ fault }) => fault))
  // Of several monitors one is enough.
  const missed = new Set(
    of.faults.filter((one) => resultOf(one) === 'missed' && !caught.has(one.fault)).map(({ fault }) => fault),
  ).size
  // What was missed comes first: it is what somebody must do something about.
  const rank = (one: FaultSeen) => ['missed', 'unclear', 'caught'].indexOf(resultOf(one))
  return (
    <Card
      title="Faults"
      lead={missed > 0 ? `${missed} of ${names.size} missed` : `all ${names.size} seen`}
      bare
    >
      <Rows
        of={of.faults.toSorted((a, b) => rank(a) - rank(b))}
        heads={['Result', 'Fault', 'What the monitor said', { right: 'Took' }]}
      >
        {(one) => (
          <tr>
            <td className="tight">
              <State is={resultOf(one)} />
            </td>
            <td className="wide fault">
              <strong>{one.title ?? sayReason(one.fault)}</strong>
              {one.failureClass && <div className="sub mono">{one.failureClass}</div>}
              {one.monitorId && <div className="sub">by {one.monitorId}</div>}
            </td>
            <td className="wide">
              {one.verdict && <State is={one.verdict} />} {one.summary}
              {one.remedy && <div className="sub">To catch it: {one.remedy}</div>}
            </td>
            <td className="tight right">{one.tookMs === undefined ? '–' : `${Math.round(one.tookMs)} ms`}</td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

function Restored({ of }: { of: Evidence }) {
  return (
    <Card title="In the restored copy" bare>
      <Rows of={of.restored} heads={['Same', 'What', { right: 'Live' }, { right: 'Copy' }]}>
        {(one) => (
          <tr>
            <td className="tight">
              <State is={one.same ? 'passed' : 'failed'} say={one.same ? 'Yes' : 'No'} />
            </td>
            <td>{one.what}</td>
            <td className="right" data-label="live">
              {one.live}
            </td>
            <td className="right" data-label="copy">
              {one.copy}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

function Reached({ of }: { of: Evidence }) {
  return (
    <Card title="To whom it was sent" lead="a real message, marked as a drill" bare>
      <Rows of={of.reached} heads={['Left', 'Whom', 'By', 'Why']}>
        {(one) => (
          <tr>
            <td className="tight">
              <State is={one.sent ? 'passed' : 'failed'} say={one.sent ? 'Sent' : 'Not sent'} />
            </td>
            <td>{one.person}</td>
            <td data-label="by">{one.channel}</td>
            <td>{sayReason(one.reason)}</td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

function Pages({ of }: { of: Evidence }) {
  const deciding = decidingPage(of)
  const whom = of.expected?.person ?? 'anybody'
  return (
    <Card title="Who would have been paged" lead="in virtual time; nobody was" bare>
      {of.expected && (
        <p style={{ margin: 0, padding: '12px 14px' }}>
          Expected: <strong>{whom}</strong> within <strong>{sayDuration(of.expected.withinMs)}</strong>.{' '}
          {deciding === null ? (
            <State is="failed" say="Never reached" />
          ) : (
            <State
              is={deciding.inTime ? 'passed' : 'failed'}
              say={`${deciding.person} after ${sayDuration(deciding.afterMs)}`}
            />
          )}
        </p>
      )}
      {of.pages && of.pages.length > 0 && (
        <Rows of={of.pages} heads={['After the onset', 'Whom', 'By', 'Virtual time']}>
          {(page) => (
            <tr>
              <td className="tight">
                <strong>{sayDuration(page.afterMs)}</strong>
              </td>
              <td>{page.person}</td>
              <td data-label="by">{page.channel}</td>
              <td>
                <time dateTime={page.at}>{sayExact(Date.parse(page.at))}</time>
              </td>
            </tr>
          )}
        </Rows>
      )}
    </Card>
  )
}

function Conditions({ of }: { of: Evidence }) {
  if (!of.control && !of.monitor && of.changes.length === 0) return null
  return (
    <Card title="How it was played">
      <Facts
        of={[
          ...(of.monitor
            ? ([['Monitor', `${of.monitor.id} (${of.monitor.kind}, ${of.monitor.target})`]] as [
                string,
                string,
              ][])
            : []),
          ...(of.control
            ? ([
                [
                  'Healthy control',
                  <span key="control">
                    <State is={of.control.verdict} /> {of.control.summary}
                  </span>,
                ],
              ] as [string, React.ReactNode][])
            : []),
          ...(of.onset ? ([['Onset', sayExact(Date.parse(of.onset))]] as [string, string][]) : []),
          ...(of.notApplicable.length > 0
            ? ([['Cannot be played', of.notApplicable.map(sayReason).join(', ')]] as [string, string][])
            : []),
        ]}
      />
      {of.changes.length > 0 && (
        <>
          <p className="sub" style={{ margin: '10px 0 4px' }}>
            The copy of the monitor differed in this:
          </p>
          <ul style={{ margin: 0, paddingLeft: 18 }}>
            {of.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        </>
      )}
    </Card>
  )
}

function Story({ of }: { of: Evidence }) {
  return (
    <Card title="What happened in the replica">
      <details>
        <summary className="sub">{of.story.length} events, in order</summary>
        <ol style={{ margin: '8px 0 0', padding: 0, listStyle: 'none', display: 'grid', gap: 2 }}>
          {of.story.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the story never changes, and events have no name
            <li key={index} className="numbers">
              <span className="dim">{sayClock(Date.parse(event.at), true)}</span>{' '}
              <span className="mono">{event.type}</span> {event.subject}
            </li>
          ))}
        </ol>
      </details>
    </Card>
  )
}
