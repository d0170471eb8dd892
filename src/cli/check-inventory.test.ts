import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, test } from 'node:test'
import { runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-inventory-'))
after(() => rmSync(folder, { recursive: true }))

const registry = (bound: string | null) => ({
  devices: [
    {
      name: 'front-1',
      responsible: 'voice',
      interfaces: [
        {
          name: 'front-1',
          ip: '192.0.2.11',
          service: 'PHONE',
          role: 'primary',
          fixed: true,
          hardware_address: bound,
        },
        {
          name: 'front',
          ip: '192.0.2.10',
          service: 'PHONE',
          role: 'floating',
          fixed: true,
          hardware_address: '02:00:5e:10:00:01',
        },
      ],
      cards: [{ hardware_address: '02:00:5e:10:00:01' }],
    },
  ],
})
function write(name: string, content: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

test('a registry that is right is OK, whatever its path', async () => {
  const file = write('right.json', registry('02:00:5e:10:00:01'))
  for (const target of [
    `inventory:${file}`,
    `inventory:${relative(process.cwd(), file)}`,
    `inventory://${file}`,
  ]) {
    const { code, out } = await runForTests(['check', target])
    assert.equal(code, 0, out)
    assert.match(
      out,
      /^INVENTORY OK - 2 addresses of 1 device, no violation \| time=[\d.]+s;;;0 devices=1 addresses=2 violations=0\n$/,
    )
  }
})

test('one with an unbound address is CRITICAL, and --json names the rows', async () => {
  const file = write('wrong.json', registry(null))
  const { code, out } = await runForTests(['check', `inventory:${file}`])
  assert.equal(code, 2, out)
  assert.match(
    out,
    /^INVENTORY CRITICAL - front-1: 192\.0\.2\.11 \(primary "front-1" in PHONE\): .* \(inventory\.unbound-address\) \| /,
  )
  const json = await runForTests(['check', '--json', `inventory:${file}`])
  assert.equal(json.code, 2)
  const { verdict, reason, observations } = JSON.parse(json.out)
  assert.deepEqual([verdict, reason], ['down', 'inventory.unbound-address'])
  const [violation] = observations[0].details.violations
  assert.deepEqual(
    violation.rows.map((row: { ip: string }) => row.ip),
    ['192.0.2.11', '192.0.2.10'],
  )
})

test('a file that is not there is UNKNOWN, and one over HTTP is fetched', async () => {
  const missing = await runForTests(['check', `inventory:${join(folder, 'none.yaml')}`])
  assert.equal(missing.code, 3)
  assert.match(missing.out, /^INVENTORY UNKNOWN - the file .* is not there \(inventory\.file-unreadable\)/)
  const server = createServer((_, response) => void response.end(JSON.stringify(registry(null)))).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const { code } = await runForTests([
      'check',
      `inventory:http://127.0.0.1:${port}/registry`,
      '--timeout',
      '5s',
    ])
    assert.equal(code, 2)
  } finally {
    server.close()
  }
})
