/**
 * Plays the drill of each case that comes with Tocsin twice, with the monitors that there were and with its own, and
 * writes docs/cases.md: `sh bin/run scripts/generate-cases.ts`. `--to FILE` writes another page.
 */
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { shippedCases } from '../src/proofs/index.ts'
import { adoptAndPlay, companyOf, playBefore, timesOf } from '../test/harness/case-company.ts'
import { story } from '../test/harness/story.ts'
import { casesPage, PAGE, type PlayedCase, whyNot } from './cases.ts'

const caller = process.cwd()
process.chdir(resolve(import.meta.dirname, '..'))
const { values } = parseArgs({ options: { to: { type: 'string' } } })
const page = values.to === undefined ? PAGE : resolve(caller, values.to)

const played: PlayedCase[] = []
for (const incident of shippedCases())
  await story({ config: companyOf(incident) }, async (s) => {
    const before = await playBefore(s)
    const { run } = await adoptAndPlay(s, incident)
    played.push({
      incident,
      before: { outcome: before.state, reason: before.reason },
      after: {
        outcome: run.state,
        reason: run.reason,
        faults: run.state === 'passed' ? await timesOf(s, run) : [],
      },
    })
    console.log(`${incident.id}: before ${before.state}, after ${run.state}`)
  })
const problem = whyNot(shippedCases(), played)
if (problem) {
  console.error(`${problem}; ${page} was not written`)
  process.exit(1)
}
writeFileSync(page, casesPage(shippedCases(), played))
console.log(`${page}: ${played.length} cases`)
