import { kindsByTitle } from '../monitors/index.ts'
import { wrap } from './show-check.ts'

const EXAMPLES = [
  ['tocsin check https://docs.example.org', 'a page and its certificate'],
  ['tocsin check tls://127.0.0.1:443 --name docs.example.org', 'one node, by the name of the service'],
  ['tocsin check rdp://ts01 --name ts.example.org --ca internal.pem', 'a terminal server'],
  ['tocsin check starttls+smtp://mail.example.org --renew-before 30d', 'a certificate behind STARTTLS'],
  ['tocsin check https://api.example.org --client old=old.pem,legacy', 'who can still connect'],
  ["tocsin check 'log:/var/log/app.log?match=ERROR&moreThan=10'", 'lines of a log'],
  ["tocsin check 'prometheus+http://prom:9090#up' --set below.limit=1", 'a metric and its limit'],
] as const

/** How targets are written, one kind after the other; and which kinds cannot be checked by hand. */
export function schemesHelp(): string {
  const kinds = kindsByTitle()
  const typed = kinds.flatMap(({ title, schemes = {}, typedAs = [] }) =>
    [...typedAs, ...others(Object.keys(schemes), typedAs)].map(
      (text, i) => [i === 0 ? title : '', text] as const,
    ),
  )
  const column = Math.max(...typed.map(([title]) => title.length))
  const lines = typed.map(([title, text]) => `  ${title.padEnd(column)}  ${text}`)
  const silent = kinds.filter(({ notByHand }) => notByHand !== undefined).map(({ kind }) => kind)
  return `Targets:\n${lines.join('\n')}\n\nNot by hand, because others report to a running Tocsin: ${silent.join(', ')}.\n`
}

/** The schemes of a kind that its examples do not show; plain http beside https needs no word. */
function others(schemes: string[], typedAs: readonly string[]): string[] {
  const shown = typedAs.map((text) => text.split(':', 1)[0])
  const left = schemes.filter((scheme) => !shown.includes(scheme) && !shown.includes(`${scheme}s`))
  return left.length === 0 ? [] : wrap(`also ${left.join(', ')}`, 52, '  ', '')
}

/** What `tocsin check --help` says below its options. */
export function checkHelp(): string {
  const examples = EXAMPLES.map(([command, what]) => `  ${command}\n      ${what}`).join('\n')
  return `
${schemesHelp()}
Any setting of a kind can be given with --set: see docs/reference/monitors.md.

On a terminal the result is laid out for people; into a pipe goes the one line
of a monitoring plugin, with its figures. NO_COLOR=1 leaves out the colours.
Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.

Examples:
${examples}
`
}
