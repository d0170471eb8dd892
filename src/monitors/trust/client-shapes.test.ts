/** Live handshakes of real clients with the shapes in which chains break, beside what Tocsin says of them. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createServer } from 'node:tls'
import { promisify } from 'node:util'
import { needs, programOf, type ToolName } from '../../../test/harness/needs.ts'
import { type Algorithm, buildChain } from './build-chain.ts'
import { pemsOf } from './graphs-for-tests.ts'
import { memberOf } from './member.ts'
import { pemOf } from './mint-der-for-tests.ts'
import { type Shape, shapes as shapesAt } from './shapes-for-tests.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'tocsin-shapes-'))
after(() => rmSync(folder, { recursive: true }))

const { shapes, stores } = shapesAt(Date.now())
const cases = Object.entries(shapes).flatMap(([shape, served]) =>
  Object.entries(stores).map(([store, roots]) => ({ shape, served, store, roots })),
)
type Case = (typeof cases)[number]

const read = (der: Buffer) => memberOf(new X509Certificate(der))!

function weSay({ served: { leaf, sent }, roots }: Case, algorithm: Algorithm): boolean {
  const members = [leaf, ...sent].map(read)
  const trusted = roots.map(read)
  const store = { id: '', find: (key: string) => trusted.filter(({ subjectKey }) => subjectKey === key) }
  return buildChain(algorithm, members[0]!, members, store, Date.now()).fault === null
}

/** Which cases connect, as a table of words that is easy to compare. */
const table = (connects: boolean[]) =>
  cases.map(({ shape, store }, i) => `${shape} | ${store}: ${connects[i] ? 'connects' : 'refuses'}`)

async function nodeSays(client: ToolName): Promise<boolean[]> {
  const file = join(folder, `${client}.json`)
  const asked = cases.map(({ served: { leaf, sent, key }, roots }) => {
    return { key: key.pem, chain: pemsOf([leaf, ...sent]), roots: roots.map(pemOf) }
  })
  writeFileSync(file, JSON.stringify(asked))
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env
  const script = join(import.meta.dirname, '../../../test/oracles/handshakes.cjs')
  const { stdout } = await run(programOf(client)!, [script, file], { env })
  return (JSON.parse(stdout) as (string | null)[]).map((answer) => answer === null)
}

async function gnutlsSays({ leaf, sent, key }: Shape, roots: Buffer[]): Promise<boolean> {
  const server = createServer({ key: key.pem, cert: pemsOf([leaf, ...sent]) }, (socket) => {
    socket.on('error', () => {})
    socket.end()
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const store = join(folder, 'gnutls.pem')
    writeFileSync(store, pemsOf(roots))
    const { port } = server.address() as AddressInfo
    const names = ['--sni-hostname=docs.example.org', '--verify-hostname=docs.example.org']
    const child = spawn(
      programOf('gnutls')!,
      [`--x509cafile=${store}`, `--port=${port}`, ...names, '127.0.0.1'],
      { stdio: 'ignore' },
    )
    const [code] = await once(child, 'close')
    return code === 0
  } finally {
    server.close()
  }
}

const nodes: [ToolName, Algorithm, { skip: string | false }][] = [
  ['node-8', 'openssl-1.0', needs('node-8')],
  ['node-12', 'modern', needs('node-12')],
  ['node-20', 'modern', needs('node-20')],
]
for (const [client, algorithm, options] of nodes)
  test(`${client} does with every shape what is said of it`, options, async () => {
    const said = await nodeSays(client)
    assert.deepEqual(table(said), table(cases.map((one) => weSay(one, algorithm))))
    console.log(
      `${client}: ${cases.length} live handshakes, ${said.filter(Boolean).length} connect, 0 disagreements`,
    )
  })

test('GnuTLS does with every shape what is said of it', needs('gnutls'), async () => {
  const said: boolean[] = []
  for (const { served, roots } of cases) said.push(await gnutlsSays(served, roots))
  assert.deepEqual(table(said), table(cases.map((one) => weSay(one, 'gnutls'))))
  console.log(
    `gnutls-cli: ${cases.length} live handshakes, ${said.filter(Boolean).length} connect, 0 disagreements`,
  )
})

test('of the shape of May 2020 old clients break and new ones do not', () => {
  const shape = 'cross-signed by a root that has ended'
  const store = 'the modern root and the old one'
  const one = cases.find((candidate) => candidate.shape === shape && candidate.store === store)!
  const connects = (algorithm: Algorithm) => weSay(one, algorithm)
  assert.deepEqual(
    (['modern', 'openssl-1.0', 'legacy', 'gnutls'] as const).map((algorithm) => [
      algorithm,
      connects(algorithm),
    ]),
    [
      ['modern', true],
      ['openssl-1.0', false],
      ['legacy', false],
      ['gnutls', true],
    ],
  )
})
