import { failure } from '../../net/failure.ts'
import { type Dialog, malformed, said } from './dialog.ts'

const OID = '1.3.6.1.4.1.1466.20037'
const START_TLS = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from(OID, 'latin1'),
])
const LONGEST_MESSAGE = 8_192

interface Element {
  tag: number
  from: number
  to: number
}

/** The element at a place; null where it is cut off, or has a length that no answer here has. */
function elementAt(bytes: Buffer, at: number): Element | null {
  const first = bytes[at + 1]
  if (first === undefined) return null
  const count = first & 0x80 ? first & 0x7f : 0
  if (count > 4 || first === 0x80 || at + 2 + count > bytes.length) return null
  const length = count === 0 ? first : bytes.readUIntBE(at + 2, count)
  const from = at + 2 + count
  return { tag: bytes[at]!, from, to: from + length }
}

function wholeMessage(heard: Buffer): number {
  // What begins otherwise is no LDAP, however much of it comes.
  if (heard.length > 0 && heard[0] !== 0x30) return heard.length
  const message = elementAt(heard, 0)
  if (!message) return 0
  if (message.to > LONGEST_MESSAGE) return heard.length
  return heard.length >= message.to ? message.to : 0
}

/** LDAP (RFC 4511, 4.14): an extended request, and its result code. */
export function* ldap(): Dialog<object> {
  const waiting = 'the answer to StartTLS'
  const heard = yield { say: START_TLS, take: wholeMessage, most: LONGEST_MESSAGE, waiting }
  const message = elementAt(heard, 0)
  if (heard[0] !== 0x30 || !message) return malformed(waiting, heard.subarray(0, 60).toString('latin1'))
  if (message.to > LONGEST_MESSAGE)
    return failure('too-long', `a message of ${message.to} bytes was announced as ${waiting}`)
  const id = elementAt(heard, message.from)
  const response = id && elementAt(heard, id.to)
  const code = response && elementAt(heard, response.from)
  if (id?.tag !== 0x02 || response?.tag !== 0x78 || code?.tag !== 0x0a || code.to > response.to)
    return malformed(waiting, heard.subarray(0, 60).toString('latin1'))
  const result = heard[code.from] ?? -1
  if (result === 0) return {}
  const text = diagnostic(heard, code.to)
  // Message 0 is not an answer: the server says that it hangs up (RFC 4511, 4.4.1).
  if (heard[id.from] === 0) return failure('service-refused', `the server hangs up: ${text}`)
  if (result === 2) return failure('not-offered', `the server does not know StartTLS: ${text}`)
  return failure('refused', `the server refuses StartTLS with result ${result}: ${text}`)
}

function diagnostic(bytes: Buffer, at: number): string {
  const matched = elementAt(bytes, at)
  const message = matched && elementAt(bytes, matched.to)
  return said(message ? bytes.subarray(message.from, message.to).toString('latin1') : '')
}

/** Says goodbye, which LDAP calls unbind. */
export function* ldapFarewell(): Dialog<object> {
  yield { say: Buffer.from([0x30, 0x05, 0x02, 0x01, 0x02, 0x42, 0x00]), waiting: 'nothing' }
  return {}
}
