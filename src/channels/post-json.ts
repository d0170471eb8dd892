import type { Delivery } from './channel.ts'
import type { EgressPolicy } from './egress.ts'
import { exchangeJson } from './exchange-json.ts'

// Of an answer only this much is read.
const ANSWER_LIMIT = 2_000

// An error word such as Slack's `no_service` helps. Anything longer is not repeated: people choose where
// their contacts lead, and must not read internal pages through the reason of a failure.
const ERROR_WORD = /^[a-z][a-z_]{2,39}$/

/** What a status says about trying again: only a timeout, a rate limit or the server's own fault may pass. */
export function deliveryOfStatus(status: number, answer: string): Delivery {
  if (status >= 200 && status < 300) return { result: 'sent', detail: `HTTP ${status}` }
  const said = answer.trim()
  const reason = ERROR_WORD.test(said) ? `HTTP ${status}: ${said}` : `HTTP ${status}`
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { result: 'retry', reason }
  if (status >= 300 && status < 400)
    return { result: 'refused', reason: `${reason} (redirects are not followed)` }
  return { result: 'refused', reason }
}

/** Posts a message as JSON once; the status is what counts, also where the rest of the answer does not arrive. */
export async function postJson(
  address: string,
  body: string,
  options: { headers?: Record<string, string>; signal: AbortSignal; egress: EgressPolicy },
): Promise<Delivery> {
  const exchange = await exchangeJson(address, body, { ...options, most: ANSWER_LIMIT })
  if (exchange.result === 'answered') return deliveryOfStatus(exchange.status, exchange.text)
  return { result: exchange.result === 'refused' ? 'refused' : 'retry', reason: exchange.reason }
}
