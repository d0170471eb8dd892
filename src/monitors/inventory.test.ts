import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onEveryStore, type StoreUnderTest } from '../../test/harness/stores.ts'
import { iso } from '../kit/clock.ts'
import { DAY, MINUTE, SECOND } from '../kit/duration.ts'
import type { Store } from '../store/store.ts'
import type { Serving } from './certificates.rows.ts'
import type { CertificateFacts, Observation } from './observation.ts'
import { readInventory, readRenewals } from './read-inventory.ts'
import { recordObservation } from './record-observation.ts'
import { renewalHistory } from './renewals.rules.ts'
import type { ClientVerdict } from './trust/client.ts'
import { openMonitorsWorld, START, seen } from './world-for-tests.ts'

const fingerprint = (number: number) =>
  Array.from({ length: 32 }, () => number.toString(16).padStart(2, '0').toUpperCase()).join(':')

/** A certificate of 90 days that begins on this day. */
function certificate(number: number, from = 0, more: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'CN=docs.example.org',
    issuer: 'C=US, O=Example Authority, CN=E1',
    names: ['docs.example.org'],
    serial: `0${number}`,
    fingerprint: fingerprint(number),
    notBefore: iso(START + from * DAY),
    notAfter: iso(START + (from + 90) * DAY),
    selfSigned: false,
    chain: ['CN=docs.example.org'],
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_128_GCM_SHA256',
    ...more,
  }
}
const serving = (one: CertificateFacts, more: Partial<Observation> = {}): Observation => ({
  ...seen('up'),
  values: { address: '192.0.2.1' },
  certificate: one,
  ...more,
})
const stores: Store[] = []
after(async () => {
  for (const store of stores) await store.close()
})
async function openStore(under: StoreUnderTest): Promise<Store> {
  const store = await under.open()
  stores.push(store)
  return store
}
const monitor = (more = {}) => ({ service: 'docs', type: 'tls', target: 'docs.example.org:443', ...more })

