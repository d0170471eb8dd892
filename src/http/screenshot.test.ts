import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeScreenshots } from '../monitors/screenshots.rows.ts'
import { openDesk } from './desk-for-tests.ts'

test('the picture of a failure is a JPEG with its time and its step, for responders', async () => {
  const desk = await openDesk()
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 0x80])
  const shown = {
    monitorId: 'shop',
    at: Date.UTC(2026, 0, 5, 9),
    reason: 'journey.step-failed',
    step: 'Pay – now',
  }
  await desk.world.transact((tx) => writeScreenshots(tx.db, [{ ...shown, jpeg: jpeg.toString('base64') }]))
  const answer = await desk.call('responder', 'GET', '/api/v1/monitors/shop/screenshot')
  assert.equal(answer.statusCode, 200)
  assert.deepEqual(answer.rawPayload, jpeg)
  assert.equal(answer.headers['content-type'], 'image/jpeg')
  assert.equal(answer.headers['last-modified'], 'Mon, 05 Jan 2026 09:00:00 GMT')
  assert.equal(decodeURIComponent(String(answer.headers['x-step'])), 'Pay – now')
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  const none = await desk.call('responder', 'GET', '/api/v1/monitors/docs/screenshot')
  assert.deepEqual([none.statusCode, none.json().code], [404, 'not-found'])
  assert.equal((await desk.call('viewer', 'GET', '/api/v1/monitors/shop/screenshot')).statusCode, 403)
  await desk.close()
})
