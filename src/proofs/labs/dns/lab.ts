import { createServer, type Socket } from 'node:net'
import dnsPacket, { type DecodedPacket } from 'dns-packet'
import { SECOND } from '../../../kit/duration.ts'
import type { DnsSpec } from '../../../monitors/index.ts'
import { listenForDatagrams } from '../../faults/datagrams.ts'
import type { RunningFault } from '../../faults/fault.ts'
import type { LabServerOptions } from '../../faults/lab-server.ts'
import { listen } from '../../faults/listen.ts'
import { shorten } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { encodable, recordData } from './zone.ts'

/** What can be wrong with an answer, as `twist`. */
export type DnsTwist =
  | 'wrong-answer'
  | 'servfail'
  | 'no-records'
  | 'stale-server'
  | 'ttl-short'
  | 'ttl-long'
  | 'not-authoritative'
  | 'not-validated'

/** What the healthy name server says. */
export interface HealthyDns {
  type: DnsSpec['record']
  rcode: string
  texts: string[]
  ttl: number
  /** In seconds, as the monitor limits it; null where it does not. */
  minTtl: number | null
  maxTtl: number | null
  authoritative: boolean
  validated: boolean
  /** How many servers the monitor asks. */
  servers: number
}

/** A name server over UDP or TCP with one answer to every question. */
export const lab: LabProtocol<DnsSpec> = { kind: 'dns', aim: aimDns, serve }

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', '', '', '', 'NOTAUTH']
const AUTHORITATIVE = 1 << 10
const VALIDATED = 1 << 5

function aimDns(spec: DnsSpec): Aim | null {
  const { expect, record: type } = spec
  const texts = wanted(spec)
  // Some types are read, but not written here.
  if (!texts.every((text) => encodable(type, text))) return null
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.maxLatency ?? null)
  const servers = spec.servers?.length ?? 1
  return {
    expects: {
      speaks: 'dns',
      secure: false,
      ...(spec.transport === 'udp' && { datagrams: true }),
      name: spec.query,
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: {
        type,
        rcode: expect.rcode,
        texts: expect.rcode === 'NOERROR' ? texts : [],
        ttl: Math.ceil((expect.minTtl ?? Math.min(300 * SECOND, expect.maxTtl ?? 300 * SECOND)) / SECOND),
        minTtl: expect.minTtl === undefined ? null : expect.minTtl / SECOND,
        maxTtl: expect.maxTtl === undefined ? null : expect.maxTtl / SECOND,
        authoritative: expect.authoritative,
        validated: expect.validated,
        servers,
      } satisfies HealthyDns,
      latencyMs,
      timeoutMs,
    },
    changes,
    at: ({ host, port }): DnsSpec => ({
      ...spec,
      servers: Array.from({ length: servers }, () => ({ host, port })),
      expect: { ...expect, ...(latencyMs !== null && { maxLatency: latencyMs }) },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

/** Records that satisfy the monitor. */
function wanted({ expect, record: type }: DnsSpec): string[] {
  const named = [...new Set([...(expect.is ?? []), ...(expect.contains ?? [])])]
  const missing = expect.is ? 0 : Math.max(0, expect.atLeast - named.length)
  return [...named, ...Array.from({ length: missing }, (_, i) => sample(type, i))]
}

const SAMPLES: Partial<Record<DnsSpec['record'], (i: number) => string>> = {
  A: (i) => `192.0.2.${(i % 200) + 1}`,
  AAAA: (i) => `2001:db8::${(i + 1).toString(16)}`,
  MX: (i) => `${10 * (i + 1)} mail${i}.example.org`,
  SRV: (i) => `0 5 5060 sip${i}.example.org`,
  CAA: (i) => `0 issue "authority${i}.example.org"`,
  SOA: () => 'ns1.example.org hostmaster.example.org 2 3600 600 86400 60',
  TXT: (i) => `a text of a healthy zone ${i}`,
}
const sample = (type: DnsSpec['record'], i: number) => SAMPLES[type]?.(i) ?? `host${i}.example.org`

function serve({ clock, expects, twist, delayMs = 0 }: LabServerOptions): Promise<RunningFault> {
  const healthy = expects.healthy as HealthyDns
  const waiting = new Set<() => void>()
  let asked = 0
  const hear = (message: Buffer, answer: (reply: Buffer) => void) => {
    // Of several servers the last to be asked is the one left behind.
    const behind = twist === 'stale-server' && ++asked % healthy.servers === 0
    const reply = replyTo(message, healthy, twist, behind)
    if (!reply) return
    if (delayMs === 0) return answer(reply)
    const cancel = clock.after(delayMs, () => {
      waiting.delete(cancel)
      answer(reply)
    })
    waiting.add(cancel)
  }
  const onStop = () => {
    for (const cancel of waiting) cancel()
  }
  if (expects.datagrams) return listenForDatagrams(hear, onStop)
  return listen(
    createServer((socket) => talk(socket, hear)),
    onStop,
  )
}

/** Messages over TCP have their length before them. */
function talk(socket: Socket, hear: (message: Buffer, answer: (reply: Buffer) => void) => void): void {
  let heard: Buffer = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE(0)) {
      const end = 2 + heard.readUInt16BE(0)
      hear(heard.subarray(2, end), (reply) => {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(reply.length)
        if (!socket.destroyed) socket.write(Buffer.concat([length, reply]))
      })
      heard = heard.subarray(end)
    }
  })
}

