/** A month of 100 monitors at 60 s, replayed in virtual time against a configuration: twice, of the same seed. */
import { composeReplica } from '../src/app/replica.ts'
import { DAY } from '../src/kit/duration.ts'
import { allMonitors } from '../src/monitors/index.ts'
import { foldSignal, hashOf, replaySignals } from '../src/proofs/replay/replay-signals.ts'
import { syntheticSignal } from '../src/proofs/replay/synthetic-signal.ts'
import { story } from '../test/harness/story.ts'
import { print } from './figure.ts'

const MONITORS = 100
const SERVICES = 20
const SEED = 'a month'
const BAR_SECONDS = 10

const numbered = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `  ${line(i)}`).join('\n')

const config = `
people:
  ana: { name: Ana, email: ana@lab.example }
  bo: { name: Bo, email: bo@lab.example }
  cy: { name: Cy, email: cy@lab.example, role: administrator }
teams: { web: { members: [ana, bo], schedule: week, policy: usual } }
oncall: { week: { rotation: weekly, from: "2026-01-05T09:00", timezone: Europe/Paris, order: [ana, bo] } }
policies:
  usual:
    default: true
    steps:
      - { notify: [{ schedule: week }], wait: 5m }
      - { notify: [{ person: bo }], wait: 10m }
    lastResort: { people: [cy], every: 15m }
services:
${numbered(SERVICES, (i) => `s-${i}: { name: Service ${i}, owner: web, audience: public }`)}
monitors:
${numbered(MONITORS, (i) => `m-${i}: { service: s-${i % SERVICES}, type: tcp, target: "h-${i}.example:443", every: 60s, confirm: 2, retryEvery: 30s }`)}
`

const from = Date.UTC(2026, 1, 1)
const stretch = { from, until: from + 30 * DAY }

await story({ config }, async (s) => {
  const live = s.tocsin().world
  const monitors = new Map((await allMonitors(live.store.read)).map((monitor) => [monitor.id, monitor]))
  const ids = [...monitors.keys()]
  const signals = () => ids.map((id) => syntheticSignal(id, SEED, stretch))

  const folding = performance.now()
  for (const signal of signals()) foldSignal(monitors.get(signal.monitorId)!, signal, stretch)
  const foldSeconds = (performance.now() - folding) / 1_000

  const hashes: string[] = []
  for (const run of [1, 2]) {
    const began = performance.now()
    const busy = process.cpuUsage()
    const replica = await composeReplica(live, {
      runId: `bench-${run}`,
      monitorId: ids[0]!,
      monitorIds: ids,
      startAt: from,
      fresh: true,
    })
    const outcome = await replaySignals(replica, signals(), monitors, stretch)
    await replica.close()
    const seconds = (performance.now() - began) / 1_000
    const { user, system } = process.cpuUsage(busy)
    hashes.push(hashOf(outcome))
    const counts: Record<string, number> = {}
    for (const { what } of outcome.events) counts[what] = (counts[what] ?? 0) + 1
    print({
      name: `replay of a month of ${MONITORS} monitors at 60 s, run ${run}`,
      value: seconds,
      unit: 's',
      against: { name: 'the limit', value: BAR_SECONDS, unit: 's' },
      ratio: seconds / BAR_SECONDS,
      bar: '< 1, and the same hash in both runs',
      context: {
        observations: outcome.observations,
        ...counts,
        cpuSeconds: Number(((user + system) / 1e6).toPrecision(3)),
        foldAloneSeconds: Number(foldSeconds.toPrecision(3)),
        hash: hashes.at(-1),
      },
    })
  }
  if (hashes[0] !== hashes[1]) {
    process.stderr.write('the same seed gave other bytes\n')
    process.exitCode = 1
  }
  s.expectSilence()
})
