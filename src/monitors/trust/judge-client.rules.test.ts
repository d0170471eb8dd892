import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Algorithm, TrustStore } from './build-chain.ts'
import type { Client } from './client.ts'
import { clientProblems } from './client-problems.rules.ts'
import { forecastClients } from './forecast-client.ts'
import { judgeClient } from './judge-client.rules.ts'
import { memberOf } from './member.ts'
import { makeKey, mintDer } from './mint-der-for-tests.ts'
import { addTrust } from './shapes-for-tests.ts'

const DAY = 86_400_000
const now = Date.UTC(2026, 4, 20, 12)
const read = (der: Buffer) => memberOf(new X509Certificate(der))!

function storeOf(...roots: Buffer[]): TrustStore {
  const members = roots.map(read)
  return { id: String(members.length), find: (key) => members.filter((one) => one.subjectKey === key) }
}
const client = (name: string, algorithm: Algorithm, ...roots: Buffer[]): Client => ({
  name,
  algorithm,
  store: storeOf(...roots),
})

/** What each client says at an instant. */
function judge(sent: Buffer[], clients: Client[], at = now, known: Buffer[] = []) {
  const members = sent.map(read)
  const served = { leaf: members[0]!, sent: members, known: known.map(read) }
  return forecastClients(served, clients).map((forecast) =>
    judgeClient(forecast, { warn: 14 * DAY, wrongName: null }, at),
  )
}

describe('the shape of May 2020', () => {
  const made = addTrust(now, -10)
  const { oldRoot, modernRoot, cross, between, leaf } = made
  const ended = new Date(made.at(10)).toISOString().slice(0, 10)
  const clients = [
    client('agents', 'legacy', oldRoot, modernRoot),
    client('node-8', 'openssl-1.0', oldRoot, modernRoot),
    client('modern', 'modern', modernRoot),
    client('gnutls', 'gnutls', oldRoot, modernRoot),
  ]
  const sent = [leaf, between, cross]

  test('before the day it is said who will break, when, through what, and what to do', () => {
    const [agents, node, modern, gnutls] = judge(sent, clients)
    assert.deepEqual(
      [agents!.verdict, agents!.reason, agents!.lastDay, agents!.through],
      ['degraded', 'certificate.chain-expires-soon', ended, 'CN=USERTrust RSA Certification Authority'],
    )
    assert.equal(
      agents!.summary,
      `agents will break after ${ended}, because the server sends "USERTrust RSA Certification Authority" signed by ` +
        `"AddTrust External CA Root", which ends on ${ended}, and this client follows what was sent instead of going ` +
        'to the "USERTrust RSA Certification Authority" that it trusts itself: stop sending "USERTrust RSA ' +
        'Certification Authority" signed by "AddTrust External CA Root"',
    )
    assert.deepEqual([node!.verdict, node!.lastDay], ['degraded', ended])
    assert.deepEqual([modern!.verdict, modern!.lastDay], ['up', '2026-07-19'])
    assert.deepEqual([gnutls!.verdict], ['up'])
  })

  test('after it the same clients are down, with the last day on which they connected', () => {
    const verdicts = judge(sent, clients, now + 11 * DAY)
    assert.deepEqual(
      verdicts.map(({ verdict, reason, lastDay }) => [verdict, reason, lastDay]),
      [
        ['down', 'certificate.chain-expired', ended],
        ['down', 'certificate.chain-expired', ended],
        ['up', 'ok', '2026-07-19'],
        ['up', 'ok', '2026-07-19'],
      ],
    )
    const [problem, ...more] = clientProblems(verdicts, [])
    assert.equal(more.length, 0)
    assert.equal(problem!.reason, 'certificate.client-breaks')
    assert.match(
      problem!.summary,
      /^agents connects no more since .* so too node-8 \(modern, gnutls are not affected\)$/,
    )
  })

  test('without the cross-signed certificate nobody breaks: the advice is right', () => {
    const verdicts = judge([leaf, between], clients, now + 11 * DAY)
    assert.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      ['up', 'up', 'up', 'up'],
    )
  })

  test('where somebody needs the cross-signed certificate it is not advised away', () => {
    // On the last good day a client that knows the old root alone connects through it.
    const veryOld = client('very old', 'legacy', oldRoot)
    const [agents] = judge(sent, [...clients, veryOld], now)
    assert.match(agents!.advice!, /^stop sending/)
    const young = client('young', 'legacy', modernRoot)
    const [, other] = judge(sent, [veryOld, young], now)
    assert.deepEqual([other!.verdict, other!.lastDay], ['down', null])
    assert.ok(!other!.advice?.startsWith('stop sending'), other!.advice ?? '')
  })
})

