import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Algorithm } from '../../../src/monitors/trust/build-chain.ts'
import type { Client } from '../../../src/monitors/trust/client.ts'
import { lookOut } from '../../../src/monitors/trust/client-outlook.ts'
import { randomFrom, randomGraph } from '../../../src/monitors/trust/graphs-for-tests.ts'
import { judgeClient } from '../../../src/monitors/trust/judge-client.rules.ts'
import { memberOf } from '../../../src/monitors/trust/member.ts'
import { addTrust } from '../../../src/monitors/trust/shapes-for-tests.ts'
import { layOut } from './certificate-graph-layout.ts'
import {
  drawnGraph,
  firstClient,
  sayDate,
  sayGraph,
  sayLeft,
  sayWay,
  shortName,
  waysOf,
} from './certificate-paths.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)

function client(name: string, algorithm: Algorithm, ...roots: Buffer[]): Client {
  const members = roots.map((der) => memberOf(new X509Certificate(der))!)
  return {
    name,
    algorithm,
    store: { id: name, find: (key) => members.filter((one) => one.subjectKey === key) },
  }
}

/** What the server makes of real certificates, as the page gets it. */
function look(sent: Buffer[], clients: Client[], at = now) {
  const { forecasts, graph } = lookOut(
    sent.map((der) => new X509Certificate(der)),
    [],
    clients,
  )
  const verdicts = forecasts.map((one) => judgeClient(one, { warn: 14 * DAY, wrongName: null }, at))
  return { graph, verdicts, drawn: drawnGraph(graph, verdicts, at) }
}

describe('the shape of May 2020', () => {
  // The old root ended three days ago.
  const { oldRoot, modernRoot, cross, between, leaf, at } = addTrust(now)
  const clients = [client('modern', 'modern', modernRoot), client('agents', 'legacy', oldRoot, modernRoot)]
  const { graph, verdicts, drawn } = look([leaf, between, cross], clients)
  const named = (title: string, by: string) =>
    drawn.nodes.find((one) => one.title === title && one.by === by)!

  test('who breaks stands at the certificate that breaks them, with the day', () => {
    const crossed = named('USERTrust RSA Certification Authority', 'by AddTrust External CA Root')
    const [said] = crossed.breaks
    assert.equal(said?.client, 'agents')
    assert.equal(said?.verdict, 'down')
    assert.equal(said?.text, `agents: connected until ${sayDate(at(-3))}`)
    const others = drawn.nodes.filter((one) => one !== crossed)
    assert.deepEqual(
      others.flatMap(({ breaks }) => breaks),
      [],
      'and nowhere else',
    )
  })

  test('both ways are drawn, and each client has its own', () => {
    const path = (name: string) =>
      waysOf(graph, name, now)[0]!.members.map((id) => drawn.nodes.find((one) => one.id === id)!.by)
    assert.equal(path('modern').at(-1), 'signs itself')
    assert.notDeepEqual(path('modern'), path('agents'))
    const root = named('USERTrust RSA Certification Authority', 'signs itself')
    assert.equal(root.origin, 'store')
    assert.deepEqual(root.clients, ['modern'])
    assert.deepEqual(named('docs.example.org', 'by Sectigo RSA Domain Validation Secure Server CA').clients, [
      'modern',
      'agents',
    ])
  })

  test('the client that is broken is shown first, and its state is said', () => {
    assert.equal(firstClient(verdicts), 'agents')
    assert.match(sayWay(waysOf(graph, 'agents', now)[0]!), /^Since \d+ Nov 2026: certificate chain expired$/)
    assert.match(sayGraph(graph, verdicts), /: \d certificates, 3 sent by the server; agents cannot connect$/)
  })

  test('before the day, the present way works and the next one does not', () => {
    const before = look([leaf, between, cross], clients, at(-5))
    const [first, second] = waysOf(before.graph, 'agents', at(-5))
    assert.deepEqual([first?.works, first?.now, second?.works, second?.now], [true, true, false, false])
    assert.match(sayWay(first!), /^Until \d+ Nov 2026: connects$/)
    assert.match(sayWay(second!), /^From \d+ Nov 2026: certificate chain expired$/)
    const mark = before.drawn.nodes.flatMap(({ breaks }) => breaks)
    assert.deepEqual(
      mark.map(({ client: name, verdict }) => [name, verdict]),
      [['agents', 'degraded']],
    )
    assert.match(mark[0]!.text, /^agents: breaks after \d+ Nov 2026$/)
  })

  test('what was sent and nobody takes is tied to the rest by its name', () => {
    const { drawn: modern } = look([leaf, between, cross], clients.slice(0, 1))
    const crossed = modern.nodes.find(({ by }) => by === 'by AddTrust External CA Root')!
    assert.deepEqual(crossed.clients, [])
    const tie = modern.edges.find(({ to }) => to === crossed.id)
    assert.equal(tie?.taken, false)
  })
})

