import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { LabIdentity } from '../lab-protocol.ts'
import type { PlayedDatabase } from './lab.ts'

const TLS_REQUEST = 80_877_103

/** Speaks as much of PostgreSQL's protocol as a check hears: TLS, log-in, and one answer. */
export function playPostgres(
  socket: Socket,
  played: PlayedDatabase,
  identity: LabIdentity | null,
  twist: string | undefined,
): void {
  let stream: Socket = socket
  let buffer: Buffer = Buffer.alloc(0)
  let started = false
  const listen = () => stream.on('data', onData)

  function onData(chunk: Buffer): void {
    buffer = Buffer.concat([buffer, chunk])
    if (buffer.length > 65_536) return void stream.destroy()
    for (;;) {
      const head = started ? 1 : 0
      if (buffer.length < head + 4) return
      const length = buffer.readUInt32BE(head)
      if (length < 4 || buffer.length < head + length) return
      const body = buffer.subarray(head + 4, head + length)
      const type = started ? String.fromCharCode(buffer[0]!) : ''
      buffer = buffer.subarray(head + length)
      if (started) answer(type, body)
      else if (!greet(body)) return
    }
  }

  /** False where the connection goes on over TLS. */
  function greet(body: Buffer): boolean {
    if (body.length >= 4 && body.readUInt32BE(0) === TLS_REQUEST) {
      if (!identity) {
        stream.write('N')
        return true
      }
      socket.removeListener('data', onData)
      socket.write('S')
      stream = new TLSSocket(socket, { isServer: true, ...identity })
      stream.on('error', () => socket.destroy())
      listen()
      return false
    }
    started = true
    if (twist === 'auth-refused') refuse('28P01', 'password authentication failed')
    else if (twist === 'too-many-connections') refuse('53300', 'sorry, too many clients already')
    else stream.write(Buffer.concat([message('R', int32(0)), READY]))
    return true
  }

  function refuse(code: string, text: string): void {
    const fields = ['SFATAL', `C${code}`, `M${text}`].map((field) => `${field}\0`).join('')
    stream.end(message('E', Buffer.from(`${fields}\0`)))
  }

  function answer(type: string, body: Buffer): void {
    if (type === 'X') return void stream.end()
    if (type === 'Q') return void stream.write(simple(body.toString()))
    const said = {
      P: () => message('1'),
      B: () => message('2'),
      D: () => columns(['value']),
      E: () => Buffer.concat([...rows(Array(played.rows).fill([played.value])), done('SELECT')]),
      S: () => READY,
    }[type]
    if (said) stream.write(said())
  }

  function simple(text: string): Buffer {
    if (!text.includes('pg_is_in_recovery')) return Buffer.concat([done('BEGIN'), READY])
    const facts = [[played.role === 'replica' ? 't' : 'f', '0.0']]
    const names = ['pg_is_in_recovery', 'current_setting']
    return Buffer.concat([columns(names), ...rows(facts), done('SELECT'), READY])
  }

  listen()
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

const READY = message('Z', Buffer.from('I'))
const done = (tag: string) => message('C', Buffer.from(`${tag}\0`))

// Types by number: boolean for what is compared as one, text for all others.
const BOOLEAN = 16
const TEXT = 25

function columns(names: string[]): Buffer {
  const parts = names.flatMap((name) => {
    const type = name === 'pg_is_in_recovery' ? BOOLEAN : TEXT
    return [Buffer.from(`${name}\0`), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]
  })
  return message('T', Buffer.concat([int16(names.length), ...parts]))
}

function rows(values: (string | null)[][]): Buffer[] {
  return values.map((row) => {
    const cells = row.map((cell) =>
      cell === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(cell)), Buffer.from(cell)]),
    )
    return message('D', Buffer.concat([int16(row.length), ...cells]))
  })
}
