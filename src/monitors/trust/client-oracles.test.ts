/**
 * The path algorithms beside the software whose behaviour they claim: thousands of random graphs, and not one other
 * answer. TOCSIN_GRAPHS=20000 asks for more than the usual run.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { needs, programOf, type ToolName } from '../../../test/harness/needs.ts'
import { type Algorithm, buildChain, type Outcome, type TrustStore } from './build-chain.ts'
import type { ClientForecast } from './client.ts'
import { forecastClients } from './forecast-client.ts'
import { type Graph, pemsOf, randomFrom, randomGraph } from './graphs-for-tests.ts'
import { type Member, memberOf } from './member.ts'
import { pemOf } from './mint-der-for-tests.ts'

const run = promisify(execFile)
const DAY = 86_400_000
const COUNT = Number(process.env.TOCSIN_GRAPHS ?? 2_000)
const SEED = Number(process.env.TOCSIN_SEED ?? 20_200_530)
const folder = mkdtempSync(join(tmpdir(), 'tocsin-graphs-'))
after(() => rmSync(folder, { recursive: true }))

const now = Math.floor(Date.now() / 1_000) * 1_000
const random = randomFrom(SEED)
const graphs = Array.from({ length: COUNT }, () => randomGraph(random, now))

const read = (der: Buffer): Member => memberOf(new X509Certificate(der))!

interface Question {
  graph: Graph
  leaf: Member
  sent: Member[]
  store: TrustStore
}
const questionOf = (graph: Graph): Question => {
  const leaf = read(graph.leaf)
  const store = graph.store.map(read)
  return {
    graph,
    leaf,
    sent: [leaf, ...graph.sent.map(read)],
    store: { id: '', find: (key) => store.filter(({ subjectKey }) => subjectKey === key) },
  }
}
const questions = graphs.map(questionOf)

const ours = ({ leaf, sent, store }: Question, algorithm: Algorithm, at: number): Outcome =>
  buildChain(algorithm, leaf, sent, store, at)

/** What the graph looks like, where two do not agree on it. */
function told({ graph, sent }: Question, outcome: Outcome, answer: string): string {
  const name = (member: Member) => `${member.subject} < ${member.issuer}`
  return [
    `they say: ${answer}`,
    `we say: ${outcome.fault?.kind ?? 'connects'} at ${outcome.fault?.depth ?? '-'}`,
    `our chain: ${outcome.chain.map(name).join(' | ')}`,
    `sent: ${sent.map(name).join(' | ')}`,
    `store: ${graph.store.map(read).map(name).join(' | ')}`,
  ].join('\n')
}

/** Counts answers, and fails at the first that differs. */
function compare(who: string, algorithm: Algorithm, answers: [Question, number, boolean, string][]): void {
  const other = answers.filter(
    ([question, at, connects]) => (ours(question, algorithm, at).fault === null) !== connects,
  )
  const connected = answers.filter(([, , connects]) => connects).length
  console.log(
    `${who}: ${new Set(answers.map(([question]) => question)).size} graphs, ${answers.length} questions, ` +
      `${connected} connect, ${other.length} disagreements`,
  )
  for (const [question, at, , answer] of other.slice(0, 3))
    console.log(told(question, ours(question, algorithm, at), answer))
  assert.equal(other.length, 0)
  // A generator that makes nothing but ruins, or nothing but order, would prove nothing.
  assert.ok(connected > answers.length / 5 && connected < (answers.length * 4) / 5)
}

describe('openssl verify', () => {
  /** One shell for many questions: two at a time, since a process each is what takes the time. */
  async function ask(lines: { index: number; roots: string; at: number }[], name: string): Promise<string[]> {
    const half = Math.ceil(lines.length / 2)
    const parts = [lines.slice(0, half), lines.slice(half)]
    const outputs = await Promise.all(
      parts.map(async (part, i) => {
        const script = join(folder, `${name}-${i}.sh`)
        const commands = part.map(
          ({ index, roots, at }) =>
            `"$0" verify -purpose sslserver -attime ${at / 1_000} -no-CApath -no-CAstore -CAfile ${roots} ` +
            `-untrusted sent-${index}.pem leaf-${index}.pem 2>&1 | tr '\\n' ' '; echo`,
        )
        writeFileSync(script, commands.join('\n'))
        const { stdout } = await run('sh', ['-c', `. ${script}`, programOf('openssl')!], {
          cwd: folder,
          maxBuffer: 256 * 1024 * 1024,
        })
        return stdout.trimEnd().split('\n')
      }),
    )
    return outputs.flat()
  }
  const agrees = (answer: string) => /: OK\s*$/.test(answer)

  function writeGraphs(): void {
    for (const [index, { leaf, sent, store }] of graphs.entries()) {
      writeFileSync(join(folder, `leaf-${index}.pem`), pemOf(leaf))
      writeFileSync(join(folder, `sent-${index}.pem`), pemsOf([leaf, ...sent]))
      writeFileSync(join(folder, `store-${index}.pem`), pemsOf(store))
    }
  }

  test('says what "modern" says, today and in 30 days', needs('openssl'), async () => {
    writeGraphs()
    const asked = questions.flatMap((question, index) =>
      [now, now + 30 * DAY].map((at) => ({ question, index, roots: `store-${index}.pem`, at })),
    )
    const answers = await ask(asked, 'modern')
    compare(
      'openssl verify',
      'modern',
      asked.map(({ question, at }, i) => [question, at, agrees(answers[i]!), answers[i]!]),
    )
  })

  test('says what "legacy" says, without the roots of which a twin was sent', needs('openssl'), async () => {
    writeGraphs()
    // Some certificate must be in the file, and nothing leads to this one.
    const stranger = randomGraph(randomFrom(1), now).leaf
    const asked = questions.map((question, index) => {
      const { graph, sent } = question
      const twins = new Set(
        sent
          .slice(1)
          .filter((member) => !member.selfSigned)
          .map(twinOf),
      )
      const left = graph.store.filter((root) => !read(root).selfSigned || !twins.has(twinOf(read(root))))
      const roots = `reduced-${index}.pem`
      writeFileSync(join(folder, roots), pemsOf(left.length > 0 ? left : [stranger]))
      return { question, index, roots, at: now }
    })
    const answers = await ask(asked, 'legacy')
    compare(
      'openssl verify, legacy',
      'legacy',
      asked.map(({ question, at }, i) => [question, at, agrees(answers[i]!), answers[i]!]),
    )
  })
})

