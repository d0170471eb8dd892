import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkedLookup, type EgressPolicy, EgressRefused, judgeAddress, refuseLiteral } from './egress.ts'

const open: EgressPolicy = { allowPrivate: true, allow: [] }
const strict: EgressPolicy = { allowPrivate: false, allow: [] }

test('link-local, metadata and meaningless addresses are refused whatever the policy says', () => {
  const listed: EgressPolicy = {
    allowPrivate: true,
    allow: ['169.254.0.0/16', 'fe80::/10', '100.100.100.200'],
  }
  const cases: [string, string][] = [
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['2002:a9fe:a9fe::1', 'metadata'],
    ['::169.254.169.254', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['0.0.0.0', 'not-routable'],
    ['::', 'not-routable'],
    ['224.0.0.1', 'not-routable'],
    ['ff02::1', 'not-routable'],
    ['255.255.255.255', 'not-routable'],
    ['240.0.0.1', 'not-routable'],
    ['not an address', 'not-routable'],
  ]
  for (const [ip, verdict] of cases)
    for (const policy of [open, strict, listed]) assert.equal(judgeAddress(ip, policy, true), verdict, ip)
})

test('no wrapping of a link-local address gets through', () => {
  const byte = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(byte, byte, (c, d) => {
      const last = ((c << 8) | d).toString(16)
      const written = [
        `169.254.${c}.${d}`,
        `::ffff:169.254.${c}.${d}`,
        `::ffff:a9fe:${last}`,
        `64:ff9b::169.254.${c}.${d}`,
        `2002:a9fe:${last}::1`,
        `::169.254.${c}.${d}`,
        `fe80::${last}`,
      ]
      for (const ip of written) assert.notEqual(judgeAddress(ip, open, true), 'allowed', ip)
    }),
  )
})

test('private and loopback addresses are a matter of policy', () => {
  const addresses = [
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    'fd12::1',
    '100.64.0.1',
    '::ffff:10.1.2.3',
  ]
  for (const ip of addresses) {
    assert.equal(judgeAddress(ip, open), 'allowed', ip)
    assert.equal(judgeAddress(ip, strict), 'private', ip)
    assert.equal(judgeAddress(ip, strict, true), 'allowed', `${ip} by the name of its host`)
  }
  const listed: EgressPolicy = { allowPrivate: false, allow: ['10.1.0.0/16', '192.168.1.1', 'fd12::/16'] }
  assert.equal(judgeAddress('10.1.2.3', listed), 'allowed')
  assert.equal(judgeAddress('::ffff:10.1.2.3', listed), 'allowed')
  assert.equal(judgeAddress('10.2.2.3', listed), 'private')
  assert.equal(judgeAddress('192.168.1.1', listed), 'allowed')
  assert.equal(judgeAddress('192.168.1.2', listed), 'private')
  assert.equal(judgeAddress('fd12::5', listed), 'allowed')
})

test('public addresses are allowed by the strictest policy', () => {
  for (const ip of ['93.184.216.34', '2606:4700::1111']) assert.equal(judgeAddress(ip, strict), 'allowed')
})

test('a host written as an address is judged without a lookup, a name is not', () => {
  assert.equal(refuseLiteral('169.254.169.254', open)?.verdict, 'metadata')
  assert.equal(refuseLiteral('[fe80::1]', open)?.verdict, 'link-local')
  assert.equal(refuseLiteral('[::1]', strict)?.verdict, 'private')
  assert.equal(refuseLiteral('127.0.0.1', { allowPrivate: false, allow: ['127.0.0.1'] }), null)
  assert.equal(refuseLiteral('metadata.example.org', open), null)
})

// Stands for the resolver: what a hostile name server answers cannot be had from a real one.
function resolver(...addresses: string[]): typeof lookup {
  const answer = (_host: string, _options: object, callback: (...args: unknown[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  return answer as unknown as typeof lookup
}

function resolve(policy: EgressPolicy, all: boolean, ...addresses: string[]) {
  return new Promise<unknown>((done) => {
    checkedLookup(policy, resolver(...addresses))('name.example.org', { all }, (error, address) =>
      done(error ?? address),
    )
  })
}

test('a name is refused when any of its addresses is', async () => {
  const mixed = await resolve(open, true, '93.184.216.34', '169.254.169.254')
  assert.ok(mixed instanceof EgressRefused)
  assert.equal(mixed.verdict, 'metadata')
  const inside = await resolve(strict, true, '10.0.0.1')
  assert.ok(inside instanceof EgressRefused)
  assert.match(inside.message, /name\.example\.org leads to a private address/)
})

test('a name that may be reached gives just the addresses that were judged', async () => {
  assert.equal(await resolve(open, false, '10.0.0.1', '10.0.0.2'), '10.0.0.1')
  assert.deepEqual(await resolve(strict, true, '93.184.216.34'), [{ address: '93.184.216.34', family: 4 }])
  const listed: EgressPolicy = { allowPrivate: false, allow: ['Name.example.org'] }
  assert.equal(await resolve(listed, false, '10.0.0.1'), '10.0.0.1')
})
