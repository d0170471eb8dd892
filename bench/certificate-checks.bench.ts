/** CPU of a whole certificate check, beside `openssl s_time -new` against the same real nginx. */
import { execFileSync } from 'node:child_process'
import { systemClock } from '../src/kit/clock.ts'
import { DAY } from '../src/kit/duration.ts'
import { checkOnce, kindNamed, parseSpec } from '../src/monitors/index.ts'
import { mintLabCa } from '../src/proofs/index.ts'
import { startNginx } from '../test/harness/nginx.ts'
import { median, print } from './figure.ts'

const NAME = 'docs.lab.example'
const CHECKS = 1_500
const CONCURRENT = 8
const ROUNDS = 5
const now = Date.now()

const ca = await mintLabCa({ subject: 'CN=Bench Root, O=Bench', now })
const nginx = await startNginx(
  NAME,
  await ca.issue({ names: [NAME], notBefore: now - DAY, notAfter: now + 90 * DAY }),
)
const target = `127.0.0.1:${nginx.port}`
const kind = kindNamed('tls')
const expect = { name: NAME, issuer: 'Bench', ca: ca.rootPem }
const spec = parseSpec('tls', { target, expect })
const clients = ['new', 'old', 'older'].map((name, i) => ({ name, store: ca.rootPem, legacy: i > 0 }))
const withClients = parseSpec('tls', { target, expect: { ...expect, clients } })

async function ours(spec: unknown): Promise<number> {
  const before = process.cpuUsage()
  let left = CHECKS
  const worker = async () => {
    while (left-- > 0) {
      const seen = await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 10_000 })
      if (seen.verdict !== 'up') throw new Error(`the check said ${seen.verdict}: ${seen.summary}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENT }, worker))
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1_000 / CHECKS
}

function openssl(): number {
  const script = `TIMEFORMAT='%U %S'; time openssl s_time -connect ${target} -new -time 3 2>/dev/null || true`
  const out = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { encoding: 'utf8' })
  const connections = Number(/(\d+) connections in/.exec(out)?.[1])
  const [user, system] = out.trim().split('\n').at(-1)!.split(' ').map(Number)
  if (!connections) throw new Error(`openssl s_time said: ${out}`)
  return ((user! + system!) * 1_000) / connections
}

try {
  await ours(spec)
  await ours(withClients)
  const pairs: { ours: number; withClients: number; theirs: number }[] = []
  for (let round = 0; round < ROUNDS; round++)
    pairs.push({ ours: await ours(spec), withClients: await ours(withClients), theirs: openssl() })
  print({
    name: 'certificate check, CPU per check, the whole check included',
    value: median(pairs.map((p) => p.ours)),
    unit: 'ms',
    against: {
      name: 'openssl s_time -new, CPU per handshake',
      value: median(pairs.map((p) => p.theirs)),
      unit: 'ms',
    },
    ratio: median(pairs.map((p) => p.ours / p.theirs)),
    bar: '≤ 1.5',
    context: {
      rounds: ROUNDS,
      checks: CHECKS,
      key: 'P-256',
      perCpuSecond: Math.round(1_000 / median(pairs.map((p) => p.ours))),
    },
  })
  print({
    name: 'certificate check with the verdicts of three populations of clients, CPU per check',
    value: median(pairs.map((p) => p.withClients)),
    unit: 'ms',
    against: {
      name: 'openssl s_time -new, CPU per handshake',
      value: median(pairs.map((p) => p.theirs)),
      unit: 'ms',
    },
    ratio: median(pairs.map((p) => p.withClients / p.theirs)),
    bar: '≤ 1.5',
    context: { rounds: ROUNDS, checks: CHECKS, clients: clients.length },
  })
} finally {
  await nginx.stop()
}
