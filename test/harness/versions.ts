/** Which version of a program a test ran, in the program's own words. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { programOf, type ToolName } from './needs.ts'

const ASK: Partial<Record<ToolName, string>> = {
  openssl: 'version',
  haproxy: '-v',
  kamailio: '-v',
  nginx: '-v',
}
const CALLED: Partial<Record<ToolName, string>> = {
  gnutls: 'GnuTLS',
  haproxy: 'HAProxy',
  kamailio: 'Kamailio',
  openssl: 'OpenSSL',
  postgres: 'PostgreSQL',
  prometheus: 'Prometheus',
}
const asked = new Map<ToolName, string>()

/** `nginx 1.22.1`; throws where the program does not say. */
export function versionOf(tool: ToolName): string {
  const known = asked.get(tool)
  if (known) return known
  const program = programOf(tool)
  if (!program) throw new Error(`${tool} is not installed; see docs/developing.md`)
  const { stdout, stderr } = spawnSync(program, [ASK[tool] ?? '--version'], { encoding: 'utf8' })
  const version = readVersion(`${stdout}${stderr}`)
  if (version === null) throw new Error(`${program} does not say its version`)
  const text = `${CALLED[tool] ?? tool} ${version}`
  asked.set(tool, text)
  return text
}

/** The first thing in a text that looks like a version. */
export function readVersion(text: string): string | null {
  return /\d+\.\d+(?:\.\d+)*/.exec(text)?.[0] ?? null
}

/** `oidc-provider 9.13.3`, as installed. */
export function packageVersionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`
}

/** The Node.js in which the tests run. */
export const nodeVersion = `Node.js ${process.versions.node}`
