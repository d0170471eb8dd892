/** Load on a running Tocsin that remembers everything it was promised. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert } from '../../src/contract/alerts.ts'
import { ADMIN_TOKEN } from '../harness/tocsin.ts'

export interface Promised {
  /** Texts of notes that were answered 2xx. */
  notes: string[]
  /** Monitors whose failure ping was answered 200. */
  failed: Set<string>
  /** Alerts whose acknowledgement was answered 2xx. */
  acknowledged: Set<string>
  /** Alerts that were ever seen open. */
  seen: Set<string>
}

export interface LoadTarget {
  url: string
  incidentId: string
  /** Monitor id → address to ping. */
  pings: Map<string, string>
}

const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' }

async function note({ url, incidentId }: LoadTarget, promised: Promised, text: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/incidents/${incidentId}/timeline`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ text }),
  })
  await answer.arrayBuffer()
  if (answer.ok) promised.notes.push(text)
}

async function fail({ pings }: LoadTarget, promised: Promised): Promise<void> {
  const open = [...pings].filter(([monitor]) => !promised.failed.has(monitor))
  const chosen = open[Math.floor(Math.random() * open.length)]
  if (!chosen) return
  const answer = await fetch(`${chosen[1]}/fail`, { method: 'POST', body: 'broken' })
  await answer.arrayBuffer()
  if (answer.status === 200) promised.failed.add(chosen[0])
}

async function acknowledge({ url }: LoadTarget, promised: Promised): Promise<void> {
  const list = await fetch(`${url}/api/v1/alerts?state=open`, { headers })
  const { items } = (await list.json()) as { items: Alert[] }
  for (const alert of items) promised.seen.add(alert.id)
  // A quarter is acknowledged; the others stay open, so that escalations are under way when the process dies.
  const chosen = items.find((alert) => alert.next !== null && /[0-3]$/.test(alert.id))
  if (!chosen) return
  const answer = await fetch(`${url}/api/v1/alerts/${chosen.id}/acknowledge`, { method: 'POST', headers })
  await answer.arrayBuffer()
  if (answer.ok) promised.acknowledged.add(chosen.id)
}

/** Loads until told to stop; connections that break under it are what it is for. */
export function load(target: LoadTarget, promised: Promised, label: string): { stop(): Promise<void> } {
  let stopped = false
  const worker = async (work: (turn: number) => Promise<void>, pause: number) => {
    for (let turn = 0; !stopped; turn++) {
      await work(turn).catch(() => {})
      await sleep(pause)
    }
  }
  const all = [
    worker((turn) => note(target, promised, `${label}-a${turn}`), 1),
    worker((turn) => note(target, promised, `${label}-b${turn}`), 1),
    worker(() => fail(target, promised), 60),
    worker(() => acknowledge(target, promised), 40),
  ]
  return {
    async stop() {
      stopped = true
      await Promise.all(all)
    },
  }
}
