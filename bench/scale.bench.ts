/** 10,000 HTTPS monitors at 60 s: checks missed, lateness, memory and processor time; and what the browser waits for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startTocsin } from '../test/harness/tocsin.ts'
import { farmConfiguration, startFarm } from './farm.ts'
import { percentile, print } from './figure.ts'
import { measurePages } from './pages.ts'
import { cpuSeconds, residentMb } from './process.ts'

const MONITORS = Number(process.env.TOCSIN_BENCH_MONITORS ?? 10_000)
const EVERY_SECONDS = 60
const WARM_UP_SECONDS = 90
const WATCHED_SECONDS = 180

const farm = await startFarm()
const tocsin = await startTocsin({
  config: farmConfiguration(farm, MONITORS, `${EVERY_SECONDS}s`),
  launcher: true,
})
try {
  await sleep(WARM_UP_SECONDS * 1_000)
  const first = await farm.hits()
  const cpu = cpuSeconds(tocsin.pid)
  await sleep(WATCHED_SECONDS * 1_000 - 1_200)
  const hits = await farm.hits()
  const used = cpuSeconds(tocsin.pid) - cpu
  const intervals = [...hits].flatMap(([target, at]) => {
    const all = [...(first.get(target) ?? []).slice(-1), ...at]
    return all.slice(1).map((time, i) => time - all[i]!)
  })
  const expected = (MONITORS * WATCHED_SECONDS) / EVERY_SECONDS
  const done = [...hits.values()].reduce((sum, at) => sum + at.length, 0)
  const late = intervals.map((interval) => Math.abs(interval - EVERY_SECONDS))
  const about = { monitors: MONITORS, seconds: WATCHED_SECONDS }
  print({
    name: `${MONITORS} HTTPS monitors at ${EVERY_SECONDS} s, share of checks missed`,
    value: Math.max(0, expected - done) / expected,
    unit: 'of 1',
    against: { name: 'checks expected', value: expected, unit: 'checks' },
    bar: '< 0.001',
    context: { ...about, done, neverChecked: MONITORS - new Set([...first.keys(), ...hits.keys()]).size },
  })
  print({
    name: `${MONITORS} HTTPS monitors at ${EVERY_SECONDS} s, lateness, 99th percentile`,
    value: percentile(late, 99) * 1_000,
    unit: 'ms',
    against: { name: 'limit', value: 1_000, unit: 'ms' },
    ratio: percentile(late, 99),
    bar: '< 1',
    context: {
      ...about,
      medianMs: Math.round(percentile(late, 50) * 1_000),
      worstMs: Math.round(Math.max(...late) * 1_000),
    },
  })
  print({
    name: `${MONITORS} HTTPS monitors at ${EVERY_SECONDS} s, resident memory`,
    value: residentMb(tocsin.pid),
    unit: 'MB',
    against: { name: 'limit', value: 400, unit: 'MB' },
    ratio: residentMb(tocsin.pid) / 400,
    bar: '< 1',
    context: about,
  })
  print({
    name: `${MONITORS} HTTPS monitors at ${EVERY_SECONDS} s, processor time for 1,000 checks`,
    value: (used / done) * 1_000,
    unit: 's',
    context: { ...about, cores: Number((used / WATCHED_SECONDS).toFixed(3)) },
  })
  for (const page of await measurePages(tocsin)) print(page)
} finally {
  await tocsin.stop()
  await farm.stop()
}
