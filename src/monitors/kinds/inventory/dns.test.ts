/** A registry beside a real name server. */
import assert from 'node:assert/strict'
import { getServers } from 'node:dns'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startKnot } from '../../../../test/harness/knot.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { useNameServers as askServers } from '../../net/resolve.ts'
import { inventory } from './index.ts'

const usual = getServers()
after(() => askServers(usual))

test('what the registry says and what DNS answers, name by name', needs('knot'), async () => {
  const zone = (front: string) => ({
    serial: front === '192.0.2.11' ? 1 : 2,
    records: `front-1 A ${front}\nfront A 192.0.2.10\nfront A 192.0.2.12\nsix AAAA 2001:db8::6\n`,
  })
  const knot = await startKnot('lab.example', zone('192.0.2.11'))
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-inventory-dns-'))
  const file = join(folder, 'network.json')
  const face = (name: string, ip: string, role = 'primary') => ({
    name,
    ip,
    role,
    service: 'LAB',
    fixed: true,
    hardware_address: '02:00:5e:10:00:01',
  })
  writeFileSync(
    file,
    JSON.stringify({
      devices: [
        { name: 'FRONT-1', interfaces: [face('', '192.0.2.11'), face('FRONT', '192.0.2.10', 'floating')] },
        { name: 'six', interfaces: [face('', '2001:DB8:0::6')] },
      ],
    }),
  )
  const look = () => {
    const spec = inventory.schema.parse({ file, dns: { domain: 'lab.example' }, timeout: '10s' })
    return checkOnce(inventory, spec, { clock: systemClock, deadlineMs: spec.timeout })
  }
  try {
    askServers([`127.0.0.1:${knot.port}`])
    const well = await look()
    assert.equal(well.reason, 'ok', well.summary)
    knot.serve(zone('192.0.2.99'))
    let seen = await look()
    for (let tries = 0; seen.reason === 'ok' && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      seen = await look()
    }
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'inventory.dns-differs'])
    assert.equal(seen.summary, 'FRONT-1.lab.example: the registry says 192.0.2.11, DNS says 192.0.2.99')
    assert.equal(seen.values.violations, 1)
  } finally {
    await knot.stop()
    rmSync(folder, { recursive: true })
  }
})
