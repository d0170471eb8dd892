/** Which series moved together? Asked of a real Prometheus that scraped a service before and while it broke. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { saveService } from '../../src/catalog/index.ts'
import type { CoMovement } from '../../src/contract/metrics.ts'
import { openDesk, tester } from '../../src/http/desk-for-tests.ts'
import { needs } from '../harness/needs.ts'
import { startPrometheus } from '../harness/prometheus.ts'
import { until } from '../harness/tocsin.ts'

test(
  'the series that moved in the incident are found among forty that did not',
  needs('prometheus'),
  async (t) => {
    let broken = 0
    const server = createServer((_, response) => {
      const bad = broken > 0 && Date.now() > broken
      const quiet = Array.from({ length: 40 }, (_, index) => `quiet{n="${index}"} ${100 + Math.random() * 5}`)
      const moved = [
        `search_threads{state="free"} ${bad ? Math.random() * 3 : 60 + Math.random() * 5}`,
        `queue_depth ${bad ? 900 + Math.random() * 50 : 20 + Math.random() * 5}`,
        `errors_ratio ${bad ? 0.4 + Math.random() / 20 : 0.01 + Math.random() / 200}`,
      ]
      response.end([...quiet, ...moved, ''].join('\n'))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const prometheus = await startPrometheus({
      targets: [`127.0.0.1:${(server.address() as AddressInfo).port}`],
    })
    const desk = await openDesk()
    try {
      await saveService(desk.world, tester, { id: 'search', name: 'Search' })
      const settings = {
        service: 'search',
        type: 'metric',
        from: 'prometheus',
        url: prometheus.url,
        query: 'errors_ratio',
      }
      const made = await desk.call('administrator', 'POST', '/api/v1/monitors', { id: 'errors', settings })
      assert.equal(made.statusCode, 201, made.body)
      await until(
        'Prometheus has scraped',
        20_000,
        async () => (await prometheus.query('queue_depth')).length > 0,
      )
      await sleep(16_000)
      broken = Date.now()
      await sleep(14_000)
      const parameters = new URLSearchParams({
        from: new Date(broken - 1_000).toISOString(),
        to: new Date(broken + 13_000).toISOString(),
        baselineMs: '15000',
        query: '{job="service"}',
      })
      const answer = await desk.call('responder', 'GET', `/api/v1/metrics/co-movement?${parameters}`)
      assert.equal(answer.statusCode, 200, answer.body)
      const { looked, moved, problems } = answer.json() as CoMovement
      assert.deepEqual(problems, [])
      assert.ok(looked >= 43, String(looked))
      const found = moved.map(({ name, direction }) => `${name.split('{')[0]} ${direction}`)
      assert.deepEqual([...new Set(found)].sort(), [
        'errors_ratio up',
        'queue_depth up',
        'search_threads down',
      ])
      for (const { onset } of moved) assert.ok(Math.abs(Date.parse(onset) - broken) < 3_500, onset)
      t.diagnostic(`looked at ${looked} series, moved: ${found.join(', ')}`)
    } finally {
      await desk.close()
      await prometheus.stop()
      server.close()
    }
  },
)
