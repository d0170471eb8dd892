import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { languageModelConfig } from '../postmortems/import/propose/config.ts'
import { startModel } from '../postmortems/import/propose/model-for-tests.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const FOLDER = resolve(import.meta.dirname, '../../test/fixtures/postmortems')
const content = (name: string) => readFileSync(resolve(FOLDER, name), 'utf8')

describe('importing post-mortems over HTTP', () => {
  let desk: Desk
  before(async () => {
    desk = await openDesk()
  })
  after(() => desk.close())
  const send = (body: object, role: 'viewer' | 'responder' = 'responder') =>
    desk.call(role, 'POST', '/api/v1/postmortems/import', body)

  test('a dry run shows everything with its place and stores nothing', async () => {
    const answer = await send({ name: 'slides.txt', content: content('two-slides.txt'), dryRun: true })
    assert.equal(answer.statusCode, 200)
    const seen = answer.json()
    assert.deepEqual([seen.outcome, seen.format, seen.incidents.length], ['read', 'text', 2])
    const [first] = seen.incidents
    const { value, span } = first.actions[0].text
    assert.equal(seen.source.slice(span.from, span.to), value)
    const status = first.actions[0].status
    assert.deepEqual([status.value, seen.source.slice(status.span.from, status.span.to)], ['done', 'DONE'])
    assert.deepEqual((await desk.call('viewer', 'GET', '/api/v1/postmortems')).json().items, [])
  })

  test('what is imported can be read beside its source', async () => {
    const body = { name: 'review.md', content: content('review-template.md') }
    const done = (await send(body)).json()
    assert.equal(done.outcome, 'imported')
    const [id] = done.postmortemIds
    const read = await desk.call('viewer', 'GET', `/api/v1/postmortems/${id}/source`)
    assert.equal(read.statusCode, 200)
    const { text, reading, name, incident, hash } = read.json()
    assert.deepEqual([name, incident, hash], ['review.md', 0, done.hash])
    assert.equal(text, body.content)
    const { value, span } = reading.sections.impact
    assert.equal(text.slice(span.from, span.to), value)
    assert.equal((await send(body)).json().outcome, 'known')
    assert.equal(
      (await desk.call('viewer', 'GET', `/api/v1/postmortems/${id}`)).json().title,
      done.incidents[0].title.value,
    )
  })

  test('a reviewer corrects by saying what a part of the source is', async () => {
    const body = {
      name: 'note.md',
      content: '# A lamp\n\n## Summary\n\nIt was dark. A wire was loose.\n',
      dryRun: true,
    }
    const { source } = (await send(body)).json()
    const from = source.indexOf('A wire')
    const answer = await send({ ...body, corrections: [{ from, to: source.length, as: 'rootCause' }] })
    const { sections } = answer.json().incidents[0]
    assert.deepEqual(
      [sections.summary.value, sections.rootCause.value],
      ['It was dark.', 'A wire was loose.'],
    )
    assert.equal((await send({ ...body, corrections: [{ from, to: 99, as: 'weather' }] })).statusCode, 400)
  })

  test('bytes are sent as base64', async () => {
    const bytes = Buffer.from(content('typewriter.txt'), 'utf16le').toString('base64')
    const answer = await send({ name: 'exchange.txt', content: bytes, encoding: 'base64', dryRun: true })
    assert.equal(answer.json().incidents[0].timeline.length, 4)
  })

  test('a post-mortem that was not imported has no source', async () => {
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/postmortems/none/source')).statusCode, 404)
  })

  test('a document of several megabytes is taken, one beyond the limit is refused', async () => {
    const large = `# Title\n\n## Summary\n\n${'All was well. '.repeat(150_000)}`
    assert.ok(large.length > 2_000_000)
    assert.equal((await send({ name: 'large.md', content: large, dryRun: true })).statusCode, 200)
    const refused = await send({ name: 'huge.md', content: 'x'.repeat(12_000_001) })
    assert.equal(refused.statusCode, 413)
  })

  test('what cannot be read is said, with what to do', async () => {
    const pdf = await send({
      name: 'a.pdf',
      content: Buffer.from('%PDF-1.7 nothing').toString('base64'),
      encoding: 'base64',
    })
    assert.ok([400, 415].includes(pdf.statusCode))
    assert.match(pdf.json().detail, /Paste the text|cannot be read/)
    assert.equal((await send({ name: 'x', content: 'a', format: 'word' })).statusCode, 400)
    assert.equal((await send({ content: 'a' })).statusCode, 400)
  })
})

describe('asking a language model over HTTP', () => {
  const note = '# A lamp\n\n## Summary\n\nIt was dark.\n\nA wire was loose behind the door.\n'
  const body = { name: 'note.md', content: note, dryRun: true }
  const send = async (desk: Desk, more: object, role: 'viewer' | 'responder' = 'responder') => {
    const answer = await desk.call(role, 'POST', '/api/v1/postmortems/import', { ...body, ...more })
    return { status: answer.statusCode, text: answer.body, read: answer.json() }
  }

  test('without one nothing is offered, and asking says so', async () => {
    const desk = await openDesk()
    const plain = (await send(desk, {})).read
    assert.deepEqual([plain.languageModel, plain.proposals], [null, null])
    const { status, read } = await send(desk, { propose: true })
    assert.deepEqual([status, read.proposals.outcome, read.proposals.items], [200, 'not-configured', []])
    assert.deepEqual(read.incidents, plain.incidents)
    await desk.close()
  })

  test('with one it is asked when somebody says so, and only by those who may import', async () => {
    const server = await startModel()
    const model = languageModelConfig.parse({ url: server.url, model: 'careful-reader', apiKey: 'sk-secret' })
    const desk = await openDesk({
      proposer: () => ({ model, egress: { allowPrivate: true, allow: [] } }),
    })
    server.answer([
      { quote: 'A wire was loose behind the door.', as: 'rootCause' },
      { quote: 'A wire was cut.', as: 'rootCause' },
    ])
    const plain = await send(desk, {})
    assert.deepEqual(plain.read.languageModel, { model: 'careful-reader', host: new URL(server.url).host })
    assert.equal((await send(desk, { propose: true }, 'viewer')).status, 403)
    const wrong = await send(desk, { propose: true, dryRun: false })
    assert.deepEqual([wrong.status, wrong.read.problems[0].path], [400, 'propose'])
    assert.equal(server.asked.length, 0)
    const { read, text } = await send(desk, { propose: true })
    const from = note.indexOf('A wire')
    assert.deepEqual(read.proposals.items, [{ from, to: note.length - 1, as: 'rootCause' }])
    assert.equal(read.proposals.discarded, 1)
    assert.deepEqual(read.incidents, plain.read.incidents)
    assert.doesNotMatch(text, /sk-secret/)
    const taken = await send(desk, { corrections: read.proposals.items })
    assert.match(taken.read.incidents[0].sections.rootCause.value, /^A wire was loose/)
    server.answer((_, response) => response.writeHead(503).end())
    const failed = await send(desk, { propose: true })
    assert.deepEqual([failed.status, failed.read.proposals.outcome], [200, 'server-failed'])
    assert.deepEqual(failed.read.incidents, plain.read.incidents)
    assert.deepEqual((await desk.call('viewer', 'GET', '/api/v1/postmortems')).json().items, [])
    await desk.close()
    server.stop()
  })
})
