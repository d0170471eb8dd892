import { createServer } from 'node:http'
import { type InventorySpec, kindNamed, parseSpec } from '../../../monitors/index.ts'
import { listen } from '../../faults/listen.ts'
import { shorten } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'

/** Plays a registry over HTTP: a pair of servers with a floating address, and a few more. */
export const lab: LabProtocol<InventorySpec> = {
  kind: 'inventory',
  aim: aimInventory,
  inTheOpen: true,
  serve: ({ twist }) =>
    listen(
      createServer(({ url = '' }, response) => {
        const asked = /^\/hosts\/([^/?]+)/.exec(url)?.[1]
        const told = asked ? addressesOf(asked, twist ?? null) : { devices: registry(twist ?? null) }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
      }),
    ),
}

function aimInventory(spec: InventorySpec): Aim {
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  const usual = parseSpec(kindNamed('inventory'), { file: 'none' }) as InventorySpec
  const left = [
    Object.keys(spec.rules).length > 0 && 'its own rules',
    spec.dns && 'DNS',
    spec.accept.length > 0 && 'what it accepts',
  ].filter(Boolean)
  return {
    expects: {
      speaks: 'inventory',
      secure: false,
      name: 'registry',
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: { hosts: spec.hosts !== undefined },
      latencyMs: null,
      timeoutMs,
    },
    changes: [
      ...changes.map((change) => change.replace('connects to a server', 'reads the registry of a server')),
      'It reads the default shape.',
      ...(left.length > 0 ? [`Left out: ${left.join(', ')}.`] : []),
    ],
    at: ({ host, port }): InventorySpec => ({
      ...usual,
      file: undefined,
      url: `http://${host}:${port}/registry.json`,
      skip: spec.skip,
      verdict: spec.verdict,
      ...(spec.hosts && { hosts: { url: `http://${host}:${port}/hosts/{device}`, path: '$[*]' } }),
      timeout: timeoutMs,
    }),
  }
}

const card = (host: number) => `02:00:5e:10:00:0${host}`

/** What a host says of itself: the addresses that it has, of a pair the first one the floating one too. */
function addressesOf(host: string, twist: string | null): string[] {
  const number = Number(/^front-([12])$/.exec(host)?.[1] ?? 20)
  if (twist === 'host-differs' && number === 2) return ['192.0.2.77']
  return [`192.0.2.${number}`, ...(number === 1 ? ['192.0.2.10'] : [])]
}

/** A registry in which all is well, or one thing is not. */
function registry(twist: string | null): object[] {
  const front = (host: 1 | 2) => ({
    name: `front-${host}`,
    responsible: 'drill',
    interfaces: [
      {
        name: `front-${host}`,
        ip: `192.0.2.${twist === 'duplicate' ? 1 : host}`,
        service: 'LAB-1',
        role: 'primary',
        fixed: true,
        hardware_address: twist === 'unbound' && host === 1 ? null : card(host),
      },
      {
        name: 'front',
        ip: '192.0.2.10',
        service: 'LAB-1',
        role: 'floating',
        fixed: host === 1,
        hardware_address: host === 1 || twist === 'floating' ? card(host) : null,
      },
    ],
    cards: [{ hardware_address: card(host) }],
  })
  // A single address that is bound to nothing is no fault.
  const single = {
    name: 'printer',
    responsible: 'drill',
    interfaces: [{ name: 'printer', ip: '192.0.2.20', service: 'LAB-1', role: 'primary', fixed: true }],
    cards: [],
  }
  return [front(1), front(2), single]
}
