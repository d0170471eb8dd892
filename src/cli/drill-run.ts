import { writeFile } from 'node:fs/promises'
import { type Drill, type DrillRun, listDrills, readDrillRun, runDrill } from '../contract/proofs.ts'
import { sleep, systemClock } from '../kit/clock.ts'
import { apiClient } from './api-client.ts'
import { withData } from './data-commands.ts'
import { junitReport } from './junit.ts'
import type { DrillFlags } from './main.ts'
import { type ExitCode, type Program, type Terminal, UsageError } from './program.ts'
import { sayReplay } from './say-evidence.ts'

export interface NamedRun {
  name: string
  run: DrillRun
}

type RunOne = (id: string) => Promise<DrillRun>

/** Runs drills one after the other; good when every one passed. */
export async function runDrills(
  program: Program,
  terminal: Terminal,
  names: string[],
  flags: DrillFlags,
): Promise<ExitCode> {
  const work = async (drills: { id: string; name: string }[], runOne: RunOne) => {
    const chosen = choose(drills, names)
    const runs: NamedRun[] = []
    for (const [i, drill] of chosen.entries()) {
      if (terminal.interactive) terminal.err(`\r\u001b[K[${i + 1}/${chosen.length}] ${drill.name} …`)
      const run = await runOne(drill.id)
      if (terminal.interactive) terminal.err('\r\u001b[K')
      runs.push({ name: drill.name, run })
      if (!flags.json) terminal.out(describe(drill.name, run))
    }
    return runs
  }
  const runs = flags.url
    ? await work(...(await overApi(flags)))
    : await withData(program, flags, async (data) => work(await data.listDrills(), (id) => data.runDrill(id)))
  const failed = runs.filter(({ run }) => run.state !== 'passed').length
  if (flags.json)
    terminal.out(
      `${JSON.stringify({ passed: runs.length - failed, failed, runs: runs.map(({ run }) => run) }, null, 2)}\n`,
    )
  else terminal.out(`${runs.length - failed} of ${runs.length} drills passed\n`)
  if (flags.junit) await writeFile(flags.junit, junitReport(runs))
  return failed === 0 ? 0 : 1
}

function choose<D extends { id: string }>(drills: D[], names: string[]): D[] {
  const unknown = names.filter((name) => !drills.some((drill) => drill.id === name))
  const known = drills.map((drill) => drill.id).join(', ') || 'none'
  if (unknown.length > 0)
    throw new UsageError(`There is no drill "${unknown.join('", "')}".`, `The drills are: ${known}.`)
  if (drills.length === 0)
    throw new UsageError('There are no drills.', 'Add some under "drills" in the configuration.')
  return names.length === 0 ? drills : drills.filter((drill) => names.includes(drill.id))
}

const POLL = 250
const LONGEST = 15 * 60_000

async function overApi(flags: DrillFlags): Promise<[Drill[], RunOne]> {
  const api = apiClient(flags)
  const drills: Drill[] = []
  let cursor: string | null = null
  do {
    const page: { items: Drill[]; next: string | null } = await api.call(listDrills, cursor ? { cursor } : {})
    drills.push(...page.items)
    cursor = page.next
  } while (cursor)
  const runOne: RunOne = async (id) => {
    let run = await api.call<DrillRun>(runDrill, { id })
    const until = systemClock.now() + LONGEST
    while (run.state === 'queued' || run.state === 'running') {
      if (systemClock.now() > until) throw new Error(`the drill "${id}" did not end within 15 minutes`)
      await sleep(systemClock, POLL)
      run = await api.call<DrillRun>(readDrillRun, { id: run.id })
    }
    return run
  }
  return [drills, runOne]
}

const MARKS: Record<string, string> = { passed: 'PASSED', failed: 'FAILED', inconclusive: 'INCONCLUSIVE' }

function describe(name: string, run: DrillRun): string {
  const lines = [`${MARKS[run.state] ?? run.state}  ${name}: ${run.reason}`]
  if (run.caught.length > 0) lines.push(`    caught: ${run.caught.join(', ')}`)
  if (run.missed.length > 0) lines.push(`    missed: ${run.missed.join(', ')}`)
  lines.push(...sayReplay(run).map((line) => `    ${line}`))
  return `${lines.join('\n')}\n`
}
