import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:net'
import { isIPv6 } from 'node:net'
import dnsPacket, { type DecodedPacket } from 'dns-packet'
import type { Clock } from '../../../kit/clock.ts'
import { endpointText, openConnection } from '../../net/connect.ts'
import { failure, hasFailed, type NetworkFailure, ownFault, type StepFailure } from '../../net/failure.ts'
import { answersQuestion, type DnsAnswer, type DnsQuestion, readAnswer } from './message.rules.ts'
import type { RecordType } from './spec.ts'

export type AskFailure = NetworkFailure | StepFailure<'dns.no-answer' | 'dns.malformed'>

export interface Ask {
  name: string
  type: RecordType
  recurse: boolean
  transport: 'udp' | 'tcp'
}

// Without fragments on any network (DNS flag day 2020).
const PAYLOAD = 1_232
const RESEND_AFTER = [1_000, 2_000, 4_000]
const LONGEST_MESSAGE = 65_535

/** Asks one server at its address; an answer that was cut off is asked for again over TCP. */
export async function askServer(
  server: { address: string; port: number },
  ask: Ask,
  clock: Clock,
  signal: AbortSignal,
): Promise<(DnsAnswer & { overTcp: boolean }) | AskFailure> {
  const question: DnsQuestion = { id: randomInt(65_536), name: ask.name, type: ask.type }
  const query = encode(question, ask.recurse)
  if (ask.transport === 'udp') {
    const packet = await overUdp(server, query, question, clock, signal)
    if (hasFailed(packet)) return packet
    const answer = readAnswer(packet, question)
    if (!answer.truncated) return { ...answer, overTcp: false }
  }
  const packet = await overTcp(server, query, question, signal)
  return hasFailed(packet) ? packet : { ...readAnswer(packet, question), overTcp: true }
}

function encode({ id, name, type }: DnsQuestion, recurse: boolean): Buffer {
  const flags = (recurse ? dnsPacket.RECURSION_DESIRED : 0) | dnsPacket.AUTHENTIC_DATA
  return dnsPacket.encode({
    type: 'query',
    id,
    flags,
    questions: [{ type, name, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: PAYLOAD,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
}

/** A message, or null where these bytes are none. */
export function decodeMessage(bytes: Buffer): DecodedPacket | null {
  try {
    return dnsPacket.decode(bytes)
  } catch {
    return null
  }
}

function overUdp(
  { address, port }: { address: string; port: number },
  query: Buffer,
  question: DnsQuestion,
  clock: Clock,
  signal: AbortSignal,
): Promise<DecodedPacket | AskFailure> {
  const where = endpointText(address, port)
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(failure('dns.no-answer', `${where} was not asked in time`))
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
    let cancel = () => {}
    let foreign = 0
    const settle = (outcome: DecodedPacket | AskFailure) => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      socket.removeAllListeners('message')
      socket.close()
      resolve(outcome)
    }
    const onAbort = () =>
      settle(
        foreign > 0
          ? failure('dns.malformed', `${where} sent ${foreign} messages, none of which answers the question`)
          : failure('dns.no-answer', `${where} did not answer in time`),
      )
    signal.addEventListener('abort', onAbort, { once: true })
    let closed = false
    socket.once('close', () => {
      closed = true
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (closed) return
      const refused = error.code === 'ECONNREFUSED'
      settle(
        ownFault(where, error.code) ??
          (refused
            ? failure('connect.refused', `nothing answers questions at ${where}`)
            : failure('connect.failed', `${where} cannot be asked: ${error.code ?? error.message}`)),
      )
    })
    // What answers another question, or none, is no answer to this one: it may be forged, or late.
    socket.on('message', (bytes) => {
      const packet = decodeMessage(bytes)
      if (packet && answersQuestion(packet, question)) settle(packet)
      else foreign++
    })
    const send = (tries: number) => {
      if (closed) return
      socket.send(query, (error) => error && socket.emit('error', error))
      const again = RESEND_AFTER[tries]
      if (again !== undefined) cancel = clock.after(again, () => send(tries + 1))
    }
    // Connected, so that the kernel takes messages of this server alone, and tells of refusals.
    // Node calls back also when it could not: there may be no route, and no peer to send to.
    socket.connect(port, address, (error?: unknown) => {
      if (error) socket.emit('error', error)
      else if (!closed) send(0)
    })
  })
}

async function overTcp(
  { address, port }: { address: string; port: number },
  query: Buffer,
  question: DnsQuestion,
  signal: AbortSignal,
): Promise<DecodedPacket | AskFailure> {
  const connection = await openConnection(address, port, 'any', signal)
  if (hasFailed(connection)) return connection
  const { socket } = connection
  try {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    socket.write(Buffer.concat([length, query]))
    const bytes = await oneMessage(socket, endpointText(address, port), signal)
    if (hasFailed(bytes)) return bytes
    const packet = decodeMessage(bytes.message)
    if (packet && answersQuestion(packet, question)) return packet
    return failure(
      'dns.malformed',
      `${endpointText(address, port)} sent something that answers no question of ours`,
    )
  } finally {
    socket.destroy()
  }
}

/** The first message of a stream: two bytes of length, and as many bytes. */
function oneMessage(
  socket: Socket,
  where: string,
  signal: AbortSignal,
): Promise<{ message: Buffer } | AskFailure> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let heard = 0
    const settle = (outcome: { message: Buffer } | AskFailure) => {
      signal.removeEventListener('abort', onAbort)
      resolve(outcome)
    }
    const onAbort = () =>
      settle(failure('dns.no-answer', `${where} accepted the connection and did not answer in time`))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      heard += chunk.length
      if (heard < 2) return
      const all = Buffer.concat(chunks)
      const length = all.readUInt16BE(0)
      if (all.length >= 2 + length) settle({ message: all.subarray(2, 2 + length) })
      else if (heard > LONGEST_MESSAGE + 2)
        settle(failure('dns.malformed', `${where} sent more than a message`))
      // One piece instead of many, so that bytes one by one are not copied again and again.
      else if (chunks.length > 64) chunks.splice(0, chunks.length, all)
    })
    socket.once('close', () => settle(failure('dns.no-answer', `${where} hung up without an answer`)))
    socket.once('end', () => settle(failure('dns.no-answer', `${where} hung up without an answer`)))
  })
}
