import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { needs, programOf } from '../../test/harness/needs.ts'
import { systemClock } from '../kit/clock.ts'
import { stopKinds } from '../monitors/index.ts'
import { runForTests } from './run-for-tests.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-check-journey-'))
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(`<title>Shop</title><label>Password <input type="password"></label>
    <button onclick="document.body.append('Signed in')">Sign in</button>`)
})
let url = ''
before(async () => {
  process.env.TOCSIN_CHROMIUM = programOf('chromium') ?? ''
  process.env.TOCSIN_TEST_SHOP_PASSWORD = 'hunter2-and-more'
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
after(async () => {
  server.close()
  rmSync(folder, { recursive: true })
  await stopKinds(systemClock)
})

function write(text: string): string {
  const file = join(folder, 'shop.yaml')
  writeFileSync(file, `type: journey\nservice: shop\nurl: ${url}\nsteps:\n${text}`)
  return `journey:${file}`
}
const typed = `  - fill: { label: Password, value: "\${TOCSIN_TEST_SHOP_PASSWORD}" }\n`

test('a journey from a file: one line for Nagios, and one for each step', needs('chromium'), async () => {
  const target = write(
    `${typed}  - { name: Sign in, click: { role: button, name: Sign in } }\n  - expect: { text: Signed in }\n`,
  )
  const { code, out } = await runForTests(['check', target])
  assert.equal(code, 0, out)
  const lines = out.trimEnd().split('\n')
  assert.match(lines[0]!, /^JOURNEY OK - 4 steps in \S+ \| time=[\d.]+s;;;0 steps=4 stepsDone=4 step1Ms=\d+ /)
  assert.deepEqual(
    lines.slice(1).map((line) => line.replace(/\s+\d+ms\s+/, ' ')),
    [
      `✓ Open opened ${url} (200)`,
      '✓ Fill field "Password" filled field "Password"',
      '✓ Sign in clicked button "Sign in"',
      '✓ Expect text the page shows "Signed in"',
    ],
  )
})

test(
  'what failed is CRITICAL, with the step; nothing typed is told, and no picture',
  needs('chromium'),
  async () => {
    const target = write(
      `${typed}  - { click: { role: button, name: Buy }, timeout: 400ms }\n  - press: Enter\n`,
    )
    const { code, out } = await runForTests(['check', target])
    assert.equal(code, 2)
    assert.match(
      out,
      /^JOURNEY CRITICAL - step 3 of 4, "Click button "Buy"": there is no button "Buy".* \(journey\.step-failed\) \| |^JOURNEY CRITICAL - step 3 of 4, .*there is no button "Buy" after 400ms \(journey\.step-failed\)/,
    )
    assert.match(out, /· Press Enter\s+not reached/)
    const json = await runForTests(['check', '--json', '--timeout', '20s', target])
    const { verdict, reason, observations } = JSON.parse(json.out)
    assert.deepEqual([json.code, verdict, reason], [2, 'down', 'journey.step-failed'])
    assert.equal(observations[0].details.failedAt, 2)
    assert.doesNotMatch(json.out + out, /hunter2|"picture"/)
  },
)

test('a file that is none, or lacks a secret, is wrong usage, with the remedy', async () => {
  const none = await runForTests(['check', `journey:${join(folder, 'none.yaml')}`])
  assert.ok(none.code !== 0 && /none\.yaml/.test(none.err), none.err)
  const target = write('  - fill: { label: Password, value: "${TOCSIN_TEST_NOT_SET}" }\n')
  const { code, err } = await runForTests(['check', target])
  assert.ok(code !== 0 && /no variable "TOCSIN_TEST_NOT_SET"/.test(err), err)
  const wrong = await runForTests(['check', write('  - click: { role: knob }\n')])
  assert.match(wrong.err, /steps\.0\.click\.role/)
})
