import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { sql } from './index.ts'
import { judgeSql } from './judge-sql.rules.ts'

function observe(settings: Record<string, unknown>) {
  const spec = sql.schema.parse({ timeout: '8s', ...settings })
  return checkOnce(sql, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

async function expects(verdict: string, reason: string, settings: Record<string, unknown>) {
  const seen = await observe(settings)
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
}

async function answering(talk: (socket: Socket) => void): Promise<{ target: string; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    talk(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { target, close }
}

describe('what is no database', () => {
  for (const engine of ['postgres', 'mysql'])
    for (const tls of ['off', 'require']) {
      const usual = { engine, tls, user: 'a', password: 'b' }
      test(`${engine}, TLS ${tls}: silence, hanging up and other words`, async () => {
        const silent = await answering((socket) => socket.resume())
        await expects('down', 'sql.no-answer', { ...usual, target: silent.target, timeout: '150ms' })
        silent.close()
        const rude = await answering((socket) => socket.destroy())
        await expects('down', 'sql.connection-lost', { ...usual, target: rude.target })
        rude.close()
        const web = await answering((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
        const seen = await observe({ ...usual, target: web.target, timeout: '500ms' })
        assert.equal(seen.verdict, 'down')
        if (engine === 'postgres' && tls === 'require') assert.equal(seen.reason, 'sql.protocol-unknown')
        assert.match(seen.reason, /^sql\.(protocol-unknown|connection-lost|no-answer)$/)
        web.close()
      })
    }

  test('whatever bytes come, the answer is a verdict, and in time', async () => {
    let bytes = new Uint8Array()
    const noise = await answering((socket) => socket.end(bytes))
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom('postgres', 'mysql'),
          fc.constantFrom('off', 'require'),
          fc.uint8Array({ maxLength: 200 }),
          fc.constantFrom(
            '',
            'R\0\0\0\x08\0\0\0\0',
            'N',
            'S',
            'E\0\0\0\x10',
            '\x4a\0\0\0\x0a5.5.5-10.11-MariaDB\0',
          ),
          async (engine, tls, tail, head) => {
            bytes = Buffer.concat([Buffer.from(head, 'latin1'), tail])
            const seen = await observe({ engine, tls, target: noise.target, user: 'a', timeout: '400ms' })
            assert.equal(seen.verdict, 'down', `${seen.reason}: ${seen.summary}`)
            assert.ok(sql.reasons.includes(seen.reason), seen.reason)
          },
        ),
        { numRuns: 300 },
      )
    } finally {
      noise.close()
    }
  })
})

describe('the settings', () => {
  test('an expectation of a value without a query is refused', () => {
    const usual = { engine: 'mysql', target: 'db:3306', user: 'a' }
    assert.equal(sql.schema.safeParse({ ...usual, expect: { value: 1 } }).success, false)
    assert.equal(sql.schema.safeParse({ ...usual, target: 'db' }).success, false)
  })

  test('an address as it is typed', () => {
    const read = (text: string) => sql.schemes![text.split(':')[0]!]!(text)
    assert.deepEqual(read('postgres://ana:p%40ss@db.example.org/shop?query=SELECT%201'), {
      engine: 'postgres',
      target: 'db.example.org:5432',
      user: 'ana',
      password: 'p@ss',
      database: 'shop',
      query: 'SELECT 1',
    })
    assert.deepEqual(read('mariadb://[::1]:3307'), { engine: 'mysql', target: '[::1]:3307', user: 'root' })
    assert.equal(sql.speaksTls!('mysql://db?tls=require'), true)
    assert.equal(sql.speaksTls!('mysql://db'), false)
  })

  test('values as drivers give them', () => {
    const judge = (found: unknown, expected: object) =>
      judgeSql({ role: 'primary', rows: [[found]] }, expected)
    assert.equal(judge('12345678901234567890', { value: '12345678901234567890' }), null)
    assert.equal(judge('42', { value: 42 }), null)
    assert.equal(judge(1, { value: true }), null)
    assert.equal(judge(null, { value: null }), null)
    assert.equal(judge(null, { value: 0 })?.reason, 'sql.value-unexpected')
    assert.equal(judge('', { min: 0 })?.reason, 'sql.value-unexpected')
    assert.equal(
      judgeSql({ role: 'primary', rows: [] }, { value: 1 })?.summary,
      'the value is absent, expected is 1',
    )
  })
})
