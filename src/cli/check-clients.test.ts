import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { pemsOf } from '../monitors/trust/graphs-for-tests.ts'
import { addTrust } from '../monitors/trust/shapes-for-tests.ts'
import { runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-clients-'))
const file = (name: string) => join(folder, `${name}.pem`)
const { oldRoot, modernRoot, cross, between, leaf, key, at } = addTrust(Date.now())
const day = (days: number) => new Date(at(days)).toISOString().slice(0, 10)
const servers: Server[] = []
let port = 0
let webPort = 0

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

before(async () => {
  writeFileSync(file('both'), pemsOf([oldRoot, modernRoot]))
  writeFileSync(file('modern'), pemsOf([modernRoot]))
  const identity = { key: key.pem, cert: pemsOf([leaf, between, cross]) }
  port = await listen(createServer(identity, (socket) => socket.on('error', () => {})))
  webPort = await listen(createHttpsServer(identity, (_, response) => void response.end('well')))
})
after(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

const check = (target: string, ...args: string[]) =>
  runForTests([
    'check',
    target,
    '--name',
    'docs.example.org',
    '--ca',
    file('modern'),
    '--timeout',
    '5s',
    ...args,
  ])
const old = () => ['--client', `agents=${file('both')},legacy`]
const young = () => ['--client', `young=${file('both')}`]

test('the verdict of each client stands in the JSON', async () => {
  const { code, out } = await check(`tls://127.0.0.1:${port}`, ...old(), ...young(), '--json')
  assert.equal(code, 2)
  const answer = JSON.parse(out)
  assert.deepEqual(answer.clients, [
    { name: 'agents', verdict: 'down', reason: 'certificate.chain-expired', lastDay: day(-3) },
    { name: 'young', verdict: 'up', reason: 'ok', lastDay: day(60) },
  ])
  assert.deepEqual([answer.verdict, answer.reason], ['down', 'certificate.client-breaks'])
  const { graph } = answer.certificate
  assert.deepEqual(
    graph.nodes.map(({ origin }: { origin: string }) => origin),
    ['sent', 'sent', 'sent', 'store', 'store'],
  )
  for (const { from, to } of graph.edges)
    for (const id of [from, to]) assert.ok(graph.nodes.some((node: { id: string }) => node.id === id))
})

test('without clients there are none in the JSON, and all is well', async () => {
  const { code, out } = await check(`tls://127.0.0.1:${port}`, '--json')
  assert.equal(code, 0)
  assert.ok(!('clients' in JSON.parse(out)))
})

test('the text says who breaks, through what, and what to stop sending; Nagios reads the first line', async () => {
  const { code, out } = await check(`tls://127.0.0.1:${port}`, ...young(), ...old())
  assert.equal(code, 2)
  const [first, ...clients] = out.trimEnd().split('\n')
  assert.match(
    first!,
    /^TLS CRITICAL - agents .*stop sending "USERTrust .* signed by "AddTrust .* \(certificate.client-breaks\) \| time=/,
  )
  assert.deepEqual(
    clients.map((line) => line.slice(0, 24)),
    ['CLIENT OK - young connec', 'CLIENT CRITICAL - agents'],
  )
})

test('the flag means the same over https', async () => {
  const { code, out } = await check(`https://127.0.0.1:${webPort}/`, ...old(), '--json')
  assert.equal(code, 2, out)
  assert.equal(JSON.parse(out).clients[0].reason, 'certificate.chain-expired')
})

test('and behind STARTTLS', async () => {
  const server = new SMTPServer({ key: key.pem, cert: pemsOf([leaf, between, cross]), authOptional: true })
  server.on('error', () => {})
  const smtpPort = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port))
  })
  try {
    const { code, out } = await check(`starttls+smtp://127.0.0.1:${smtpPort}`, ...old(), ...young(), '--json')
    assert.equal(code, 2, out)
    assert.deepEqual(
      JSON.parse(out).clients.map(({ name, verdict }: { name: string; verdict: string }) => [name, verdict]),
      [
        ['agents', 'down'],
        ['young', 'up'],
      ],
    )
  } finally {
    await new Promise<void>((resolve) => server.close(resolve))
  }
})

test('profiles go by their names alone, and one that is not there is refused', async () => {
  const { out } = await check(`tls://127.0.0.1:${port}`, '--client', 'node-20', '--json')
  const [client] = JSON.parse(out).clients
  assert.deepEqual([client.name, client.verdict], ['node-20', 'down'])
  const { code, err } = await check(`tls://127.0.0.1:${port}`, '--client', 'node-9')
  // As a plugin says that it could not be asked.
  assert.equal(code, 3)
  assert.match(err, /modern, debian-12/)
})

test('a store that cannot be read makes the answer unknown and names the client', async () => {
  const { code, out } = await check(`tls://127.0.0.1:${port}`, '--client', `agents=${file('absent')}`)
  assert.equal(code, 3)
  assert.match(out, /client agents: the CA file .*absent\.pem cannot be used/)
})
