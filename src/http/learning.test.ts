import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { saveService } from '../catalog/index.ts'
import type { LearningRecord, LearningTimes, Recurrence, SearchAnswer } from '../contract/learning.ts'
import { type Desk, openDesk, tester } from './desk-for-tests.ts'

const DOCUMENT = {
  name: 'expired.md',
  content: `# The <b>certificate</b> of "Docs" expired

## Summary

Documentation could not be opened: the certificate had expired.

## Trigger

The certificate expired.

## Root cause

The renewal hung, and nothing watched it.

## Detection

Customers reported it.

## Timeline

- 2025-03-05 10:00 UTC outage starts
- 2025-03-05 10:30 UTC problem detected
- 2025-03-05 12:00 UTC resolved
`,
}

describe('search and learning over HTTP', () => {
  let desk: Desk
  let id: string
  before(async () => {
    desk = await openDesk()
    await saveService(desk.world, tester, { id: 'docs', name: 'Documentation' })
    const done = await desk.call('responder', 'POST', '/api/v1/postmortems/import', DOCUMENT)
    id = done.json<{ postmortemIds: string[] }>().postmortemIds[0]!
  })
  after(() => desk.close())

  const get = async <T>(path: string, status = 200): Promise<T> => {
    const answer = await desk.call('viewer', 'GET', `/api/v1/${path}`)
    assert.equal(answer.statusCode, status, `${path}: ${answer.body}`)
    return answer.json<T>()
  }

  test('a search answers pieces of text, and no markup of its own', async () => {
    const { items, total, next, understood } = await get<SearchAnswer>('search?q=certificates -robot')
    assert.deepEqual([total, next], [1, null])
    assert.deepEqual(understood, { words: ['certificates'], phrases: [], beginnings: [], without: ['robot'] })
    const [hit] = items
    assert.equal(hit!.kind, 'post-mortem')
    assert.equal(hit!.id, id)
    assert.deepEqual(
      hit!.title.filter((piece) => piece.hit).map(({ text }) => text),
      ['certificate'],
    )
    assert.match(hit!.title.map(({ text }) => text).join(''), /^The .*certificate.* of "Docs" expired$/)
    const title = '<img src=x onerror=alert(1)> & <mark>walrus</mark>'
    await desk.call('responder', 'POST', '/api/v1/incidents', { title, severity: 'SEV4' })
    const [odd] = (await get<SearchAnswer>('search?q=walrus&kind=incident')).items
    assert.deepEqual(odd!.title, [
      { text: '<img src=x onerror=alert(1)> & <mark>', hit: false },
      { text: 'walrus', hit: true },
      { text: '</mark>', hit: false },
    ])
  })

  test('whatever is typed is answered with 200', async () => {
    const odd = [
      '',
      '"',
      "'",
      '%',
      '(((',
      'a AND',
      'NEAR(',
      '*',
      '-',
      '🔔',
      '\\',
      '<script>',
      'a'.repeat(1_000),
      '"a b',
      'title:x',
      '{}',
      '^',
      'ﬁ',
      '\u202e',
      '&|!',
      "';--",
    ]
    for (const q of odd) await get(`search?q=${encodeURIComponent(q)}`)
    const nul = await desk.call('viewer', 'GET', '/api/v1/search?q=%00')
    assert.equal(nul.statusCode, 400)
    assert.equal((await desk.call('viewer', 'GET', `/api/v1/search?q=${'a'.repeat(1_001)}`)).statusCode, 400)
  })

  test('filters and cursors that are none are refused, with their place', async () => {
    for (const query of [
      'kind=nothing',
      'trigger=x',
      'severity=SEV9',
      'from=yesterday',
      'limit=0',
      'other=1',
      'failureClass=A%20b',
    ]) {
      const answer = await desk.call('viewer', 'GET', `/api/v1/search?${query}`)
      assert.equal(answer.statusCode, 400, query)
    }
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/search?cursor=abc')).statusCode, 400)
    assert.equal((await get<SearchAnswer>('search?q=certificate&cursor=40')).items.length, 0)
  })

  test('pages follow one another by their cursor', async () => {
    for (const n of [1, 2, 3, 4, 5])
      await desk.call('responder', 'POST', '/api/v1/incidents', { title: `Heron ${n}`, severity: 'SEV3' })
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await get<SearchAnswer>(`search?q=heron&kind=incident&limit=2${cursor}`)
      seen.push(...page.items.map((item) => item.id))
      if (page.next === null) break
      cursor = `&cursor=${page.next}`
    }
    assert.equal(new Set(seen).size, 5)
    assert.equal(seen.length, 5)
  })

  test('a record says what it is about in the words of the failure classes', async () => {
    const record = await get<LearningRecord>(`learning/records/${id}`)
    assert.deepEqual(
      record.classes.map(({ title, origin }) => [title, origin]),
      [['Certificate ends unrenewed', 'text']],
    )
    assert.deepEqual(
      record.services.map(({ id, title }) => [id, title]),
      [['docs', 'Documentation']],
    )
    assert.equal(record.detectedBy?.title, 'Customers and users')
    assert.equal(record.metrics.find(({ name }) => name === 'TTD')?.ms, 30 * 60_000)
    await get('learning/records/nobody', 404)
    await get('learning/records/nobody/similar', 404)
  })

  test('a responder judges it, a viewer does not', async () => {
    const put = (role: 'viewer' | 'responder', body: object) =>
      desk.call(role, 'PUT', `/api/v1/learning/records/${id}`, body)
    assert.equal((await put('viewer', {})).statusCode, 403)
    assert.equal((await put('responder', { classes: ['no.such'] })).statusCode, 400)
    assert.equal((await put('responder', { strange: 1 })).statusCode, 400)
    const judged = (await put('responder', { detectedBy: null, factors: ['manual'] })).json<LearningRecord>()
    assert.equal(judged.detectedBy, null)
    assert.deepEqual(
      judged.factors.map(({ title }) => title),
      ['Done by hand'],
    )
    assert.equal((await put('responder', {})).json<LearningRecord>().detectedBy?.id, 'customer')
  })

  test('views answer in words, counts and points, and keep to what they are narrowed to', async () => {
    const recurrence = await get<Recurrence>('learning/recurrence?per=year&service=docs')
    assert.equal(recurrence.records, 1)
    assert.deepEqual(
      recurrence.classes.map(({ title, counts }) => [title, counts]),
      [['Certificate ends unrenewed', [1]]],
    )
    assert.deepEqual(
      recurrence.services.map(({ title }) => title),
      ['Documentation'],
    )
    const times = await get<LearningTimes>('learning/times?from=2025-01-01T00:00:00Z&to=2025-12-31T00:00:00Z')
    assert.equal(times.records.length, 1)
    const [ttd] = times.metrics
    assert.deepEqual(ttd!.points, [[30 * 60_000, 0]])
    assert.equal((await get<LearningTimes>('learning/times?severity=SEV1')).records.length, 0)
    const words = await get<{ classes: unknown[]; triggers: unknown[] }>('learning/words')
    assert.ok(words.classes.length > 20 && words.triggers.length > 10)
  })
})
