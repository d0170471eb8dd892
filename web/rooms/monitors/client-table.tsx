import type { ClientVerdict } from '../../../src/contract/monitors.ts'
import { type Head, Rows } from '../../parts/list.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { sayDate, shortName } from './certificate-paths.ts'

const HEADS: Head[] = ['Clients', 'Verdict', { right: 'Last day' }, 'Through what, and what to do']
const WORDS = { up: 'Connects', degraded: 'Will break', down: 'Breaks' } as const
const RANK = { down: 0, degraded: 1, up: 2 } as const

/** Each population of clients: whether it connects, until which day, what breaks it and what to do. */
export function ClientTable({ of }: { of: ClientVerdict[] }) {
  const bad = of.filter(({ verdict }) => verdict !== 'up').length
  const sorted = [...of].sort((a, b) => RANK[a.verdict] - RANK[b.verdict])
  return (
    <Card
      title="Who can still connect"
      lead={bad === 0 ? `all ${of.length}` : `${of.length - bad} of ${of.length} without trouble`}
      bare
    >
      <Rows of={sorted} heads={HEADS}>
        {(client) => (
          <tr>
            <td className="client-name">
              <strong className="row-title">{client.name}</strong>
            </td>
            <td className="tight">
              <State is={client.verdict} say={WORDS[client.verdict]} />
            </td>
            <td className="tight right" data-label="last day">
              {client.lastDay ? sayDate(client.lastDay) : client.verdict === 'up' ? 'open' : 'none'}
            </td>
            <td className="wide">
              {client.verdict === 'up' ? (
                <span className="dim">{client.through ? `${shortName(client.through)} ends then` : '–'}</span>
              ) : (
                <>
                  {client.through && `${shortName(client.through)}: `}
                  {sayReason(client.reason)}
                  <div>
                    <strong>
                      {client.advice ? `Remedy: ${client.advice}` : 'Nothing that is sent helps.'}
                    </strong>
                  </div>
                  <details>
                    <summary className="sub">Why</summary>
                    {client.summary}
                  </details>
                </>
              )}
            </td>
          </tr>
        )}
      </Rows>
    </Card>
  )
}