describe('what else breaks a client', () => {
  const { modernRoot, oldRoot, between, betweenEnded, leaf, leafWith, at } = addTrust(now)
  const modern = client('modern', 'modern', modernRoot)

  test('an intermediate that is not sent, and where it can be had', () => {
    const [unknown] = judge([leaf], [modern])
    assert.deepEqual(
      [unknown!.verdict, unknown!.reason, unknown!.lastDay],
      ['down', 'certificate.untrusted', null],
    )
    assert.match(unknown!.advice!, /^send the intermediate that signed "docs.example.org"/)
    const [fetched] = judge([leaf], [modern], now, [between])
    assert.match(fetched!.advice!, /^send "Sectigo .*" signed by "USERTrust .*" as intermediate$/)
  })

  test('an intermediate that has ended gives way to its successor', () => {
    const [verdict] = judge([leaf, betweenEnded], [modern], now, [between])
    assert.equal(verdict!.reason, 'certificate.chain-expired')
    assert.match(verdict!.advice!, /^send "Sectigo .*/)
  })

  test('a root that it does not know', () => {
    const [verdict] = judge([leaf, between], [client('other', 'modern', oldRoot)])
    assert.deepEqual([verdict!.verdict, verdict!.reason], ['down', 'certificate.untrusted'])
    assert.match(verdict!.summary, /finds no certificate of "USERTrust RSA Certification Authority"/)
  })

  test('the leaf, by the limit of the monitor and not by that of the chain', () => {
    const short = leafWith({ to: at(20) })
    assert.equal(judge([short, between], [modern])[0]!.verdict, 'up')
    const [soon] = judge([short, between], [modern], at(10))
    assert.deepEqual(
      [soon!.verdict, soon!.reason, soon!.advice],
      ['degraded', 'certificate.expires-soon', 'renew the certificate'],
    )
    const [over] = judge([short, between], [modern], at(21))
    assert.deepEqual([over!.verdict, over!.reason], ['down', 'certificate.expired'])
    const [early] = judge([leafWith({ from: at(2) }), between], [modern])
    assert.deepEqual([early!.reason, early!.lastDay], ['certificate.not-yet-valid', null])
  })

  test('the name, whatever the chain', () => {
    const members = [leaf, between].map(read)
    const [forecast] = forecastClients({ leaf: members[0]!, sent: members, known: [] }, [modern])
    const demands = { warn: DAY, wrongName: 'the certificate is not for x.example' }
    const verdict = judgeClient(forecast!, demands, now)
    assert.deepEqual([verdict.verdict, verdict.reason], ['down', 'certificate.name-mismatch'])
  })

  test('what everybody sees is said once, by the monitor', () => {
    const verdicts = judge([leaf], [modern])
    const untrusted = { reason: 'certificate.untrusted', verdict: 'down', summary: '' } as const
    assert.deepEqual(clientProblems(verdicts, [untrusted]), [])
    assert.equal(clientProblems(verdicts, []).length, 1)
  })
})

test('a server that sends a tangle costs little time', () => {
  const keys = Array.from({ length: 10 }, makeKey)
  const tangle: Buffer[] = []
  for (const [i, key] of keys.entries())
    for (const by of [keys[(i + 1) % 10]!, keys[(i + 3) % 10]!])
      tangle.push(
        mintDer({
          subject: 'Same',
          issuer: 'Same',
          key,
          by,
          from: now - (i + 1) * DAY,
          to: now + (i + tangle.length + 1) * DAY,
          ca: true,
        }),
      )
  const leafKey = makeKey()
  const leaf = mintDer({
    subject: 'leaf',
    issuer: 'Same',
    key: leafKey,
    by: keys[0]!,
    from: now - DAY,
    to: now + 90 * DAY,
  })
  const clients = (['modern', 'openssl-1.0', 'legacy', 'gnutls'] as const).map((algorithm) =>
    client(algorithm, algorithm, ...tangle.slice(0, 10)),
  )
  const before = process.cpuUsage()
  const verdicts = judge([leaf, ...tangle.slice(0, 19)], clients, now, tangle)
  assert.equal(verdicts.length, 4)
  const { user, system } = process.cpuUsage(before)
  // A second of CPU is far beyond what it takes; without bounds it would be minutes.
  assert.ok(user + system < 5_000_000, `${(user + system) / 1_000} ms`)
  console.log(`tangle: ${Math.round((user + system) / 1_000)} ms of CPU`)
})
