import { plainLine, splitSections } from './sections.rules.ts'

/** An action as a row of the table. */
export interface TabledAction {
  title: string
  type: string
  owner: { name: string } | null
  dueAt: string | null
  /** The vendor or the other team that it is with, and what they promised last. */
  with: string | null
  criterion: string
  state: string
  /** What has to be said beside the state. */
  note: string | null
}

/** The body with the actions, as they stand now, in its section "Actions"; a body without one gets it at the end. */
export function withActions(body: string, actions: readonly TabledAction[]): string {
  if (actions.length === 0) return body
  const table = actionsTable(actions)
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

function actionsTable(actions: readonly TabledAction[]): string {
  const row = (cells: string[]) => `| ${cells.join(' | ')} |`
  const others = actions.some((action) => action.with !== null)
  const head = ['Action', 'Type', 'Owner', ...(others ? ['With'] : []), 'Due', 'Proved by', 'State']
  return [
    row(head),
    row(head.map(() => '---')),
    ...actions.map((action) =>
      row([
        plainLine(action.title),
        action.type,
        plainLine(action.owner?.name ?? 'nobody'),
        ...(others ? [plainLine(action.with ?? '')] : []),
        action.dueAt?.slice(0, 10) ?? '',
        plainLine(action.criterion),
        action.note === null ? action.state : `${action.state} (${plainLine(action.note)})`,
      ]),
    ),
  ].join('\n')
}
