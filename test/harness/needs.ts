/** Programs of the machine that tests use, where they live and which Debian package brings them. */
import { existsSync, globSync } from 'node:fs'

interface Tool {
  /** Paths or globs, the best first. */
  programs: string[]
  debian: string
}

/** A new entry is enough: the runner installs what the chosen test files name in `needs(…)`. */
const TOOLS = {
  nginx: { programs: ['/usr/sbin/nginx', '/opt/homebrew/bin/nginx'], debian: 'nginx-light' },
  chromium: { programs: ['/usr/bin/chromium', '/usr/bin/google-chrome'], debian: 'chromium' },
  postgres: {
    programs: ['/usr/lib/postgresql/*/bin/postgres', '/opt/homebrew/opt/postgresql*/bin/postgres'],
    debian: 'postgresql',
  },
  openssl: { programs: ['/usr/bin/openssl'], debian: 'openssl' },
  certificates: { programs: ['/etc/ssl/certs/ca-certificates.crt'], debian: 'ca-certificates' },
  git: { programs: ['/usr/bin/git'], debian: 'git' },
  haproxy: { programs: ['/usr/sbin/haproxy'], debian: 'haproxy' },
  xrdp: { programs: ['/usr/sbin/xrdp'], debian: 'xrdp' },
  kamailio: { programs: ['/usr/sbin/kamailio'], debian: 'kamailio' },
  pdftotext: { programs: ['/usr/bin/pdftotext'], debian: 'poppler-utils' },
} as const satisfies Record<string, Tool>

export type ToolName = keyof typeof TOOLS

/** What every run uses, whether or not a test file says so. */
export const BASE_TOOLS: ToolName[] = ['nginx', 'chromium', 'postgres', 'openssl', 'certificates']

/** The path of a program, or null when the machine has none. The newest version wins. */
export function programOf(tool: ToolName): string | null {
  for (const program of TOOLS[tool].programs) {
    const found = program.includes('*')
      ? globSync(program).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      : [program].filter((path) => existsSync(path))
    if (found[0]) return found[0]
  }
  return null
}

/** The Debian package that brings a tool. */
export function debianPackageOf(tool: ToolName): string {
  return TOOLS[tool].debian
}

/** Options of a test that cannot run without these: `test('…', needs('nginx'), () => …)`. */
export function needs(...tools: ToolName[]): { skip: string | false } {
  const missing = tools.filter((tool) => programOf(tool) === null)
  return { skip: missing.length > 0 && `${missing.join(', ')} not installed` }
}

/** The tools that a test file names in its `needs(…)`. */
export function toolsNamedIn(source: string): ToolName[] {
  const named = [...source.matchAll(/\bneeds\(([^)]*)\)/g)].flatMap(([, inside]) =>
    [...inside!.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!),
  )
  return [...new Set(named)].filter((name): name is ToolName => Object.hasOwn(TOOLS, name))
}
