/**
 * CERNphone, OTG0150866, July 2024: in the network database the primary address of a server was bound to no hardware
 * and the floating one was, so that DHCP gave the floating address to the wrong host. The alarm of 22:37 stood until
 * the morning; the registry was wrong since the server was created.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { runForTests } from '../../../src/cli/run-for-tests.ts'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-registry-'))
const file = join(folder, 'network.json')
after(() => rmSync(folder, { recursive: true }))

const CARD = '02:00:5e:10:00:01'

/** The pair of front ends, as it is declared; the primary address of the first is bound, or it is not. */
function registry(primary: string | null) {
  const address = (ip: string, role: string, hardware_address: string | null) => ({
    name: role === 'floating' ? 'PHONE-FRONT' : 'PHONE-FRONT-1',
    ip,
    service: 'S0513-C-IP10',
    role,
    fixed: true,
    hardware_address,
  })
  const devices = [
    {
      name: 'PHONE-FRONT-1',
      responsible: 'telephony',
      interfaces: [address('192.0.2.11', 'primary', primary), address('192.0.2.10', 'floating', CARD)],
      cards: [{ hardware_address: CARD }],
    },
    {
      name: 'PHONE-TEST',
      responsible: 'telephony',
      interfaces: [address('192.0.2.30', 'primary', null)],
      cards: [{ hardware_address: '02:00:5e:10:00:30' }],
    },
  ]
  writeFileSync(file, JSON.stringify({ devices }))
}

test('the address that is bound to nothing is named before DHCP gives out the wrong one', async (t) => {
  registry(CARD)
  const watching = await watch({
    registry: { service: 'phone', type: 'inventory', file, every: '1s', retryEvery: '1s' },
  })
  try {
    await watching.verdict('registry', 'up')
    const fault = Date.now()
    registry(null)
    const seen = await watching.verdict('registry', 'down')
    assert.equal(seen.reason, 'inventory.unbound-address')
    assert.match(seen.summary, /^PHONE-FRONT-1: 192\.0\.2\.11 \(primary "PHONE-FRONT-1" in S0513-C-IP10\)/)
    const checked = await runForTests(['check', `inventory:${file}`])
    assert.equal(checked.code, 2)
    assert.match(
      checked.out,
      /^INVENTORY CRITICAL - PHONE-FRONT-1: 192\.0\.2\.11 .*\(inventory\.unbound-address\) \| /,
    )
    registry(CARD)
    await watching.verdict('registry', 'up', seen.at)
    assert.equal((await runForTests(['check', `inventory:${file}`])).code, 0)
    tellIncident(t, {
      incident: 'cernphone-address',
      failure: 'the registry is saved with the primary address bound to no hardware',
      software: 'a registry as JSON, read by `tocsin` and by the monitor',
      verdict: seen.to,
      reason: seen.reason,
      seconds: (seen.at - fault) / 1_000,
      note: 'before the next DHCP lease gives out the wrong address',
    })
  } finally {
    await watching.stop()
  }
})

test('two hosts that hold one address are seen, although the registry is right', async (t) => {
  registry(CARD)
  // What each host says of itself; the second front end has no address of its own in the registry here.
  const held: Record<string, string[]> = {
    'PHONE-FRONT-1': ['192.0.2.11', '192.0.2.10'],
    'PHONE-TEST': ['192.0.2.30'],
  }
  const hosts = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(held[request.url!.slice(1)] ?? []))
  }).listen(0, '127.0.0.1')
  await once(hosts, 'listening')
  const url = `http://127.0.0.1:${(hosts.address() as AddressInfo).port}/{device}`
  const watching = await watch({
    registry: { service: 'phone', type: 'inventory', file, hosts: { url }, every: '1s', confirm: 1 },
  })
  try {
    await watching.verdict('registry', 'up')
    const fault = Date.now()
    // A lease is renewed, and DHCP gives the floating address to another host as well.
    held['PHONE-TEST'] = ['192.0.2.30', '192.0.2.10']
    const seen = await watching.verdict('registry', 'down')
    assert.equal(seen.reason, 'inventory.address-conflict')
    assert.match(seen.summary, /^192\.0\.2\.10 is held by PHONE-FRONT-1 and PHONE-TEST at the same time/)
    tellIncident(t, {
      incident: 'cernphone-address',
      failure: 'DHCP gives the floating address to a second host',
      software: 'hosts that tell their addresses over HTTP, played',
      verdict: seen.to,
      reason: seen.reason,
      seconds: (seen.at - fault) / 1_000,
      note: 'both hosts are named',
    })
  } finally {
    await watching.stop()
    hosts.close()
    hosts.closeAllConnections()
  }
})
