import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { runForTests } from './run-for-tests.ts'

const asked: string[] = []
const server = createServer((request, response) => {
  asked.push(request.url!)
  if (request.url === '/metrics') return response.end('up{job="a"} 1\nup{job="b"} 0\n')
  if (request.url === '/api/v1/query')
    return response.end(
      `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[${Date.now() / 1_000},"7"]}]}}`,
    )
  response.writeHead(404).end()
})
let at = ''
before(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  at = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => void server.close())

const check = (target: string) => runForTests(['check', target, '--timeout', '5s'])

test('a metric of an exposition is shown, and one that is not there is CRITICAL', async () => {
  const one = await check(`metrics+http://${at}/metrics#up{job="a"}`)
  assert.equal(one.code, 0, one.out + one.err)
  assert.match(one.out, /^METRIC OK - the value is 1 \| time=[\d.]+s;;;0 value=1\n$/)
  const none = await check(`metrics+http://${at}/metrics#down`)
  assert.equal(none.code, 2)
  assert.match(none.out, /^METRIC CRITICAL - there is no value: down gives nothing \(metric\.absent\)/)
})

test('a query is put to Prometheus; without one the target is not complete', async () => {
  const { code, out } = await check(`prometheus+http://${at}#sum(tokens)`)
  assert.equal(code, 0, out)
  assert.match(out, /^METRIC OK - the value is 7 \|/)
  assert.ok(asked.includes('/api/v1/query'))
  const wrong = await check(`prometheus+http://${at}`)
  assert.equal(wrong.code, 3)
  assert.match(wrong.err, /query/)
})
