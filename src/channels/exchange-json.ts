import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import { reasonOf } from '../kit/errors.ts'
import { checkedLookup, type EgressPolicy, EgressRefused, refuseLiteral } from './egress.ts'

/** What came of one question to another program. */
export type Exchange =
  | {
      result: 'answered'
      status: number
      headers: IncomingHttpHeaders
      /** What was read of the answer. */
      text: string
      /** Whether that is all of it, and if not, why. */
      end: 'whole' | 'too-large' | 'broken' | 'late'
    }
  | { result: 'refused'; reason: string }
  | { result: 'failed'; late: boolean; reason: string }

/** Asks once in JSON, over a connection of its own: no redirects, and only to where the egress policy allows. */
export function exchangeJson(
  address: string,
  /** Null where nothing is sent. */
  body: string | null,
  options: {
    /** `POST`, where it is left out. */
    method?: string
    headers?: Record<string, string>
    signal: AbortSignal
    egress: EgressPolicy
    /** PEM: trusted beside the system's roots. */
    ca?: string | undefined
    /** How many characters of the answer are read. */
    most: number
  },
): Promise<Exchange> {
  const { signal, egress, most } = options
  const url = new URL(address)
  const literal = refuseLiteral(url.hostname, egress)
  if (literal) return Promise.resolve({ result: 'refused', reason: literal.message })
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve) => {
    const call = request(
      url,
      {
        method: options.method ?? 'POST',
        agent: false,
        signal,
        lookup: checkedLookup(egress),
        ...(options.ca ? { ca: [...rootCertificates, options.ca] } : {}),
        headers: {
          ...(body === null
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          'user-agent': 'Tocsin',
          ...options.headers,
        },
      },
      (response) => {
        let text = ''
        const done = (end: 'whole' | 'too-large' | 'broken') => {
          response.destroy()
          resolve({
            result: 'answered',
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            end: end === 'broken' && signal.aborted ? 'late' : end,
          })
        }
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
          if (text.length > most) done('too-large')
        })
        response.on('end', () => done('whole'))
        // The status has arrived all the same.
        response.on('error', () => done('broken'))
      },
    )
    call.on('error', (error) => {
      if (error instanceof EgressRefused) return resolve({ result: 'refused', reason: error.message })
      const late = signal.aborted
      resolve({ result: 'failed', late, reason: late ? 'no answer in time' : reasonOf(error) })
    })
    call.end(body ?? undefined)
  })
}
