import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { iso } from '../kit/clock.ts'
import { DAY, MINUTE } from '../kit/duration.ts'
import { type MonitorsWorld, openMonitorsWorld, START, seen } from '../monitors/world-for-tests.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const certificate = (number: number, from: number, issuer = 'O=Example, CN=E1') => ({
  subject: `CN=host-${number}.example.org`,
  issuer,
  names: [`host-${number}.example.org`],
  serial: `0${number}`,
  fingerprint: Array(32).fill(`0${number}`).join(':'),
  notBefore: iso(START + from * DAY),
  notAfter: iso(START + (from + 90) * DAY),
  selfSigned: false,
  chain: [],
  protocol: 'TLSv1.3',
  cipher: 'x',
})

describe('the inventory of certificates over HTTP', () => {
  let store: Store
  let tocsin: MonitorsWorld
  let desk: Desk
  before(async () => {
    store = await openStore({ directory: ':memory:', now: 0 })
    tocsin = openMonitorsWorld(store)
    desk = await openDesk({ world: tocsin.world })
    const tls = (service: string) => ({ service, type: 'tls', target: `${service}.example.org:443` })
    await tocsin.configure({ monitors: { a: tls('docs'), b: tls('wiki'), c: tls('wiki') } })
    const serve = (id: string, one: object) =>
      tocsin.sees.set(id, { ...seen('up'), values: { address: '192.0.2.7' }, certificate: one as never })
    const agents = (verdict: string, name = 'agents') => ({
      name,
      verdict,
      reason: verdict === 'up' ? 'ok' : 'certificate.chain-expired',
      lastDay: '2026-11-20',
      through: 'CN=Old Root',
      advice: null,
      summary: `${name} connects no more`,
    })
    serve('a', { ...certificate(1, -30), clients: [agents('down'), agents('up', 'modern')] })
    serve('b', certificate(2, -60, 'CN=Elsewhere'))
    tocsin.sees.get('b')!.values.renewalDue = iso(START - DAY)
    tocsin.sees.get('b')!.values.problems = 'certificate.expires-soon certificate.renewal-overdue'
    serve('c', certificate(3, 0))
    await tocsin.travel(2 * MINUTE)
    serve('c', certificate(4, 1))
    await tocsin.travel(2 * MINUTE)
  })
  after(async () => {
    await desk.close()
    await store.close()
  })
  const list = async (query = '') => (await desk.call('viewer', 'GET', `/api/v1/certificates${query}`)).json()
  const serials = async (query: string) =>
    (await list(query)).items.map(({ serial }: { serial: string }) => serial)

  test('what ends first comes first, with who serves it since when', async () => {
    const { items, next } = await list()
    assert.equal(next, null)
    assert.deepEqual(
      items.map(({ serial }: { serial: string }) => serial),
      ['02', '01', '04'],
    )
    const { servers, ...facts } = items[0]
    assert.deepEqual(facts.names, ['host-2.example.org'])
    assert.equal(facts.notAfter, iso(START + 30 * DAY))
    const [{ since, lastSeen, renewal: _, ...server }] = servers
    assert.deepEqual(server, {
      monitorId: 'b',
      serviceId: 'wiki',
      address: '192.0.2.7',
      now: true,
      breaks: [],
    })
    assert.ok(since < lastSeen)
  })

  test('by issuer, service, monitor and end; the past on demand', async () => {
    assert.deepEqual(await serials('?issuer=elsewhere'), ['02'])
    assert.deepEqual(await serials('?service=wiki'), ['02', '04'])
    assert.deepEqual(await serials('?monitor=a'), ['01'])
    assert.deepEqual(await serials(`?endsBefore=${encodeURIComponent(iso(START + 31 * DAY))}`), ['02'])
    assert.deepEqual(await serials('?past=true&service=wiki'), ['02', '03', '04'])
    assert.deepEqual(await serials('?sort=service'), ['01', '02', '04'])
  })

  test('by words, and by who breaks; what it can be narrowed by is counted over everything', async () => {
    assert.deepEqual(await serials('?q=HOST-2'), ['02'])
    assert.deepEqual(await serials('?q=wiki%20e1'), ['04'], 'every word, wherever it stands')
    assert.deepEqual(await serials('?q=host-2%20e1'), [])
    assert.deepEqual(await serials('?breaks=agents'), ['01'])
    assert.deepEqual(await serials('?breaks=*'), ['01'])
    assert.deepEqual(await serials('?breaks=modern'), [], 'modern clients are well')
    const { total, breaking, issuers, items } = await list('?limit=1&service=wiki')
    assert.deepEqual([total, items.length], [2, 1])
    assert.deepEqual(breaking, [{ name: 'agents', certificates: 1 }])
    assert.deepEqual(issuers, [
      { name: 'Example', certificates: 2 },
      { name: 'Elsewhere', certificates: 1 },
    ])
    assert.deepEqual(await serials('?issuer=Example'), ['01', '04'], 'the name of an issuer is a filter')
  })

  test('how the renewal stands, also where something else is the reason', async () => {
    const { items } = await list('?service=wiki')
    assert.deepEqual(items[0].servers[0].renewal, {
      due: iso(START - DAY),
      reason: 'certificate.renewal-overdue',
    })
    assert.equal(items[1].servers[0].renewal, null, 'no policy, nothing wrong')
  })

  test('page by page', async () => {
    const first = await list('?limit=2')
    assert.equal(first.items.length, 2)
    const second = await list(`?limit=2&cursor=${first.next}`)
    assert.deepEqual([second.items.length, second.next], [1, null])
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/certificates?cursor=nope')).statusCode, 400)
  })

  test('when a monitor was renewed', async () => {
    const { renewals, summary } = (await desk.call('viewer', 'GET', '/api/v1/monitors/c/renewals')).json()
    assert.equal(renewals.length, 1)
    assert.equal(renewals[0].daysBeforeEnd, 90)
    assert.equal(summary, 'renewed 90 days before its end')
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/monitors/gone/renewals')).statusCode, 404)
  })
})
