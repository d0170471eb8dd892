import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { refusedAddress } from './egress.ts'
import { hostsFileAddresses, parseHosts } from './hosts-file.ts'
import { resolveHost, useNameServers } from './resolve.ts'

describe('where a check may connect', () => {
  const refused = [
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    'fd00:ec2::254',
    '100.100.100.200',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    'not-an-address',
  ]
  for (const address of refused)
    test(`${address} is refused with a reason`, () => assert.match(refusedAddress(address)!, /is (a|not)/))
  for (const address of [
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '192.168.1.1',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    'fd12::1',
  ])
    test(`${address} is allowed`, () => assert.equal(refusedAddress(address), null))
})

describe('names from the hosts file', () => {
  test('comments, several names and both families', () => {
    const names = parseHosts(
      '# top\n127.0.0.1 localhost Box # end\n::1 localhost\nnonsense here\n10.0.0.2\tdb db.lan\n',
    )
    assert.deepEqual(names.get('localhost'), ['127.0.0.1', '::1'])
    assert.deepEqual(names.get('box'), ['127.0.0.1'])
    assert.deepEqual(names.get('db.lan'), ['10.0.0.2'])
    assert.equal(names.has('here'), false)
  })

  test('the file is read again when it changes, and may be missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-hosts-'))
    const file = join(folder, 'hosts')
    writeFileSync(file, '10.0.0.1 moved\n')
    assert.deepEqual(hostsFileAddresses('MOVED', file), ['10.0.0.1'])
    writeFileSync(file, '10.0.0.2 moved\n')
    utimesSync(file, 1, 1)
    assert.deepEqual(hostsFileAddresses('moved', file), ['10.0.0.2'])
    rmSync(folder, { recursive: true })
    assert.deepEqual(hostsFileAddresses('moved', file), [])
  })
})

/** A name server on loopback that knows one name, and never answers for another. */
async function nameServer(): Promise<{ address: string; asked: () => number; close: () => void }> {
  const socket = createSocket('udp4')
  let asked = 0
  socket.on('message', (query, from) => {
    asked++
    const labels: string[] = []
    let at = 12
    for (; query[at]! > 0; at += query[at]! + 1)
      labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!))
    const type = query.readUInt16BE(at + 1)
    const name = labels.join('.')
    if (name.startsWith('silent')) return
    const known = name === 'node.example.org' && type === 1
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(name === 'node.example.org' ? 0x8180 : 0x8183, 2)
    header.writeUInt16BE(known ? 1 : 0, 6)
    header.writeUInt32BE(0, 8)
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, asked])
    socket.send(
      Buffer.concat([header, query.subarray(12, at + 5), ...(known ? [answer] : [])]),
      from.port,
      from.address,
    )
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { address: `127.0.0.1:${socket.address().port}`, asked: () => asked, close: () => socket.close() }
}

describe('names asked of a name server', () => {
  const before = getServers()
  after(() => useNameServers(before))
  const never = new AbortController().signal

  test('every check asks afresh; unknown names and silence are told apart', async () => {
    const server = await nameServer()
    useNameServers([server.address])
    const first = await resolveHost('node.example.org', 'any', never)
    const second = await resolveHost('node.example.org', 'any', never)
    assert.notDeepEqual(first, second)
    assert.ok(server.asked() >= 2)
    const unknown = await resolveHost('gone.example.org', 'any', never)
    assert.deepEqual(unknown, { failed: 'dns.failed', summary: 'the name gone.example.org does not exist' })
    const noAddress = await resolveHost('node.example.org', 'ipv6', never)
    assert.deepEqual(noAddress, { failed: 'dns.failed', summary: 'the name node.example.org has no address' })
    const deadline = new AbortController()
    const waiting = resolveHost('silent.example.org', 'any', deadline.signal)
    // The name servers live: it is this name that is silent.
    await resolveHost('node.example.org', 'any', never)
    deadline.abort()
    assert.equal('failed' in (await waiting) && ((await waiting) as { failed: string }).failed, 'dns.timeout')
    server.close()
  })

  test('addresses stand for themselves, brackets or not', async () => {
    assert.deepEqual(await resolveHost('[::1]', 'any', never), ['::1'])
    assert.deepEqual(await resolveHost('127.0.0.1', 'ipv4', never), ['127.0.0.1'])
    assert.equal('failed' in (await resolveHost('127.0.0.1', 'ipv6', never)), true)
  })
})
