/** Installs the programs that tests use, on Debian as root; elsewhere the tests that need them are left out. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
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
  const missing = tools.filter((tool) => programOf(tool) === null)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map(debianPackageOf))]
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    say(`not installed: ${missing.join(', ')}. What needs them is left out.`)
    say(`On Debian: sudo apt-get install --no-install-recommends ${packages.join(' ')}`)
    return
  }
  say(`installing Debian packages: ${packages.join(' ')}`)
  if (!apt('update', '-qq') || !apt('install', '-y', '-qq', '--no-install-recommends', ...packages))
    say('apt-get failed; see above')
  const still = missing.filter((tool) => programOf(tool) === null)
  if (still.length > 0) say(`still not installed: ${still.join(', ')}. What needs them is left out.`)
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