test(
  'GnuTLS verifies what "gnutls" says, where certificates are made as they should be',
  needs('gnutls'),
  async () => {
    const count = Math.ceil(COUNT / 3)
    const made = randomFrom(SEED + 1)
    const asked = Array.from({ length: count }, () => questionOf(randomGraph(made, now, false)))
    const certtool = join(dirname(programOf('gnutls')!), 'certtool')
    const answers: string[] = []
    const ask = async (index: number): Promise<void> => {
      const { graph } = asked[index]!
      const [store, chain] = [`gnutls-store-${index}.pem`, `gnutls-chain-${index}.pem`]
      writeFileSync(join(folder, store), pemsOf(graph.store))
      writeFileSync(join(folder, chain), pemsOf([graph.leaf, ...graph.sent]))
      const purpose = '--verify-purpose=1.3.6.1.5.5.7.3.1'
      const args = ['--verify', purpose, '--load-ca-certificate', store, '--infile', chain]
      answers[index] = await run(certtool, args, { cwd: folder }).then(
        () => 'verified',
        (error: { stdout?: string }) => error.stdout?.trim().split('\n').at(-1) ?? 'refused',
      )
    }
    for (let i = 0; i < count; i += 2) await Promise.all([ask(i), ...(i + 1 < count ? [ask(i + 1)] : [])])
    const at = Date.now()
    compare(
      'certtool --verify',
      'gnutls',
      asked.map((question, i) => [question, at, answers[i] === 'verified', answers[i]!]),
    )
  },
)

test('what is foretold of a client is what becomes of it at any instant', () => {
  const pick = randomFrom(SEED + 2)
  let instants = 0
  for (const question of questions.slice(0, 300)) {
    const { leaf, sent, store } = question
    for (const algorithm of ['modern', 'openssl-1.0', 'legacy', 'gnutls'] as const) {
      const [{ stretches }] = forecastClients({ leaf, sent, known: [] }, [
        { name: 'x', algorithm, store },
      ]) as [ClientForecast]
      for (let i = 0; i < 8; i++) {
        // Also on the dates themselves, and a second before them.
        const edge = stretches[Math.floor(pick() * stretches.length)]!.from - (i % 2) * 1_000
        const at = Math.max(
          leaf.notBefore,
          i < 4 ? edge : leaf.notBefore + pick() * (leaf.notAfter - leaf.notBefore),
        )
        const stretch = stretches.find(({ from, to }) => from <= at && at < to)!
        assert.equal(stretch.reason === null, ours(question, algorithm, at).fault === null)
        instants++
      }
    }
  }
  console.log(`foretold: ${instants} instants, 0 disagreements`)
})

const twinOf = ({ certificate, publicKey }: Member) => `${certificate.subject} ${publicKey}`

describe('handshakes of clients as they were', () => {
  const script = join(import.meta.dirname, '../../../test/oracles/handshakes.cjs')

  async function shake(client: ToolName, algorithm: Algorithm): Promise<void> {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${client}.json`)
    writeFileSync(
      file,
      JSON.stringify(
        graphs.map(({ leaf, sent, store, key }) => {
          return { key: key.pem, chain: pemsOf([leaf, ...sent]), roots: store.map(pemOf) }
        }),
      ),
    )
    const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env
    const { stdout } = await run(programOf(client)!, [script, file], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    })
    const answers = JSON.parse(stdout) as (string | null)[]
    // A server of that age offers no cipher for a key that may not sign: then the client was not asked.
    const asked = answers.flatMap((answer, i) => (answer?.startsWith('failed') ? [] : [i]))
    assert.ok(asked.length > COUNT * 0.95)
    const at = Date.now()
    compare(
      client,
      algorithm,
      asked.map((i) => [questions[i]!, at, answers[i] === null, String(answers[i])]),
    )
  }

  test('Node 8 with OpenSSL 1.0.2', needs('node-8'), () => shake('node-8', 'openssl-1.0'))
  test('Node 12 with OpenSSL 1.1.1', needs('node-12'), () => shake('node-12', 'modern'))
  test('Node 20 with OpenSSL 3', needs('node-20'), () => shake('node-20', 'modern'))
})
