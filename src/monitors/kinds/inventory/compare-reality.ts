import { hasFailed } from '../../net/failure.ts'
import { resolveHost } from '../../net/resolve.ts'
import { fetchOnce } from '../fetch-once.ts'
import { valuesAt } from '../json-assertions.ts'
import type { CheckContext } from '../kind.ts'
import type { Row, Violation } from './inventory.ts'
import { shortest } from './parse-inventory.ts'
import { rowText } from './rules.rules.ts'
import type { InventorySpec } from './spec.ts'

/** So many devices are asked in one check: the registry may be large, and a check must end. */
export const MOST_ASKED = 500
const AT_ONCE = 16

/** What the hosts and DNS say otherwise than the registry. */
export async function compareReality(
  rows: readonly Row[],
  spec: InventorySpec,
  context: CheckContext,
): Promise<{ violations: Violation[]; asked: number; silent: string[] }> {
  const devices = [...Map.groupBy(rows, ({ device }) => device)]
    .filter(([device]) => device !== '' && (!spec.hosts?.devices || spec.hosts.devices.includes(device)))
    .slice(0, MOST_ASKED)
  const violations: Violation[] = []
  const silent: string[] = []
  const holders = new Map<string, string[]>()
  const queue = [...devices]
  const work = async () => {
    for (let next = queue.shift(); next && !context.signal.aborted; next = queue.shift()) {
      const [device, own] = next
      if (spec.dns) violations.push(...(await compareNames(own, spec, context)))
      if (!spec.hosts) continue
      const told = await addressesOf(device, spec, context)
      if (told === null) silent.push(device)
      else {
        for (const ip of told) holders.set(ip, [...(holders.get(ip) ?? []), device])
        const different = differs(device, own, told)
        if (different) violations.push(different)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  for (const [ip, held] of holders)
    if (held.length > 1)
      // Two hosts with one address are a fault at this moment: it is told first.
      violations.unshift({
        rule: 'address-conflict',
        reason: 'inventory.address-conflict',
        summary: `${ip} is held by ${held.sort().slice(0, 3).join(' and ')} at the same time`,
        rows: rows.filter((row) => row.ip === ip),
      })
  return { violations, asked: devices.length, silent }
}

/** The addresses that a host says it has; null where it does not say. */
async function addressesOf(
  device: string,
  spec: InventorySpec,
  context: CheckContext,
): Promise<string[] | null> {
  const { url, path } = spec.hosts!
  const address = url.replaceAll('{device}', encodeURIComponent(device))
  if (!URL.canParse(address)) return null
  const fetched = await fetchOnce(
    {
      url: new URL(address),
      // The credentials of the registry are not for hosts.
      headers: { Accept: 'application/json' },
      expect: spec.expect,
      family: spec.family,
    },
    context,
  )
  if (hasFailed(fetched) || fetched.answer.status !== 200) return null
  try {
    const found = valuesAt(path, JSON.parse(fetched.answer.body.toString('utf8'))).flat(2)
    const addresses = found.map((value) => (typeof value === 'string' ? shortest(value) : null))
    return [...new Set(addresses.filter((one) => one !== null))].filter((ip) => !isLocal(ip))
  } catch {
    return null
  }
}

const isLocal = (ip: string) => /^(127\.|169\.254\.|::1$|fe80:)/.test(ip)

function differs(device: string, own: readonly Row[], told: readonly string[]): Violation | null {
  const known = new Set(own.map(({ ip }) => ip))
  // A floating address is at one of its hosts, and nobody knows at which.
  const missing = own.filter((row) => row.valid && row.fixed && !row.floating && !told.includes(row.ip))
  const strange = told.filter((ip) => !known.has(ip))
  if (missing.length === 0 && strange.length === 0) return null
  const parts = [
    missing.length > 0 && `it does not have ${missing.map(rowText).slice(0, 3).join(', ')}`,
    strange.length > 0 && `it has ${strange.slice(0, 3).join(', ')}, which the registry does not know`,
  ]
  return {
    rule: 'host-differs',
    reason: 'inventory.host-differs',
    summary: `${device}: ${parts.filter(Boolean).join(', and ')}`,
    rows: missing.length > 0 ? missing : [...own],
  }
}

async function compareNames(
  own: readonly Row[],
  { dns, family }: InventorySpec,
  { signal }: CheckContext,
): Promise<Violation[]> {
  const violations: Violation[] = []
  const names = Map.groupBy(
    own.filter((row) => row.valid),
    (row) => row.name || row.device,
  )
  for (const [name, rows] of names) {
    const full = dns!.domain ? `${name}.${dns!.domain}` : name
    const answer = await resolveHost(full.toLowerCase(), family, signal)
    if (signal.aborted) return violations
    const told = Array.isArray(answer) ? answer.map((ip) => shortest(ip)) : []
    const missing = rows.filter((row) => !told.includes(row.ip))
    if (missing.length === 0) continue
    const says = Array.isArray(answer) ? `DNS says ${told.slice(0, 3).join(', ')}` : answer.summary
    violations.push({
      rule: 'dns-differs',
      reason: 'inventory.dns-differs',
      summary: `${full}: the registry says ${missing[0]!.ip}, ${says}`,
      rows: missing,
    })
  }
  return violations
}
