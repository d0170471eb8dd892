/** A whole Tocsin that goes a journey: what it tells, what it keeps, and what is left of its browser. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { needs, programOf } from '../harness/needs.ts'
import { ADMIN_TOKEN, type RunningTocsin, startTocsin, until } from '../harness/tocsin.ts'

const PASSWORD = 'a secret of the shop 42'
let broken = false
const shop = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(`<title>Shop</title><h1>Shop</h1><label>Password <input type="password"></label>
    ${broken ? '' : '<button onclick="document.body.append(\'Signed in\')">Sign in</button>'}`)
})

interface Detail {
  state: string
  reason: string
  summary: string
  spec: { steps: { fill?: { value: string } }[] }
  last: { details: { failedAt: number | null; screenshot: boolean; steps: { name: string }[] } } | null
}

/** Every process of browsers that this Tocsin has started, by what they descend from. */
function browsersOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const found: number[] = []
  for (let next = [pid]; next.length > 0; ) {
    next = rows.filter(([, parent]) => next.includes(parent!)).map(([one]) => one!)
    found.push(...next)
  }
  return found
}
const isAlive = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(
      execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8', stdio: 'pipe' }),
    )
  } catch {
    return false
  }
}

describe('a journey of a running Tocsin', needs('chromium'), () => {
  let tocsin: RunningTocsin
  before(async () => {
    shop.listen(0, '127.0.0.1')
    await once(shop, 'listening')
    const config = `
services: { shop: { name: Shop } }
monitors:
  sign-in:
    service: shop
    type: journey
    url: http://127.0.0.1:${(shop.address() as AddressInfo).port}/
    every: 2s
    timeout: 20s
    stepTimeout: 1s
    confirm: 1
    steps:
      - fill: { label: Password, value: "\${SHOP_PASSWORD}" }
      - click: { role: button, name: Sign in }
      - expect: { text: Signed in }
`
    const env = { SHOP_PASSWORD: PASSWORD, TOCSIN_CHROMIUM: programOf('chromium')! }
    tocsin = await startTocsin({ config, env })
  })
  after(async () => {
    await tocsin.stop()
    shop.closeAllConnections()
    shop.close()
  })
  const detail = () => tocsin.api<Detail>('GET', '/api/v1/monitors/sign-in')
  const picture = () =>
    fetch(`${tocsin.url}/api/v1/monitors/sign-in/screenshot`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })

  test('is up, turns down with its step and its picture when the button goes, and back', async () => {
    await until('it is up', 60_000, async () => (await detail()).state === 'up')
    assert.equal((await picture()).status, 404)
    broken = true
    const down = await until('it is down', 60_000, async () => {
      const now = await detail()
      return now.state === 'down' && now
    })
    assert.equal(down.reason, 'journey.step-failed')
    assert.match(down.summary, /step 3 of 4, "Click button \\"Sign in\\"": there is no button "Sign in"/)
    assert.deepEqual([down.last?.details.failedAt, down.last?.details.screenshot], [2, true])
    const shown = await until('its picture is stored', 20_000, async () => {
      const answer = await picture()
      return answer.status === 200 && answer
    })
    assert.equal(shown.headers.get('content-type'), 'image/jpeg')
    const bytes = Buffer.from(await shown.arrayBuffer())
    assert.equal(bytes.subarray(0, 3).toString('hex'), 'ffd8ff')
    assert.ok(bytes.length > 1_000 && bytes.length <= 40 * 1_024)
    assert.equal(down.spec.steps[0]!.fill!.value, '[redacted]')
    assert.ok(!JSON.stringify(down).includes(PASSWORD) && !tocsin.output().includes(PASSWORD))
    broken = false
    await until('it is up again', 60_000, async () => (await detail()).state === 'up')
  })

  test('its browser ends with it, soon, and nothing of it is left', async () => {
    const children = await until('a browser runs', 20_000, async () => {
      const found = browsersOf(tocsin.pid)
      return found.length >= 3 && found
    })
    const begun = Date.now()
    await tocsin.stop()
    assert.ok(Date.now() - begun < 20_000, `${Date.now() - begun} ms`)
    await until('all have ended', 10_000, async () => children.every((pid) => !isAlive(pid)))
  })
})
