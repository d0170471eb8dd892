import ipaddr from 'ipaddr.js'
import { compilePath } from '../json-assertions.ts'
import type { Row, Unreadable } from './inventory.ts'

export const FORMATS = ['json', 'csv', 'yaml'] as const
export type Format = (typeof FORMATS)[number]

/** Where in another shape each thing is: a member or a column by its name, or a JSONPath that begins with `$`. */
export interface Mapping {
  devices: string
  name: string
  responsible: string
  interfaces: string
  interfaceName: string
  ip: string
  service: string
  role: string
  fixed: string
  hardwareAddress: string
  cards: string
  cardAddress: string
}

/** The shape that is expected where nothing else is said. */
export const DEFAULT_MAPPING: Mapping = {
  devices: 'devices',
  name: 'name',
  responsible: 'responsible',
  interfaces: 'interfaces',
  interfaceName: 'name',
  ip: 'ip',
  service: 'service',
  role: 'role',
  fixed: 'fixed',
  hardwareAddress: 'hardware_address',
  cards: 'cards',
  cardAddress: 'hardware_address',
}

export const MOST_ROWS = 500_000
const LONGEST = 500
const MOST_NESTED = 64

const unreadable = (summary: string): Unreadable => ({ unreadable: 'inventory.unreadable', summary })

/** Reads an inventory in one of its formats. What is not as it should be is said without quoting the file. */
export async function parseInventory(
  text: string,
  format: Format | null,
  mapping: Mapping,
): Promise<Row[] | Unreadable> {
  const kind = format ?? guessFormat(text)
  let rows: Row[] | Unreadable
  try {
    if (kind === 'csv') rows = await fromCsv(text, mapping)
    else rows = fromDocument(kind === 'json' ? JSON.parse(text) : await readYaml(text), mapping)
  } catch {
    return unreadable(`the inventory is not valid ${kind.toUpperCase()}`)
  }
  if (!Array.isArray(rows)) return rows
  if (rows.length > MOST_ROWS)
    return {
      unreadable: 'inventory.too-large',
      summary: `the inventory has more than ${MOST_ROWS} addresses`,
    }
  if (rows.length === 0) return { unreadable: 'inventory.empty', summary: 'the inventory has no addresses' }
  return rows
}

/** By its beginning: JSON opens with a bracket, CSV has its names in the first line. */
export function guessFormat(text: string): Format {
  const start = /\S.*/.exec(text.slice(0, 10_000))?.[0] ?? ''
  if (start.startsWith('{') || start.startsWith('[')) return 'json'
  return /^[^:#-][^:]*[,;\t]/.test(start) ? 'csv' : 'yaml'
}

async function readYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  return parse(text, { maxAliasCount: 1_000, schema: 'core', logLevel: 'silent' })
}

type Item = Record<string, unknown>
const isItem = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function fromDocument(document: unknown, mapping: Mapping): Row[] | Unreadable {
  if (deeperThan(document, MOST_NESTED)) return unreadable('the inventory is nested too deep')
  const devices = listAt(document, mapping.devices)
  if (devices === null) return unreadable(`the inventory has no list "${mapping.devices}"`)
  const rows: Row[] = []
  for (const device of devices) {
    if (!isItem(device)) continue
    const name = textAt(device, mapping.name)
    const responsible = textAt(device, mapping.responsible)
    const cards = new Set(
      (listAt(device, mapping.cards) ?? [])
        .map((card) => hardware(isItem(card) ? textAt(card, mapping.cardAddress) : scalarText(card)))
        .filter((address) => address !== ''),
    )
    for (const one of listAt(device, mapping.interfaces) ?? []) {
      if (!isItem(one)) continue
      if (rows.length > MOST_ROWS) return rows
      const row = toRow({ device: name, responsible, cards, get: (field) => valueAt(one, mapping[field]) })
      // An interface without an address declares none.
      if (row.ip !== '') rows.push(row)
    }
  }
  return rows
}

const CSV_NAMES: Partial<Record<keyof Mapping, string[]>> = {
  name: ['device', 'device_name', 'device.name', 'host', 'hostname', 'name'],
  responsible: ['responsible', 'owner'],
  interfaceName: ['interface', 'interface_name', 'interface.name', 'name'],
  ip: ['ip', 'address', 'ip_address'],
  service: ['service', 'network', 'segment'],
  role: ['role'],
  fixed: ['fixed'],
  hardwareAddress: ['hardware_address', 'mac', 'mac_address'],
  cardAddress: ['card', 'card_address'],
}

