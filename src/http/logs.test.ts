import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveService } from '../catalog/index.ts'
import type { MonitorDetail } from '../contract/monitors.ts'
import { createMonitor } from '../monitors/index.ts'
import { type Desk, openDesk, PUBLIC_URL, tester } from './desk-for-tests.ts'

const KEY = 'a-key-of-at-least-16-letters'

describe('pushed lines', () => {
  let desk: Desk
  let url: string
  before(async () => {
    desk = await openDesk()
    await saveService(desk.world, tester, { id: 'sip', name: 'SIP' })
    const settings = { service: 'sip', type: 'log', push: true, pushKey: KEY, match: 'ERROR' }
    await createMonitor(desk.world, tester, { id: 'errors', settings })
    url = await desk.app.listen({ host: '127.0.0.1', port: 0 })
  })
  after(() => desk.close())

  const post = (key: string, body: string, type = 'text/plain') =>
    fetch(`${url}/logs/${key}`, { method: 'POST', body, headers: { 'content-type': type } })

  test('are taken as text or JSON, whatever type is said', async () => {
    for (const type of [
      'text/plain',
      'application/json',
      'application/x-ndjson',
      'application/octet-stream',
    ]) {
      const answer = await post(KEY, 'ERROR 1\n{"message":"fine"}\n', type)
      assert.deepEqual([answer.status, await answer.json()], [200, { lines: 2 }], type)
    }
    assert.deepEqual(await (await post(KEY, '')).json(), { lines: 0 })
  })

  test('an unknown key is never answered 200, and too much is refused', async () => {
    const unknown = await post('nobody-has-this-key-at-all', 'ERROR')
    assert.deepEqual([unknown.status, await unknown.text()], [404, 'not found'])
    assert.equal((await post(KEY, 'x'.repeat(1_100_000))).status, 413)
  })

  test('the address is for those who may report, and the key is hidden in the settings', async () => {
    const read = async (role: 'viewer' | 'responder') =>
      (await desk.call(role, 'GET', '/api/v1/monitors/errors')).json() as MonitorDetail
    assert.equal((await read('viewer')).logUrl, null)
    const seen = await read('responder')
    assert.equal(seen.logUrl, `${PUBLIC_URL}/logs/${KEY}`)
    assert.equal(seen.pingUrl, null)
    assert.ok(!JSON.stringify(seen.spec).includes(KEY))
  })
})
