import type { Observation } from '../monitors/index.ts'
import { clientLine, NAGIOS, oneLine, withoutControls } from './nagios.ts'
import type { Screen } from './program.ts'
import { whatNext } from './what-next.ts'

const COLOURS = { up: '32', degraded: '33', down: '31', unknown: '35' } as const

export interface Shown {
  kind: string
  /** As it was typed, without secrets. */
  target: string
  observation: Observation
  /** What the kind says beyond one line. */
  more: string[]
}

/** The result of a check for a person at a terminal: verdict first, then the sentence, the figures, and what to do. */
export function showCheck({ kind, target, observation, more }: Shown, screen: Screen): string {
  const width = Math.max(40, Math.min(screen.columns, 80))
  const paint = (code: string, text: string) => (screen.colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const { verdict, reason, summary, certificate } = observation
  const [word] = NAGIOS[verdict]
  const head = `${paint(`1;${COLOURS[verdict]}`, word)}  ${paint('1', kind.toUpperCase())} ${oneLine(target)}`
  const parts = [[head], wrap(sentence(summary), width, '  ')]
  const facts = factsOf(observation)
  if (verdict !== 'up') facts.unshift(['reason', reason])
  const column = Math.max(...facts.map(([name]) => name.length))
  parts.push(
    facts.flatMap(([name, value]) =>
      wrap(value, width, ' '.repeat(column + 4)).map((line, i) =>
        i === 0 ? `  ${paint('2', name.padEnd(column))}  ${line.trimStart()}` : line,
      ),
    ),
  )
  const lines = [...(certificate?.clients ?? []).map(clientLine), ...more]
  if (lines.length > 0) parts.push(lines.flatMap((line) => asItStands(line, width)))
  const next = verdict === 'up' ? null : whatNext(reason)
  if (next) parts.push(wrap(`Next: ${next}`, width, '        ', '  '))
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`
}

/** A line that fits keeps its columns; a longer one is wrapped. */
function asItStands(line: string, width: number): string[] {
  const text = withoutControls(line).trimEnd()
  return text.length + 2 <= width ? [`  ${text}`] : wrap(oneLine(text), width, '    ', '  ')
}

function factsOf({ tookMs, values, certificate }: Observation): [string, string][] {
  const facts: [string, string][] = [['time', `${Math.round(tookMs)} ms`]]
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== '') facts.push([oneLine(name), oneLine(String(value))])
  if (certificate) {
    facts.push(['certificate', oneLine(certificate.subject)])
    facts.push(['issuer', oneLine(certificate.issuer)])
    if (certificate.names.length > 0) facts.push(['names', oneLine(certificate.names.join(', '))])
    facts.push([
      'valid',
      `${certificate.notBefore.slice(0, 10)} to ${certificate.notAfter.slice(0, 16).replace('T', ' ')} UTC`,
    ])
  }
  return facts
}

function sentence(text: string): string {
  const clean = oneLine(text)
  // A name at the beginning stays as it is written.
  const begun =
    /^(?:the|an?|no|one|it|its|this|there|what|nothing|nobody|all|every|only|asked|answered) /.test(clean)
      ? clean[0]!.toUpperCase() + clean.slice(1)
      : clean
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}

/** Lines of at most `width` columns; a word that is longer stands alone. */
export function wrap(text: string, width: number, indent: string, first = indent): string[] {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    const isEmpty = line === first || line === indent
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = indent + word
    } else line += (isEmpty && line.trim() === '' ? '' : ' ') + word
  }
  return [...lines, line]
}
