import type { DrillRun } from '../contract/proofs.ts'
import { sayReplay } from './say-evidence.ts'

function xml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Drill runs as JUnit XML: one test case each; an inconclusive run is an error, not a failure. */
export function junitReport(runs: { name: string; run: DrillRun }[]): string {
  const count = (state: DrillRun['state']) => runs.filter(({ run }) => run.state === state).length
  const cases = runs.map(({ name, run }) => {
    const open = `    <testcase classname="tocsin.drill" name="${xml(name)}"`
    if (run.state === 'passed') return `${open}/>\n`
    const kind = run.state === 'failed' ? 'failure' : 'error'
    const missed = run.missed.length > 0 ? [`missed: ${run.missed.join(', ')}`] : []
    const told = [...missed, ...sayReplay(run)].join('\n')
    return `${open}>\n      <${kind} message="${xml(run.reason)}">${xml(told)}</${kind}>\n    </testcase>\n`
  })
  const failures = count('failed')
  const errors = runs.length - failures - count('passed')
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="tocsin drills" tests="${runs.length}" failures="${failures}" errors="${errors}">
${cases.join('')}  </testsuite>
</testsuites>
`
}