function replyTo(
  message: Buffer,
  healthy: HealthyDns,
  twist: string | undefined,
  behind: boolean,
): Buffer | null {
  const query = decoded(message)
  const question = query?.questions?.[0]
  if (!query || !question) return null
  const { rcode, texts } = twisted(healthy, twist, behind)
  const answers = texts.map((text) => ({
    type: healthy.type,
    name: question.name,
    ttl: ttlFor(healthy, twist),
    data: recordData(healthy.type, text),
  }))
  const authoritative = twist === 'not-authoritative' ? 0 : AUTHORITATIVE
  const validated = twist === 'not-validated' ? 0 : VALIDATED
  return dnsPacket.encode({
    type: 'response',
    id: query.id,
    flags: authoritative | validated | Math.max(0, RCODES.indexOf(rcode)),
    questions: query.questions,
    answers: answers as never,
  })
}

const A_WEEK = 604_800

function ttlFor({ ttl, minTtl, maxTtl }: HealthyDns, twist: string | undefined): number {
  if (twist === 'ttl-short') return minTtl === null ? 0 : Math.max(0, Math.ceil(minTtl) - 1)
  if (twist === 'ttl-long') return maxTtl === null ? A_WEEK : Math.floor(maxTtl) + 1
  return ttl
}

function twisted(healthy: HealthyDns, twist: string | undefined, behind: boolean) {
  const { rcode, texts, type } = healthy
  if (twist === 'servfail') return { rcode: 'SERVFAIL', texts: [] }
  if (twist === 'no-records') return { rcode: 'NOERROR', texts: [] }
  if (twist === 'wrong-answer')
    return {
      rcode: 'NOERROR',
      texts: texts.length > 0 ? texts.map((_, i) => other(type, i, texts)) : [sample(type, 99)],
    }
  if (behind) return { rcode, texts: texts.map((text, i) => stale(type, text, i, texts)) }
  return { rcode, texts }
}

/** A record of the same type that is none of these. */
function other(type: DnsSpec['record'], i: number, texts: string[]): string {
  for (let k = 100 + i; ; k++) if (!texts.includes(sample(type, k)) || type === 'SOA') return sample(type, k)
}

/** The record of a server that missed the last change: a smaller serial number, or another record. */
function stale(type: DnsSpec['record'], text: string, i: number, texts: string[]): string {
  if (type !== 'SOA') return other(type, i, texts)
  const parts = text.split(/\s+/)
  parts[2] = String(Math.max(0, Number(parts[2]) - 1))
  return parts.join(' ')
}

function decoded(message: Buffer): DecodedPacket | null {
  try {
    return dnsPacket.decode(message)
  } catch {
    return null
  }
}
