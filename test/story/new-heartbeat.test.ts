import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { recordPing } from '../../src/monitors/index.ts'
import { story, USUAL } from '../harness/story.ts'

const KEY = 'nightly-job-key-0123456789'
const withJob = (job: string) => `${USUAL}  job: { service: docs, ${job} }\n`
const beat = (more: string) => withJob(`type: heartbeat, pingKey: ${KEY}, ${more}`)
const port = withJob('type: tcp, target: "jobs.lab.example:22", every: 60s, confirm: 1')
const REFUSED = { verdict: 'down', reason: 'connect.refused', summary: 'no', tookMs: 1, values: {} } as const

describe('a heartbeat that nobody has pinged yet', () => {
  test('is new and pages nobody before its first ping is late; then it does', async () => {
    await story({ config: beat('every: 1h, startGrace: 10m') }, async (s) => {
      for (let minutes = 0; minutes < 70; minutes += 5) {
        await s.travel('5m')
        if (minutes === 30) await s.restart()
        if (minutes < 65) s.expectSilence()
      }
      const message = s.expectMessage('ana@lab.example', /job is down/)
      assert.equal(message.at, Date.parse('2026-01-07T11:10:00Z'))
      await recordPing(s.tocsin().world, { key: KEY, method: 'GET', remote: '127.0.0.1' })
      await s.settle()
      s.expectMessage('ana@lab.example', /resolved/)
      assert.equal((await s.alerts())[0]!.state, 'resolved')
    })
  })

  test('begins anew when its times are changed while it is late: the alert ends, and nobody is told otherwise', async () => {
    await story({ config: beat('every: 1h, startGrace: 10m') }, async (s) => {
      await s.travel('71m')
      s.expectMessage('ana@lab.example', /job is down/)
      await s.apply(beat('every: 3h, startGrace: 10m'))
      const [alert, ...others] = await s.alerts()
      assert.deepEqual([alert!.state, others.length], ['resolved', 0])
      s.expectMessage('ana@lab.example', /resolved/)
      await s.travel('3h')
      s.expectSilence()
      await s.travel('11m')
      s.expectMessage('ana@lab.example', /critical.*job is down/)
      await s.apply(USUAL)
      s.expectMessage('ana@lab.example', /resolved/)
    })
  })

  test('that was another kind of monitor ends the alert of that one', async () => {
    await story({ config: port }, async (s) => {
      s.see('job', REFUSED)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /job is down/)
      await s.apply(beat('every: 1h'))
      s.expectMessage('ana@lab.example', /resolved/)
      await s.travel('30m')
      s.expectSilence()
      assert.equal((await s.alerts())[0]!.state, 'resolved')
    })
  })

  test('switched off and on again while late is new again', async () => {
    await story({ config: beat('every: 1h') }, async (s) => {
      await s.travel('66m')
      s.expectMessage('ana@lab.example', /job is down/)
      await s.apply(beat('every: 1h, enabled: false'))
      s.expectMessage('ana@lab.example', /resolved/)
      await s.apply(beat('every: 1h'))
      await s.travel('64m')
      s.expectSilence()
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /critical.*job is down/)
      await s.apply(USUAL)
      s.expectMessage('ana@lab.example', /resolved/)
    })
  })
})
