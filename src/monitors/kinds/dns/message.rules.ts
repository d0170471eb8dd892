import type { DecodedPacket, StringAnswer } from 'dns-packet'
import type { RecordType } from './spec.ts'

/** One record of the type that was asked for, as people write it. */
export interface DnsRecord {
  text: string
  ttl: number
}

/** What a server answered. */
export interface DnsAnswer {
  rcode: string
  truncated: boolean
  authoritative: boolean
  validated: boolean
  records: DnsRecord[]
  /** The serial number, where an SOA record was asked for. */
  serial: number | null
}

export interface DnsQuestion {
  id: number
  name: string
  type: RecordType
}

const plain = (name: string) => name.replace(/\.$/, '').toLowerCase()

/** Whether a message answers this very question: another id or another question is somebody else's. */
export function answersQuestion(packet: DecodedPacket, { id, name, type }: DnsQuestion): boolean {
  if (packet.id !== id || packet.type !== 'response') return false
  const questions = packet.questions ?? []
  // An error may come back without its question.
  if (questions.length === 0) return rcodeOf(packet) !== 'NOERROR'
  const [asked] = questions
  return questions.length === 1 && plain(asked!.name) === plain(name) && asked!.type === type
}

function rcodeOf(packet: DecodedPacket): string {
  return (packet as DecodedPacket & { rcode?: string }).rcode ?? 'NOERROR'
}

/** The answer in a message, its aliases followed. */
export function readAnswer(packet: DecodedPacket, { name, type }: DnsQuestion): DnsAnswer {
  const owners = new Set([plain(name)])
  const records: DnsRecord[] = []
  let serial: number | null = null
  for (const answer of packet.answers ?? []) {
    if (!owners.has(plain(answer.name))) continue
    if (answer.type === type) {
      records.push({ text: textOf(answer), ttl: 'ttl' in answer ? Number(answer.ttl ?? 0) : 0 })
      if (answer.type === 'SOA') serial = answer.data.serial ?? null
    } else if (answer.type === 'CNAME') owners.add(plain((answer as StringAnswer).data))
  }
  return {
    rcode: rcodeOf(packet),
    truncated: packet.flag_tc === true,
    authoritative: packet.flag_aa === true,
    validated: packet.flag_ad === true,
    records,
    serial,
  }
}

type Answer = NonNullable<DecodedPacket['answers']>[number]

/** A record's data as it stands in a zone file, names without their last dot. */
function textOf(answer: Answer): string {
  const name = (text: string) => (text === '.' ? '.' : text.replace(/\.$/, ''))
  switch (answer.type) {
    case 'MX':
      return `${answer.data.preference ?? 0} ${name(answer.data.exchange)}`
    case 'SRV': {
      const { priority = 0, weight = 0, port, target } = answer.data
      return `${priority} ${weight} ${port} ${name(target)}`
    }
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data
      return [name(mname), name(rname), serial, refresh, retry, expire, minimum].join(' ')
    }
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`
    case 'TXT':
      return [answer.data]
        .flat()
        .map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
        .join('')
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return name(answer.data)
    default:
      return wordsOf((answer as { data: unknown }).data)
  }
}

/** Data of rarer types: their fields in order, keys and digests in hexadecimal. */
function wordsOf(data: unknown): string {
  if (Buffer.isBuffer(data)) return data.toString('hex')
  if (typeof data !== 'object' || data === null) return String(data)
  return Object.values(data).map(wordsOf).join(' ')
}

/** Two ways to write the same record: names in any case, addresses in IPv6 of any form. */
export function sameRecord(one: string, other: string): boolean {
  return normal(one) === normal(other)
}

/** A record in the one form in which records are compared. */
export function normal(text: string): string {
  const words = text.trim().toLowerCase().replace(/\.$/, '')
  if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/.test(words)) return words
  return URL.canParse(`http://[${words}]`) ? new URL(`http://[${words}]`).hostname.slice(1, -1) : words
}
