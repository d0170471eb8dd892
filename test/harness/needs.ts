/** Programs of the machine that tests use, where they live and which Debian package brings them. */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

interface Tool {
  /** Paths or globs, the best first. */
  programs: string[]
  /** The Debian package that brings it; absent for what `test/oracles/package.json` brings from npm. */
  debian?: string
}

const oracle = (name: string) => join(import.meta.dirname, '../oracles/node_modules', name, 'bin/node')

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
  knot: { programs: ['/usr/sbin/knotd'], debian: 'knot' },
  ping: { programs: ['/usr/bin/ping', '/bin/ping', '/sbin/ping'], debian: 'iputils-ping' },
  prometheus: { programs: ['/usr/bin/prometheus'], debian: 'prometheus' },
  pdftotext: { programs: ['/usr/bin/pdftotext'], debian: 'poppler-utils' },
  exim: { programs: ['/usr/sbin/exim4'], debian: 'exim4-daemon-light' },
  vsftpd: { programs: ['/usr/sbin/vsftpd'], debian: 'vsftpd' },
  slapd: { programs: ['/usr/sbin/slapd'], debian: 'slapd' },
  mariadb: { programs: ['/usr/sbin/mariadbd'], debian: 'mariadb-server' },
  prosody: { programs: ['/usr/bin/prosody'], debian: 'prosody' },
  dovecot: { programs: ['/usr/sbin/dovecot'], debian: 'dovecot-imapd dovecot-pop3d' },
  gnutls: { programs: ['/usr/bin/gnutls-cli'], debian: 'gnutls-bin' },
  // Clients as they were: OpenSSL 1.0.2, 1.1.1 and 3 with what each made of a chain.
  'node-8': { programs: [oracle('node-8')] },
  'node-12': { programs: [oracle('node-12')] },
  'node-20': { programs: [oracle('node-20')] },
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

/** The Debian package that brings a tool; null for what comes from npm. */
export function debianPackageOf(tool: ToolName): string | null {
  const { debian }: Tool = TOOLS[tool]
  return debian ?? null
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
