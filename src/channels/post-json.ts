import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { reasonOf } from '../kit/errors.ts'
import type { Delivery } from './channel.ts'
import { checkedLookup, type EgressPolicy, EgressRefused, refuseLiteral } from './egress.ts'

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

/** Posts JSON once, over a connection of its own: no redirects, and only to where the egress policy allows. */
export function postJson(
  address: string,
  body: string,
  options: { headers?: Record<string, string>; signal: AbortSignal; egress: EgressPolicy },
): Promise<Delivery> {
  const url = new URL(address)
  const literal = refuseLiteral(url.hostname, options.egress)
  if (literal) return Promise.resolve({ result: 'refused', reason: literal.message })
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const call = request(
      url,
      {
        method: 'POST',
        agent: false,
        signal: options.signal,
        lookup: checkedLookup(options.egress),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Tocsin',
          ...options.headers,
        },
      },
      (response) => {
        let answer = ''
        const done = () => {
          response.destroy()
          resolve(deliveryOfStatus(response.statusCode ?? 0, answer))
        }
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          answer += chunk
          if (answer.length > ANSWER_LIMIT) done()
        })
        response.on('end', done)
        // The status has arrived and is what counts.
        response.on('error', done)
      },
    )
    call.on('error', (error) => {
      const reason = options.signal.aborted ? 'no answer in time' : reasonOf(error)
      resolve({ result: error instanceof EgressRefused ? 'refused' : 'retry', reason })
    })
    call.end(body)
  })
}