onEveryStore('the inventory of certificates', (under) => {
  test('every certificate seen, the first to end first, and who serves it', async () => {
    const store = await openStore(under)
    const world = openMonitorsWorld(store)
    await world.configure({ monitors: { a: monitor(), b: monitor({ service: 'wiki' }), c: monitor() } })
    world.sees.set('a', serving(certificate(1)))
    world.sees.set('b', serving(certificate(2, -40, { issuer: 'CN=Elsewhere', names: ['wiki.example.org'] })))
    world.sees.set('c', serving(certificate(1)))
    await world.start()
    await world.travel(3 * MINUTE)
    const all = await readInventory(store.read)
    assert.deepEqual(
      all.map((entry) => [entry.serial, entry.servers.map(({ monitorId }) => monitorId)]),
      [
        ['02', ['b']],
        ['01', ['a', 'c']],
      ],
    )
    const [first] = all[1]!.servers
    assert.equal(first?.address, '192.0.2.1')
    assert.equal(first?.until, null)
    assert.ok(first!.checkedAt! > START + MINUTE, 'last seen with the newest check')
    const serials = async (filter: Parameters<typeof readInventory>[1]) =>
      (await readInventory(store.read, filter)).map(({ serial }) => serial)
    assert.deepEqual(await serials({ issuer: 'elsewhere' }), ['02'])
    assert.deepEqual(await serials({ service: 'docs' }), ['01'])
    assert.deepEqual(await serials({ monitor: 'c' }), ['01'])
    assert.deepEqual(await serials({ endsBefore: START + 60 * DAY }), ['02'])
    assert.deepEqual(await serials({ sort: 'issuer' }), ['01', '02'])
    assert.deepEqual(await serials({ sort: 'service' }), ['01', '02'])
  })

  test('a renewal is noted when it is seen first, and what it took the place of stays to be asked for', async () => {
    const store = await openStore(under)
    const world = openMonitorsWorld(store)
    await world.configure({ monitors: { a: monitor() } })
    for (const [day, number, from] of [
      [0, 1, 0],
      [60, 2, 60],
      [89, 3, 89],
      [92, 3, 89],
    ] as const) {
      const observation = serving(certificate(number, from))
      await recordObservation(world.world, { monitorId: 'a', observation, at: START + day * DAY })
    }
    const now = await readInventory(store.read)
    assert.deepEqual(
      now.map(({ serial }) => serial),
      ['03'],
    )
    const past = await readInventory(store.read, { past: true })
    assert.deepEqual(
      past.map(({ serial }) => serial),
      ['01', '02', '03'],
    )
    assert.notEqual(past[0]!.servers[0]!.until, null)
    const { renewals, usualDays, summary } = await readRenewals(store.read, 'a')
    assert.deepEqual(
      renewals.map(({ from, to }) => [from, to]),
      [
        [fingerprint(1), fingerprint(2)],
        [fingerprint(2), fingerprint(3)],
      ],
    )
    assert.deepEqual(
      renewals.map(({ daysBeforeEnd }) => daysBeforeEnd),
      [30, 61],
    )
    assert.equal(usualDays, 45.5)
    assert.equal(summary, 'renewed 61 days before its end, usually 30 days before its end')
  })

  test('nodes are told apart; one that is gone serves no more, one that did not answer still counts', async () => {
    const store = await openStore(under)
    const world = openMonitorsWorld(store)
    await world.configure({ monitors: { a: monitor({ everyAddress: true }) } })
    await world.start()
    const nodes = (...served: [string, CertificateFacts][]) => ({
      served: served.map(([address, one]) => ({ address, certificate: one })),
    })
    const [old, renewed] = [certificate(1, -60), certificate(2)]
    const openNodes = async () =>
      (await readInventory(store.read)).flatMap(({ serial, servers }) =>
        servers.map(({ node }) => `${node} ${serial}`),
      )
    world.sees.set('a', serving(old, nodes(['192.0.2.1', old], ['192.0.2.2', old])))
    await world.travel(2 * MINUTE)
    assert.deepEqual(await openNodes(), ['192.0.2.1 01', '192.0.2.2 01'])
    world.sees.set('a', serving(renewed, { ...nodes(['192.0.2.1', renewed]), verdict: 'down' }))
    await world.travel(2 * MINUTE)
    assert.deepEqual(await openNodes(), ['192.0.2.2 01', '192.0.2.1 02'])
    world.sees.set('a', serving(renewed, nodes(['192.0.2.1', renewed])))
    await world.travel(2 * MINUTE)
    assert.deepEqual(await openNodes(), ['192.0.2.1 02'])
    const { renewals } = await readRenewals(store.read, 'a')
    assert.deepEqual(
      renewals.map(({ node }) => node),
      ['192.0.2.1'],
    )
  })

  test('a balancer that shows now one and now the other leaves two rows and one renewal', async () => {
    const store = await openStore(under)
    const world = openMonitorsWorld(store)
    await world.configure({ monitors: { a: monitor() } })
    await world.start()
    for (let turn = 0; turn < 6; turn++) {
      world.sees.set('a', serving(turn % 2 === 0 ? certificate(1, -60) : certificate(2)))
      await world.travel(MINUTE + SECOND)
    }
    const past = await readInventory(store.read, { past: true })
    assert.deepEqual(
      past.map(({ servers }) => servers.length),
      [1, 1],
    )
    assert.equal((await readRenewals(store.read, 'a')).renewals.length, 1)
  })

  test('what a removed monitor served is not known to be served; a single report counts like a check', async () => {
    const store = await openStore(under)
    const world = openMonitorsWorld(store)
    await world.configure({ monitors: { a: monitor(), b: monitor({ enabled: false }) } })
    const verdictOf = (name: string, more: Partial<ClientVerdict> = {}): ClientVerdict => ({
      name,
      verdict: 'up',
      reason: 'ok',
      lastDay: '2026-04-05',
      through: null,
      advice: null,
      summary: name,
      ...more,
    })
    const clients = [
      verdictOf('openssl-1.0', { verdict: 'down', reason: 'certificate.chain-expired', lastDay: null }),
      verdictOf('node-26'),
      verdictOf('node-8', { verdict: 'degraded', reason: 'certificate.chain-expires-soon' }),
    ]
    const observation = serving(certificate(1, 0, { clients }))
    await recordObservation(world.world, { monitorId: 'b', observation })
    const [entry] = await readInventory(store.read)
    assert.deepEqual(
      entry?.servers[0]?.breaks.map(({ name, reason, lastDay }) => [name, reason, lastDay]),
      [
        ['openssl-1.0', 'certificate.chain-expired', null],
        ['node-8', 'certificate.chain-expires-soon', '2026-04-05'],
      ],
    )
    await world.configure({ monitors: { a: monitor() } })
    assert.deepEqual(await readInventory(store.read), [])
    assert.equal((await readInventory(store.read, { past: true })).length, 1)
  })

  test('a certificate that is known is not written again, also after a restart', async () => {
    const store = await openStore(under)
    const monitors = { a: monitor() }
    for (const instance of ['one', 'two']) {
      const world = openMonitorsWorld(store, { instance })
      await world.configure({ monitors })
      await world.start()
      world.sees.set('a', serving(certificate(1)))
      await world.travel(5 * MINUTE)
    }
    const [entry] = await readInventory(store.read, { past: true })
    assert.equal(entry?.servers.length, 1)
    assert.ok(entry!.servers[0]!.since < START + 2 * MINUTE)
  })
})

test('an older certificate that shows up later is no renewal', () => {
  const at = (number: number, since: number, from: number): Serving => ({
    monitorId: 'a',
    node: '',
    fingerprint: fingerprint(number),
    address: null,
    since: START + since * DAY,
    until: null,
    notBefore: START + from * DAY,
    notAfter: START + (from + 90) * DAY,
  })
  assert.deepEqual(renewalHistory([]), { renewals: [], usualDays: null, summary: null })
  const { renewals } = renewalHistory([at(2, 1, 0), at(1, 5, -50)])
  assert.deepEqual(renewals, [])
  const late = renewalHistory([at(1, 0, 0), at(2, 95, 95)])
  assert.equal(late.summary, 'renewed 5 days after its end')
})
