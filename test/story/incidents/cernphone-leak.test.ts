/**
 * CERNphone, July 2024: the SIP front end leaked memory. Restarts, done as a workaround for something else, put it
 * back again and again, so that nobody saw it, until one night nobody restarted it: calls failed for twelve hours.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { startLeakingService } from '../../harness/leaking-service.ts'
import { needs } from '../../harness/needs.ts'
import { startPrometheus } from '../../harness/prometheus.ts'
import { until } from '../../harness/tocsin.ts'
import { nodeVersion, versionOf } from '../../harness/versions.ts'

const MEGABYTE = 1_000_000
const LIMIT = 300 * MEGABYTE

test(
  'the leak of CERNphone is told while restarts hide it, long before the limit',
  needs('prometheus'),
  async (t) => {
    const service = await startLeakingService(10 * MEGABYTE)
    const prometheus = await startPrometheus({ targets: [`127.0.0.1:${service.port}`] })
    const memory = {
      service: 'phone',
      type: 'metric',
      from: 'prometheus',
      url: prometheus.url,
      query: 'process_resident_memory_bytes',
      unit: 'bytes',
      every: '1s',
      retryEvery: '1s',
    }
    const began = Date.now()
    const watching = await watch({
      leak: { ...memory, forecast: { limit: LIMIT, within: '10m', window: '60s' } },
      // What was usual: nine tenths of the limit.
      threshold: { ...memory, above: { limit: 0.9 * LIMIT } },
    })
    try {
      // The workaround: put back before it hurts.
      const workaround = (async () => {
        for (let times = 0; times < 2; times++) {
          await sleep(7_000)
          await service.restart()
        }
        return Date.now()
      })()
      const seen = await watching.verdict('leak', 'degraded')
      assert.match(seen.reason, /^metric\.(limit-forecast|restarts-hide-growth)$/)
      assert.match(seen.summary, /300 MB/)
      assert.match(seen.summary, /by \d+(\.\d+)? GB in an hour/)
      const restarted = await workaround
      // Nobody restarts it any more.
      await until('its memory is at the limit', 60_000, async () => (await service.memory()) >= LIMIT)
      const damage = Date.now()
      const high = (await watching.changes()).find(
        (one) => one.monitorId === 'threshold' && one.reason === 'metric.above-limit',
      )
      const before = (damage - seen.at) / 1_000
      assert.ok(before > 15, `${before} s before the limit`)
      const bad = (await watching.changes()).filter(
        (one) => one.monitorId === 'leak' && one.to === 'up' && one.at > seen.at,
      )
      assert.ok(
        bad.every((one) => one.at > damage),
        'and no restart ends the warning',
      )
      const threshold = high ? `${((damage - high.at) / 1_000).toFixed(0)} s before it` : 'not before it'
      tellIncident(t, {
        incident: 'cernphone-registration',
        failure: 'a process leaks 10 MB a second and is restarted twice, which hides it',
        software: `${nodeVersion}, ${versionOf('prometheus')}`,
        verdict: seen.to,
        reason: seen.reason,
        seconds: (seen.at - began) / 1_000,
        note:
          `${before.toFixed(0)} s before the limit, which came ${((damage - restarted) / 1_000).toFixed(0)} s after the ` +
          `last restart; a threshold of 90 % speaks ${threshold}`,
      })
    } finally {
      await watching.stop()
      await prometheus.stop()
      await service.stop()
    }
  },
)
