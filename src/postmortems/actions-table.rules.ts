import type { Action } from './postmortem.ts'
import { plainLine, splitSections } from './sections.rules.ts'

/** The body with the actions, as they stand now, in its section "Actions"; a body without one gets it at the end. */
export function withActions(
  body: string,
  actions: readonly Action[],
  owners: ReadonlyMap<string, string>,
): string {
  if (actions.length === 0) return body
  const table = actionsTable(actions, owners)
  const lines = body.split(/\r?\n/)
  const sections = splitSections(body)
  const index = sections.findIndex(({ title }) => title.toLowerCase() === 'actions')
  if (index < 0) return `${body.trimEnd()}\n\n## Actions\n\n${table}\n`
  const end = sections[index + 1]?.line ?? lines.length
  const text = lines
    .slice(sections[index]!.line + 1, end)
    // The actions themselves answer the prompt.
    .filter((line) => !line.startsWith('_Not yet written:'))
    .join('\n')
    .trim()
  return [
    ...lines.slice(0, sections[index]!.line + 1),
    '',
    ...(text ? [text, ''] : []),
    table,
    '',
    ...lines.slice(end),
  ].join('\n')
}

function actionsTable(actions: readonly Action[], owners: ReadonlyMap<string, string>): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [
    row(['Action', 'Type', 'Owner', 'Due', 'Proved by', 'State']),
    row(['---', '---', '---', '---', '---', '---']),
    ...actions.map((action) =>
      row([
        plainLine(action.title),
        action.type,
        plainLine(action.owner ? (owners.get(action.owner) ?? action.owner) : 'nobody'),
        action.dueAt === null ? '' : new Date(action.dueAt).toISOString().slice(0, 10),
        plainLine(action.criterion),
        action.state,
      ]),
    ),
  ].join('\n')
}
