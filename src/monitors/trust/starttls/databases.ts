import { failure } from '../../net/failure.ts'
import { type Dialog, malformed, said } from './dialog.ts'

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** PostgreSQL: one packet out, one letter back. */
export function* postgres(): Dialog<object> {
  const waiting = 'the answer to the request for TLS'
  const heard = yield { say: SSL_REQUEST, take: (bytes) => Math.min(bytes.length, 1), most: 1, waiting }
  const letter = heard.toString('latin1')
  if (letter === 'S') return {}
  if (letter === 'N')
    return failure('not-offered', 'the server has TLS switched off: passwords and data travel in the open')
  if (letter === 'E')
    return failure('service-refused', 'the server answered the request for TLS with an error')
  return malformed(waiting, letter)
}

const CLIENT_SSL = 0x0800
const LONGEST_PACKET = 4_096
// Protocol 4.1, TLS, secure connection; 16 MB packets; utf8.
const TLS_REQUEST = Buffer.concat([
  Buffer.from([0x20, 0, 0, 1, 0x85, 0xae, 0xff, 0, 0, 0, 0, 1, 0x21]),
  Buffer.alloc(23),
])

const wholePacket = (heard: Buffer) => {
  if (heard.length < 4) return 0
  const length = heard.readUIntLE(0, 3)
  // A packet that is too long is taken at once, and refused for its length.
  if (length > LONGEST_PACKET) return heard.length
  return heard.length >= 4 + length ? 4 + length : 0
}

function* packet(waiting: string, say?: Uint8Array): Dialog<{ body: Buffer; sequence: number }> {
  const heard = yield { say, take: wholePacket, most: LONGEST_PACKET + 4, waiting }
  const length = heard.readUIntLE(0, 3)
  if (length > LONGEST_PACKET) {
    // The first bytes of a text are a length of megabytes.
    const text = heard.subarray(0, 60).toString('latin1')
    if (/^[\x20-\x7e]{4}/.test(text)) return malformed(waiting, text)
    return failure('too-long', `a packet of ${length} bytes was announced as ${waiting}`)
  }
  return { body: heard.subarray(4), sequence: heard[3]! }
}

/** MySQL and MariaDB: the server greets with what it can do, and a packet that is never answered begins TLS. */
export function* mysql(): Dialog<object> {
  const waiting = 'the greeting'
  const greeting = yield* packet(waiting)
  if ('failed' in greeting) return greeting
  const { body } = greeting
  if (body[0] === 0xff)
    return failure(
      'service-refused',
      `the server refuses to serve: ${said(body.subarray(3).toString('latin1'))}`,
    )
  const versionEnds = body.indexOf(0, 1)
  // After the version: connection 4, scramble 8, filler 1, capabilities 2.
  const at = versionEnds + 14
  if (body[0] !== 10 || versionEnds < 0 || body.length < at + 2)
    return malformed(waiting, body.subarray(0, 60).toString('latin1'))
  if ((body.readUInt16LE(at) & CLIENT_SSL) === 0)
    return failure('not-offered', 'the server has TLS switched off: passwords and data travel in the open')
  yield { say: TLS_REQUEST, waiting: 'TLS to begin' }
  return {}
}

const NOBODY = Buffer.concat([
  Buffer.from([0x85, 0xae, 0x0f, 0, 0, 0, 0, 1, 0x21]),
  Buffer.alloc(23),
  Buffer.from('tocsin-check\0\0mysql_native_password\0', 'latin1'),
])

/**
 * Says who is there, under TLS, and is turned away. A server counts clients that vanish before that, and after
 * `max_connect_errors` of them lets nobody in from our address.
 */
export function* mysqlFarewell(): Dialog<object> {
  const answer = yield* packet('the answer to our name', framed(NOBODY, 2))
  if ('failed' in answer) return answer
  // Asked to prove it in another way: with nothing, which is refused.
  if (answer.body[0] === 0xfe) yield* packet('its refusal', framed(Buffer.alloc(0), answer.sequence + 1))
  return {}
}

function framed(body: Uint8Array, sequence: number): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(body.length, 0, 3)
  header[3] = sequence & 0xff
  return Buffer.concat([header, body])
}