async function fromCsv(text: string, mapping: Mapping): Promise<Row[] | Unreadable> {
  const { parse } = await import('csv-parse/sync')
  const [first = ''] = text.split(/\r?\n/, 1)
  const count = (sign: string) => first.split(sign).length
  const delimiter = [',', ';', '\t'].sort((a, b) => count(b) - count(a))[0]!
  const lines = parse(text, {
    delimiter,
    bom: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: 100_000,
    to: MOST_ROWS + 2,
  })
  const names = (lines[0] ?? []).map((name) => name.toLowerCase())
  const column = (field: keyof Mapping) => {
    const wanted = mapping[field] === DEFAULT_MAPPING[field] ? [] : [mapping[field].toLowerCase()]
    return (
      [...wanted, ...(CSV_NAMES[field] ?? [])].map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1
    )
  }
  const at = Object.fromEntries(
    (Object.keys(DEFAULT_MAPPING) as (keyof Mapping)[]).map((field) => [field, column(field)]),
  ) as Record<keyof Mapping, number>
  if (at.ip === -1 || at.name === -1) return unreadable('the first line names no columns "device" and "ip"')
  const cards = new Map<string, Set<string>>()
  if (at.cardAddress >= 0)
    for (const line of lines.slice(1)) {
      const card = hardware(line[at.cardAddress] ?? '')
      const device = line[at.name] ?? ''
      if (card !== '') cards.set(device, (cards.get(device) ?? new Set()).add(card))
    }
  return lines.slice(1).flatMap((line) => {
    const device = line[at.name] ?? ''
    // A line may bring a card alone, or an interface without an address.
    if ((line[at.ip] ?? '') === '') return []
    const get = (field: keyof Mapping) => (at[field] === -1 ? undefined : line[at[field]])
    return [
      toRow({
        device,
        responsible: scalarText(get('responsible')),
        cards: cards.get(device) ?? new Set(),
        get,
      }),
    ]
  })
}

interface RowSource {
  device: string
  responsible: string
  cards: ReadonlySet<string>
  get: (field: keyof Mapping) => unknown
}

function toRow({ device, responsible, cards, get }: RowSource): Row {
  const written = scalarText(get('ip'))
  const ip = shortest(written)
  const role = scalarText(get('role'))
  const hardwareAddress = hardware(scalarText(get('hardwareAddress')))
  const fixed = truth(get('fixed'))
  return {
    device,
    responsible,
    name: scalarText(get('interfaceName')),
    ip: ip ?? written,
    valid: ip !== null,
    service: scalarText(get('service')),
    role,
    // What is declared is given out as declared, unless it says otherwise.
    fixed: fixed ?? !/^(dynamic|dhcp|portable)$/i.test(role),
    said: fixed === true,
    floating: /float|virtual|\bvip\b/i.test(role),
    hardwareAddress,
    bound: hardwareAddress !== '' && (cards.size === 0 || cards.has(hardwareAddress)),
  }
}

/** An address in its shortest form, without the length of its network; null where it is none. */
export function shortest(text: string): string | null {
  const bare = text.trim().replace(/\/\d{1,3}$/, '')
  if (!/^[0-9a-fA-F:.]+$/.test(bare) || (!bare.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(bare)))
    return null
  return ipaddr.isValid(bare) ? ipaddr.parse(bare).toString() : null
}

/** A hardware address in lower case with colons, however it is written; empty where there is none. */
export function hardware(text: string): string {
  const digits = text.replaceAll(/[^0-9a-fA-F]/g, '').toLowerCase()
  if (digits.length < 12 || /^0+$/.test(digits)) return ''
  return digits.match(/../g)!.join(':')
}

function truth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const text = scalarText(value).toLowerCase()
  if (/^(true|yes|y|1|fixed|static)$/.test(text)) return true
  return /^(false|no|n|0|dynamic)$/.test(text) ? false : null
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return value.trim().slice(0, LONGEST)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function valueAt(item: unknown, where: string): unknown {
  if (where.startsWith('$'))
    return compilePath(where)
      .query(item as never)
      .values()[0]
  return isItem(item) && Object.hasOwn(item, where) ? item[where] : undefined
}

const textAt = (item: Item, where: string) => scalarText(valueAt(item, where))

function listAt(item: unknown, where: string): unknown[] | null {
  if (where.startsWith('$')) {
    const found = compilePath(where)
      .query(item as never)
      .values() as unknown[]
    return found.length === 1 && Array.isArray(found[0]) ? found[0] : found
  }
  // A list of devices alone is an inventory too.
  if (Array.isArray(item) && where === DEFAULT_MAPPING.devices) return item
  const value = valueAt(item, where)
  return Array.isArray(value) ? value : null
}

function deeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (most === 0) return true
  return Object.values(value).some((inner) => deeperThan(inner, most - 1))
}
