/** Finds what reads the wall clock, or lets the database read it, in the text of one source file. */
import ts from 'typescript'

const MEMBERS: Record<string, string[]> = {
  Date: ['now'],
  performance: ['now'],
  Temporal: ['Now'],
  process: ['hrtime', 'uptime'],
}
const GLOBALS = ['globalThis', 'global', 'window']
const TIMERS = ['setTimeout', 'setInterval']
const SQL_TIME =
  /\bnow\s*\(\s*\)|\bcurrent_(timestamp|time|date)\b|\b(date|time|datetime|julianday|unixepoch|strftime)\s*\([^)]*'now'|\b(unixepoch|clock_timestamp|statement_timestamp)\s*\(\s*\)/i

/** Each place, as `line: what`. */
export function wallClockIn(source: string, fileName: string): string[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const tell = (node: ts.Node, what: string) =>
    found.push(`${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}: ${what}`)

  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      const owner = lastName(node.expression)
      if (MEMBERS[owner]?.includes(node.name.text)) tell(node, `${owner}.${node.name.text}`)
      if (GLOBALS.includes(owner) && TIMERS.includes(node.name.text)) tell(node, node.name.text)
    } else if (ts.isNewExpression(node) && lastName(node.expression) === 'Date' && !node.arguments?.length) {
      tell(node, 'new Date()')
    } else if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'Date'
    ) {
      tell(node, 'Date()')
    } else if (ts.isIdentifier(node) && TIMERS.includes(node.text) && !isMemberName(node)) {
      tell(node, node.text)
    } else if (ts.isImportDeclaration(node)) {
      const from = (node.moduleSpecifier as ts.StringLiteral).text
      const clock = /^(node:)?perf_hooks$/.test(from) && /\bperformance\b/.test(node.getText(file))
      if (clock || /^(node:)?timers(\/promises)?$/.test(from)) tell(node, `import of ${from}`)
    } else if (isText(node) && SQL_TIME.test(node.text)) {
      tell(node, `SQL time in ${JSON.stringify(node.text.trim().slice(0, 40))}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isText(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateLiteralToken(node)
  )
}

/** `Date` of both `Date` and `globalThis.Date`. */
function lastName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text
  return ts.isPropertyAccessExpression(node) && lastName(node.expression) === 'globalThis'
    ? node.name.text
    : ''
}

/** `socket.setTimeout(…)` is another thing: an idle limit of that socket. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  return (
    (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isMethodSignature(parent)) &&
    parent.name === node
  )
}