test('a leaf that signs itself and nobody trusts breaks at itself', () => {
  const { oldRoot, modernRoot } = addTrust(now)
  const { drawn } = look([oldRoot], [client('modern', 'modern', modernRoot)])
  assert.equal(drawn.nodes.length, 1)
  assert.equal(drawn.nodes[0]!.by, 'signs itself')
  assert.equal(drawn.nodes[0]!.breaks.length, 1)
})

test('a certificate for another name breaks everybody at itself, however sound its path', () => {
  const { modernRoot, between, leaf } = addTrust(now)
  const clients = [client('modern', 'modern', modernRoot)]
  const { graph } = look([leaf, between], clients)
  const { forecasts } = lookOut(
    [leaf, between].map((der) => new X509Certificate(der)),
    [],
    clients,
  )
  const verdicts = forecasts.map((one) =>
    judgeClient(one, { warn: DAY, wrongName: 'it is not for this' }, now),
  )
  const { nodes } = drawnGraph(graph, verdicts, now)
  assert.deepEqual(
    nodes.map(({ breaks }) => breaks.length),
    [1, 0, 0],
  )
})

test('names are short, also where a comma stands in them', () => {
  assert.equal(shortName("C=US, O=Let's Encrypt, CN=E1"), 'E1')
  assert.equal(shortName('C=US, O=Example, Inc., OU=Web'), 'Example, Inc.')
  assert.equal(shortName('CN=docs.example.org'), 'docs.example.org')
  assert.equal(shortName('DC=org, DC=example'), 'DC=org, DC=example')
  assert.equal(shortName(''), 'without a name')
})

test('days are those of UTC, and what is left is told in hours at last', () => {
  assert.equal(sayDate('2026-05-30'), '30 May 2026')
  assert.equal(sayDate('2026-12-31T23:59:59.000Z'), '31 Dec 2026')
  assert.equal(sayLeft(new Date(now + 85 * DAY).toISOString(), now), '85 d left')
  assert.equal(sayLeft(new Date(now + 729 * DAY).toISOString(), now), '729 d left')
  assert.equal(sayLeft(new Date(now + 3_999 * DAY).toISOString(), now), '10 y left')
  assert.equal(sayLeft(new Date(now + 30 * 3_600_000).toISOString(), now), '30 h left')
  assert.equal(sayLeft(new Date(now - 3 * DAY).toISOString(), now), 'ended 3 d ago')
})

describe('certificate graphs as the world makes them, and worse', () => {
  const random = randomFrom(20_261_121)
  const algorithms: Algorithm[] = ['modern', 'legacy', 'openssl-1.0', 'gnutls']
  const cases = Array.from({ length: 150 }, () => {
    const { leaf, sent, store } = randomGraph(random, now)
    const clients = algorithms.map((algorithm, place) =>
      client(algorithm, algorithm, ...store.slice(place % 2)),
    )
    return { sent: [leaf, ...sent], clients }
  })

  test('each client that breaks is marked once, at a certificate of its path', () => {
    let marks = 0
    for (const { sent, clients } of cases) {
      const { graph, verdicts, drawn } = look(sent, clients)
      const marked = drawn.nodes.flatMap((node) => node.breaks.map((one) => ({ ...one, at: node.id })))
      assert.deepEqual(
        marked.map((one) => one.client).sort(),
        verdicts
          .filter(({ verdict }) => verdict !== 'up')
          .map(({ name }) => name)
          .sort(),
      )
      for (const { client: name, at } of marked) {
        const paths = graph.paths.filter((path) => path.client === name)
        assert.ok(
          paths.some(({ members }) => members.includes(at)),
          `${name} is marked beside its path`,
        )
      }
      marks += marked.length
    }
    assert.ok(marks > 100, `only ${marks} marks: the graphs are too kind`)
  })

  test('each is drawn whole: every certificate, every step, the path of each client in one piece', () => {
    for (const { sent, clients } of cases) {
      const { graph, drawn } = look(sent, clients)
      const layout = layOut({
        ids: drawn.nodes.map(({ id }) => id),
        edges: drawn.edges,
        width: 360,
        heightOf: () => 100,
      })
      assert.equal(layout.nodes.length, graph.nodes.length)
      const lines = new Set(layout.lines.map(({ from, to }) => `${from} ${to}`))
      for (const { members } of graph.paths)
        for (const [index, id] of members.entries())
          if (index > 0) assert.ok(lines.has(`${members[index - 1]} ${id}`), 'a step has no line')
      for (const { name } of clients) {
        const ways = waysOf(graph, name, now)
        assert.ok(ways.length > 0, `${name} has no way at all`)
        assert.ok(ways.every((way) => sayWay(way).length > 0))
        assert.equal(ways.filter((way) => way.now).length <= 1, true, 'two ways at once')
      }
    }
  })
})
