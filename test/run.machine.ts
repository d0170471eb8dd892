/** Installs the programs that tests use, on Debian as root; elsewhere the tests that need them are left out. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BASE_TOOLS, debianPackageOf, programOf, type ToolName, toolsNamedIn } from './harness/needs.ts'

/** The tools that are missing for these test files. */
export function missingTools(files: string[]): ToolName[] {
  const named = files.flatMap((file) => toolsNamedIn(readFileSync(file, 'utf8')))
  return [...new Set([...BASE_TOOLS, ...named])].filter((tool) => programOf(tool) === null)
}

/** Installs what is missing where that is possible; says what it does and what remains missing. */
export function installTools(files: string[], say: (line: string) => void): void {
  provideTools(missingTools(files), say)
}

/** The same for tools by name. */
export function provideTools(tools: ToolName[], say: (line: string) => void): void {
  if (tools.some((tool) => debianPackageOf(tool) === null && programOf(tool) === null)) installOracles(say)
  const missing = tools.filter((tool) => debianPackageOf(tool) !== null && programOf(tool) === null)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((tool) => debianPackageOf(tool)!))].flatMap((list) =>
    list.split(' '),
  )
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    say(`not installed: ${missing.join(', ')}. What needs them is left out.`)
    say(`On Debian: sudo apt-get install --no-install-recommends ${packages.join(' ')}`)
    return
  }
  say(`installing Debian packages: ${packages.join(' ')}`)
  const install = () => apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  if (!apt('update', '-qq') || !withoutServices(install)) say('apt-get failed; see above')
  const still = missing.filter((tool) => programOf(tool) === null)
  if (still.length > 0) say(`still not installed: ${still.join(', ')}. What needs them is left out.`)
}

/** Old clients, from npm: no privilege is needed, and they stay in a folder of their own. */
function installOracles(say: (line: string) => void): void {
  say('installing old clients from npm into test/oracles')
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: join(import.meta.dirname, 'oracles'),
    encoding: 'utf8',
  })
  if (status !== 0) say(`npm failed: ${stderr?.trim().split('\n').at(-1) ?? 'it is not there'}`)
}

const POLICY = '/usr/sbin/policy-rc.d'

/** While packages are installed nothing of them starts: a database of its own on the usual port helps no test. */
function withoutServices<R>(work: () => R): R {
  if (existsSync(POLICY)) return work()
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return work()
  } finally {
    rmSync(POLICY)
  }
}

function apt(...args: string[]): boolean {
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`)
  return status === 0
}
