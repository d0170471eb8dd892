import { useState } from 'react'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { type Pool, type PoolMember, readPool } from '../../../src/contract/pools.ts'
import { useRead } from '../../api/hooks.ts'
import { Awaited } from '../../parts/feedback.tsx'
import { Filters, type Head, Rows } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { byNeed, poolLimits, poolSentences, sayCause, sayHeld } from './pool-sentences.ts'

const HEADS: Head[] = ['Member', 'Users', 'The check', 'Since']
const MANY = 8
const OFTEN = 15_000

/** Who of a pool takes users; asked for only where the monitor is one. */
export function usePool(of: MonitorDetail) {
  const isPool = of.kind === 'pool'
  return useRead(readPool, { params: { id: of.id } }, { enabled: isPool, refetchInterval: OFTEN })
}

/** Every member of a pool: what its check says, and whether it takes users. */
export function PoolCard({ of }: { of: MonitorDetail }) {
  const pool = usePool(of)
  return (
    <Card title="Members" lead={pool.data && `${pool.data.members.length}`} bare>
      <Awaited of={pool} rows={4}>
        {(data) => <Members of={data} spec={of.spec} />}
      </Awaited>
    </Card>
  )
}

function Members({ of, spec }: { of: Pool; spec: MonitorDetail['spec'] }) {
  const [words, setWords] = useState('')
  const [all, setAll] = useState(false)
  if (of.members.length === 0)
    return <p className="sub nothing">No member is known before the first check.</p>
  const sorted = [...of.members].sort(byNeed)
  const wanted = words.trim().toLowerCase()
  const found = sorted.filter((one) =>
    `${one.member} ${one.address} ${one.reason} ${one.summary} ${one.state} ${one.verdict}`
      .toLowerCase()
      .includes(wanted),
  )
  const inNeed = sorted.filter(needsALook).length
  const few = Math.max(MANY, inNeed)
  const shown = all || wanted !== '' ? found : found.slice(0, few)
  return (
    <>
      <div className="body">
        {poolSentences(of, poolLimits(spec, of.members.length)).map((sentence) => (
          <p key={sentence} className="said-largely">
            {sentence}
          </p>
        ))}
        {of.members.length > MANY && (
          <div style={{ marginTop: 12 }}>
            <Filters search="Search members" by={[words, setWords]} />
          </div>
        )}
      </div>
      {found.length === 0 ? (
        <p className="sub nothing">No member is like that.</p>
      ) : (
        <Rows of={shown} heads={HEADS}>
          {(member) => <MemberRow of={member} />}
        </Rows>
      )}
      {shown.length < found.length && (
        <p className="sub nothing">
          {found.length - shown.length} more, all of them well and taking users.{' '}
          <button type="button" className="text-button" onClick={() => setAll(true)}>
            Show all {found.length}
          </button>
        </p>
      )}
    </>
  )
}

const needsALook = ({ state, verdict, held }: PoolMember) =>
  state === 'drained' || verdict !== 'up' || held !== null

function MemberRow({ of }: { of: PoolMember }) {
  const held = sayHeld(of)
  const row = of.state === 'drained' ? of.goodInARow : of.badInARow
  return (
    <tr>
      <td>
        <span className="row-title">{of.member}</span>
        {of.address !== of.member && <div className="sub mono address">{of.address}</div>}
      </td>
      <td className="tight">
        <State is={of.state} say={of.state === 'in' ? 'Takes users' : undefined} />
      </td>
      <td className="wide">
        <span className="said">
          <State is={of.verdict} />
          {of.reason !== 'ok' && <span>{sayReason(of.reason)}</span>}
        </span>
        <div className="sub">
          {of.summary}
          {row > 0 && ` · ${row} ${of.state === 'drained' ? 'good' : 'bad'} in a row`}
        </div>
        {held && <div className="sub held">{held}</div>}
      </td>
      <td data-label="since">
        <Moment at={of.since} />
        {of.cause !== 'member-from-the-start' && <div className="sub">{sayCause(of)}</div>}
      </td>
    </tr>
  )
}
