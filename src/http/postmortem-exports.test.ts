import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../test/harness/needs.ts'
import { responseWorld } from '../../test/harness/response.ts'
import { openStore } from '../store/open-store.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const FIXTURE = resolve(import.meta.dirname, '../../test/fixtures/postmortems/review-template.md')

describe('post-mortems as files over HTTP', () => {
  let desk: Desk
  let id: string
  before(async () => {
    desk = await openDesk()
    const body = { name: 'review.md', content: readFileSync(FIXTURE, 'utf8') }
    id = (await desk.call('responder', 'POST', '/api/v1/postmortems/import', body)).json().postmortemIds[0]
  })
  after(() => desk.close())
  const get = (format: string, role: 'viewer' | null = 'viewer', of = id) =>
    desk.call(role, 'GET', `/api/v1/postmortems/${of}/${format}`)

  test('each is saved under a name of its own, and nothing of it is shown in our name', async () => {
    for (const [format, type, end] of [
      ['markdown', 'text/markdown; charset=utf-8', 'md'],
      ['html', 'text/html; charset=utf-8', 'html'],
      ['json', 'application/json; charset=utf-8', 'tocsin.json'],
    ]) {
      const answer = await get(format!)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.equal(answer.headers['content-type'], type)
      assert.match(
        String(answer.headers['content-disposition']),
        new RegExp(
          `^attachment; filename="\\d{4}-\\d\\d-\\d\\d-checkout-queue-stalled-[0-9a-f]{8}\\.${end!.replace('.', '\\.')}"$`,
        ),
      )
      assert.equal(answer.headers['x-content-type-options'], 'nosniff')
      assert.equal(answer.headers['cache-control'], 'no-store')
    }
    assert.match(
      String((await get('html')).headers['content-security-policy']),
      /^sandbox; default-src 'none'; style-src 'sha256-/,
    )
  })

  test('as PDF', needs('chromium'), async () => {
    const answer = await get('pdf')
    assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, 'application/pdf'])
    assert.equal(answer.rawPayload.subarray(0, 5).toString(), '%PDF-')
  })

  test('without a browser the answer says what to install', async () => {
    const chromium = process.env.TOCSIN_CHROMIUM
    process.env.TOCSIN_CHROMIUM = '/nowhere/chromium'
    try {
      const answer = await get('pdf')
      assert.equal(answer.statusCode, 503)
      assert.equal(answer.json().code, 'no-browser')
      assert.match(answer.json().detail, /HTML needs none/)
      assert.equal(answer.headers['content-disposition'], undefined)
    } finally {
      if (chromium === undefined) delete process.env.TOCSIN_CHROMIUM
      else process.env.TOCSIN_CHROMIUM = chromium
    }
  })

  test('what one Tocsin exports, another imports by the same door, whole', async () => {
    const { body: content } = await get('json')
    const other = await openDesk()
    try {
      const done = await other.call('responder', 'POST', '/api/v1/postmortems/import', {
        name: 'x.json',
        content,
      })
      assert.deepEqual(
        [done.statusCode, done.json().outcome, done.json().format],
        [200, 'imported', 'tocsin'],
      )
      const again = await other.call('viewer', 'GET', `/api/v1/postmortems/${id}/json`)
      assert.equal(again.body, content)
      const broken = { name: 'x.json', content: content.replace('postmortem@1', 'postmortem@9') }
      const refused = await other.call('responder', 'POST', '/api/v1/postmortems/import', broken)
      assert.deepEqual([refused.statusCode, refused.json().code], [400, 'invalid-input'])
    } finally {
      await other.close()
    }
  })

  test('strangers get nothing, and what is not there is not there', async () => {
    for (const format of ['markdown', 'html', 'pdf', 'json']) {
      assert.equal((await get(format, null)).statusCode, 401)
      assert.equal((await get(format, 'viewer', 'none')).statusCode, 404)
    }
  })
})

test('publishing over HTTP: look, publish, see that the text has changed, withdraw', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  const desk = await openDesk({ world: it.world })
  try {
    await it.alert('a')
    const [incident] = (await desk.call('viewer', 'GET', '/api/v1/incidents')).json().items
    const { id } = (
      await desk.call('responder', 'POST', `/api/v1/incidents/${incident.id}/postmortem`)
    ).json()
    const at = `/api/v1/postmortems/${id}/publication`
    const body = '## Summary\n\nAna Secret mended it.\n\n## Root cause\n\nA full disk.\n'
    const save = (version: number, text = body) =>
      desk.call('responder', 'PUT', `/api/v1/postmortems/${id}`, { version, title: 'A disk', body: text })
    await save(1)
    const choice = { sections: ['Summary'] }
    const early = await desk.call('editor', 'POST', `${at}/preview`, choice)
    assert.deepEqual([early.statusCode, early.json().code], [409, 'wrong-state'])
    await it.store.transaction(async (db) => {
      await db.updateTable('postmortems').set({ state: 'reviewed' }).where('id', '=', id).execute()
    })
    const standing = (await desk.call('viewer', 'GET', at)).json()
    assert.deepEqual(
      [standing.published, standing.path, standing.choices.map(({ title }: { title: string }) => title)],
      [null, null, ['Summary', 'Root cause']],
    )
    assert.equal((await desk.call('responder', 'POST', `${at}/preview`, choice)).statusCode, 403)
    const seen = (await desk.call('editor', 'POST', `${at}/preview`, choice)).json()
    assert.equal(seen.body, '## Summary\n\n[name left out] mended it.')
    assert.deepEqual(seen.leftOut, [{ name: 'Ana Secret', kind: 'person', times: 1 }])
    assert.equal((await desk.call('responder', 'POST', at, { ...choice, seen: seen.seen })).statusCode, 403)
    assert.equal((await desk.call('editor', 'POST', at, { ...choice, seen: 'a'.repeat(64) })).statusCode, 409)
    const done = await desk.call('editor', 'POST', at, { ...choice, seen: seen.seen })
    assert.equal(done.statusCode, 200, done.body)
    assert.equal(done.json().path, `/status/post-mortems/${incident.id}.html`)
    await it.travel('2s')
    assert.match(it.published(`post-mortems/${incident.id}.html`), /\[name left out\] mended it/)
    await save(2, body.replace('mended', 'replaced'))
    assert.equal((await desk.call('viewer', 'GET', at)).json().newerText, true)
    assert.equal((await desk.call('responder', 'DELETE', at)).statusCode, 403)
    assert.equal((await desk.call('editor', 'DELETE', at)).statusCode, 204)
    const gone = (await desk.call('viewer', 'GET', at)).json()
    assert.deepEqual([gone.published, gone.withdrawn.version, gone.path], [null, 2, null])
    assert.equal((await desk.call('editor', 'DELETE', at)).statusCode, 409)
    assert.equal((await desk.call('editor', 'POST', `${at}/preview`, { sections: [] })).statusCode, 400)
  } finally {
    await desk.close()
    await it.close()
  }
})
