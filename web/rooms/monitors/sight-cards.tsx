import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { Copyable } from '../../parts/copy.tsx'
import { Rows } from '../../parts/list.tsx'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { sayDuration } from '../../times/say-time.ts'
import { detailOf } from './detail-shapes.ts'

interface Props {
  of: MonitorDetail
}
const iso = (at: number) => new Date(at).toISOString()

/** Who says what, where a monitor is looked at from several places. */
export function PlacesCard({ of }: Props) {
  const places = detailOf(of.last, 'places') ?? []
  const bad = places.filter(({ verdict }) => verdict === 'down' || verdict === 'degraded').length
  const unclear = places.filter(({ verdict }) => verdict === 'unknown').length
  const rest = [
    ...(bad > 0 ? [`${bad} say it is bad`.replace(/^1 say/, '1 says')] : []),
    ...(unclear > 0 ? [`${unclear} know nothing`.replace(/^1 know/, '1 knows')] : []),
  ].join(', ')
  return (
    <Card
      title="Places"
      lead={`${places.length - bad - unclear} of ${places.length} see it well${rest ? `; ${rest}` : ''}`}
      bare
    >
      <Rows of={places} heads={['Place', 'What it saw', 'When']}>
        {({ place, verdict, reason, at }) => (
          <tr>
            <td>
              <span className="row-title">{place === 'here' ? 'here, this Tocsin' : place}</span>
            </td>
            <td>
              <span className="said">
                <State is={verdict} /> {reason !== 'ok' && sayReason(reason)}
              </span>
            </td>
            <td data-label="seen">
              <Moment at={iso(at)} />
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** What one check saw of each member of a pool. */
export function SeenMembersCard({ of }: Props) {
  const members = detailOf(of.last, 'members') ?? []
  return (
    <Card title="Members" lead={`${members.length}`} bare>
      <Rows of={members} heads={['Member', 'The check', { right: 'Took' }]}>
        {({ member, verdict, summary, tookMs }) => (
          <tr>
            <td>
              <span className="row-title">{member}</span>
            </td>
            <td className="wide">
              <State is={verdict} /> {summary}
            </td>
            <td className="right numbers" data-label="took">
              {sayDuration(tookMs)}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** Each address of a name, and the certificate that it serves. */
export function NodesCard({ of }: Props) {
  const nodes = detailOf(of.last, 'nodes') ?? []
  const different = new Set(nodes.map(({ fingerprint }) => fingerprint)).size
  return (
    <Card
      title="Addresses"
      lead={different > 1 ? `${different} different certificates` : 'all serve the same certificate'}
      bare
    >
      <Rows of={nodes} heads={['Address', 'The check', 'Certificate']}>
        {({ address, verdict, reason, fingerprint, notAfter }) => (
          <tr>
            <td className="mono">{address}</td>
            <td>
              <span className="said">
                <State is={verdict} /> {reason !== 'ok' && sayReason(reason)}
              </span>
            </td>
            <td className="wide">
              {notAfter ? (
                <>
                  ends <ExactMoment at={notAfter} />
                </>
              ) : (
                'none'
              )}
              {fingerprint && <div className="sub mono">{fingerprint.slice(0, 23)}…</div>}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** What each name server answered. */
export function ServersCard({ of }: Props) {
  const servers = detailOf(of.last, 'servers') ?? []
  return (
    <Card title="Name servers" bare>
      <Rows of={servers} heads={['Server', 'The check', 'Answer', { right: 'Took' }]}>
        {({ server, verdict, reason, records, serial, tookMs }) => (
          <tr>
            <td className="mono">{server}</td>
            <td>
              <span className="said">
                <State is={verdict} /> {reason !== 'ok' && sayReason(reason)}
              </span>
            </td>
            <td className="wide mono">
              {records.length > 0 ? records.map((record) => <div key={record}>{record}</div>) : 'no records'}
              {serial !== null && <div className="sub">serial {serial}</div>}
            </td>
            <td className="right numbers" data-label="took">
              {sayDuration(tookMs)}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** Rules that the rows of an inventory break, and exceptions that were made. */
export function ViolationsCard({ of }: Props) {
  const violations = detailOf(of.last, 'violations') ?? []
  const accepted = detailOf(of.last, 'accepted') ?? []
  return (
    <Card title="Rules broken" lead={violations.length === 0 ? 'none' : `${violations.length}`} bare>
      {violations.length > 0 && (
        <Rows of={violations} heads={['Rule', 'Where', 'Responsible']}>
          {({ rule, summary, rows, responsible }) => (
            <tr>
              <td>
                <span className="row-title">{sayReason(rule)}</span>
              </td>
              <td className="wide">
                {summary}
                {rows.map((row) => (
                  <div key={JSON.stringify(row)} className="sub mono">
                    {Object.values(row)
                      .filter((value) => value !== null && value !== '' && value !== undefined)
                      .map(String)
                      .join(' · ')}
                  </div>
                ))}
              </td>
              <td data-label="responsible">{responsible.join(', ') || '–'}</td>
            </tr>
          )}
        </Rows>
      )}
      {accepted.length > 0 && (
        <ul className="body accepted">
          {accepted.map(({ summary, because }) => (
            <li key={summary}>
              {summary} <span className="sub">accepted: {because}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

/** The newest lines of a log that matched. */
export function LinesCard({ of }: Props) {
  const samples = detailOf(of.last, 'samples') ?? []
  return (
    <Card title="Lines that matched" lead="the newest last">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="mono log" tabIndex={0}>
        {samples.join('\n')}
      </pre>
    </Card>
  )
}

/** Who has how much of the whole, against what is usual. */
export function SharesCard({ of }: Props) {
  const shares = detailOf(of.last, 'shares') ?? []
  const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
  return (
    <Card title="Who has how much" bare>
      <Rows of={shares} heads={['Part', 'Share', { right: 'Usual' }]}>
        {({ name, share, usual }) => (
          <tr>
            <td className="mono">{name}</td>
            <td className="wide">
              <div className="share">
                <span style={{ width: `${Math.min(100, share * 100)}%` }} />
                <strong className="numbers">{percent(share)}</strong>
              </div>
            </td>
            <td className="right numbers" data-label="usual">
              {usual === null ? '–' : percent(usual)}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** The signing keys of an issuer. */
export function KeysCard({ of }: Props) {
  const keys = detailOf(of.last, 'keys') ?? []
  return (
    <Card title="Signing keys" bare>
      <Rows of={keys} heads={['Key', 'Published', 'Signed a token', { quiet: 'What of it' }]}>
        {({ id, since, signed, neededUntil }) => (
          <tr>
            <td className="mono">{id}</td>
            <td data-label="published">{since ? <Moment at={since} /> : 'before it was watched'}</td>
            <td data-label="signed">
              <Moment at={signed} missing="not seen" />
            </td>
            <td className="wide">
              {neededUntil && (
                <>
                  <State is="down" say="Gone too early" /> needed until <ExactMoment at={neededUntil} />
                </>
              )}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}

/** Another Tocsin, by what it says of itself. */
export function PeerCard({ of }: Props) {
  const number = (name: string) => {
    const value = of.last?.values[name]
    return typeof value === 'number' ? value : null
  }
  const [quiet, stored, expected, alerts] = [
    'quietSeconds',
    'checksStored',
    'checksExpected',
    'alertsOpen',
  ].map(number)
  const told = (value: number | null | undefined) => value ?? 'not told'
  return (
    <Card title="The other Tocsin">
      <div className="pile">
        <Facts
          of={[
            [
              'Last sign of life',
              quiet === null || quiet === undefined
                ? 'none yet'
                : `${sayDuration(quiet * 1_000)} before the last look`,
            ],
            ['Checks it stored', told(stored)],
            ['of those expected', told(expected)],
            ['Its open alerts', told(alerts)],
          ]}
        />
        <div>
          <p className="sub" style={{ margin: '0 0 4px' }}>
            The other posts its signed signs of life here:
          </p>
          <Copyable text={`${location.origin}/peers/${of.id}/beat`} label="the address for signs of life" />
        </div>
      </div>
    </Card>
  )
}
