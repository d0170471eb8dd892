import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce, KEEPER_REASONS } from '../../check-once.ts'
import { parseTarget } from '../../parse-target.ts'
import { icmp } from './index.ts'
import { judgePing } from './judge-ping.rules.ts'
import { readPing, whyPingFailed } from './read-ping.rules.ts'

function look(settings: Record<string, unknown>) {
  const spec = icmp.schema.parse({ target: '127.0.0.1', count: 2, timeout: '3s', ...settings })
  return checkOnce(icmp, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

const IPUTILS = `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 407ms
rtt min/avg/max/mdev = 0.014/0.025/0.034/0.008 ms
`
const LOSSY = `--- 10.0.0.9 ping statistics ---
10 packets transmitted, 7 received, 30% packet loss, time 1831ms
rtt min/avg/max/mdev = 10.1/20.2/90.3/25.5 ms, pipe 2
`
const SILENT = `--- 10.0.0.9 ping statistics ---
5 packets transmitted, 0 received, 100% packet loss, time 4099ms

`
const UNREACHABLE = `From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.0.0.9 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2047ms
pipe 3
`

describe('what ping counted', () => {
  test('is read in the words of iputils, BSD and BusyBox', () => {
    const rtt = { min: 0.014, mean: 0.025, max: 0.034, deviation: 0.008 }
    assert.deepEqual(readPing(IPUTILS), { sent: 3, received: 3, errors: 0, rtt })
    assert.deepEqual(readPing(UNREACHABLE), { sent: 3, received: 0, errors: 3, rtt: null })
    const bsd =
      '2 packets transmitted, 2 packets received, 0.0% packet loss\nround-trip min/avg/max/stddev = 0.1/0.2/0.3/nan ms\n'
    assert.deepEqual(readPing(bsd)?.rtt, { min: 0.1, mean: 0.2, max: 0.3, deviation: null })
    const busybox =
      '2 packets transmitted, 1 packets received, 50% packet loss\nround-trip min/avg/max = 0.1/0.2/0.3 ms\n'
    assert.deepEqual([readPing(busybox)?.received, readPing(busybox)?.rtt?.deviation], [1, null])
    const doubled = '2 packets transmitted, 2 received, +1 duplicates, 0% packet loss, time 1ms\n'
    assert.equal(readPing(doubled)?.received, 2)
  })

  test('is nothing where ping said something else', () => {
    for (const text of [
      '',
      'ping: unknown host',
      '3 packets transmitted',
      '1 packets transmitted, 2 received, 0% packet loss',
    ])
      assert.equal(readPing(text), null, text)
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => void readPing(text) === undefined),
      { numRuns: 5_000 },
    )
    const mutated = fc.tuple(fc.nat({ max: LOSSY.length }), fc.string({ maxLength: 5 }))
    fc.assert(
      fc.property(mutated, ([at, text]) => {
        const count = readPing(LOSSY.slice(0, at) + text + LOSSY.slice(at))
        assert.ok(count === null || count.received <= count.sent)
      }),
      { numRuns: 5_000 },
    )
  })

  test('is judged by loss, round trip and jitter', () => {
    const judge = (text: string, expect = {}) =>
      judgePing(readPing(text)!, icmp.schema.parse({ target: 'x', expect }).expect)
    assert.deepEqual(judge(IPUTILS), {
      verdict: 'up',
      reason: 'ok',
      summary: '3 of 3 packets came back, after 0.025 ms',
    })
    assert.deepEqual(judge(LOSSY), {
      verdict: 'degraded',
      reason: 'icmp.loss',
      summary: '7 of 10 packets came back, after 20.2 ms; at most 0 % may be lost',
    })
    assert.equal(judge(LOSSY, { maxLoss: 30 }).reason, 'ok')
    assert.equal(judge(LOSSY, { maxLoss: 30, maxLatency: '20ms' }).reason, 'icmp.slow')
    assert.equal(judge(LOSSY, { maxLoss: 30, maxLatency: '21ms', maxJitter: '25ms' }).reason, 'icmp.jitter')
    assert.deepEqual(judge(SILENT), {
      verdict: 'down',
      reason: 'icmp.no-answer',
      summary: 'none of 5 packets came back',
    })
    assert.equal(judge(UNREACHABLE).reason, 'icmp.unreachable')
  })

  test('complaints are told apart', () => {
    for (const text of [
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted',
      'ping: => missing cap_net_raw+p capability or setuid?',
      'ping: permission denied (are you root?)',
    ])
      assert.equal(whyPingFailed(text), 'icmp.not-permitted')
    assert.equal(whyPingFailed('ping: connect: Network is unreachable'), 'icmp.unreachable')
    assert.equal(whyPingFailed('ping: option argument contains garbage'), null)
  })
})

describe('the ping of this machine', needs('ping'), () => {
  test('reaches loopback', async () => {
    const seen = await look({ expect: { maxLatency: '1s' } })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.match(seen.summary, /^127\.0\.0\.1: 2 of 2 packets came back, after [\d.]+ ms$/)
    assert.deepEqual([seen.values.sent, seen.values.received, seen.values.lossPercent], [2, 2, 0])
    assert.ok((seen.values.rttMeanMs as number) < 1_000)
  })

  test('is asked as tocsin check types it, and takes no option from a target', async () => {
    const { kind, spec } = parseTarget('icmp://127.0.0.1', { timeout: '3s' })
    assert.equal((await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 3_000 })).verdict, 'up')
    for (const target of ['-f', '--help', '127.0.0.1 -f', '$(id)', 'a\nb', ''])
      assert.equal(icmp.schema.safeParse({ target }).success, false, target)
  })

  test('sends no more packets than there is time for', async () => {
    const seen = await look({ count: 50, interval: '200ms', timeout: '1s' })
    assert.equal(seen.reason, 'ok', seen.summary)
    assert.ok((seen.values.sent as number) <= 3)
  })
})

describe('the reasons of icmp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-ping-'))
  const path = process.env.PATH
  after(() => {
    process.env.PATH = path
    rmSync(folder, { recursive: true, force: true })
  })
  /** A program of the same name that says what the real one said elsewhere. */
  function recorded(output: string, complaint = '', exit = 0) {
    const program = join(folder, 'ping')
    writeFileSync(
      program,
      `#!/bin/sh\n/bin/cat <<'E'\n${output}\nE\n/bin/cat >&2 <<'E'\n${complaint}\nE\nexit ${exit}\n`,
    )
    chmodSync(program, 0o755)
    process.env.PATH = folder
  }
  const produced: Record<string, { before: () => void; with?: Record<string, unknown> }> = {
    ok: { before: () => recorded(IPUTILS) },
    'dns.failed': { before: () => {}, with: { family: 'ipv6' } },
    'egress.refused': { before: () => {}, with: { target: '169.254.169.254' } },
    'icmp.no-answer': { before: () => recorded(SILENT, '', 1) },
    'icmp.unreachable': { before: () => recorded('', 'ping: connect: Network is unreachable', 2) },
    'icmp.loss': { before: () => recorded(LOSSY) },
    'icmp.slow': { before: () => recorded(LOSSY), with: { expect: { maxLoss: 50, maxLatency: '5ms' } } },
    'icmp.jitter': { before: () => recorded(LOSSY), with: { expect: { maxLoss: 50, maxJitter: '5ms' } } },
    'icmp.not-installed': {
      before: () => {
        process.env.PATH = join(folder, 'nothing-here')
      },
    },
    'icmp.not-permitted': { before: () => recorded('', 'ping: socket: Operation not permitted', 2) },
    'icmp.unreadable': { before: () => recorded('', 'ping: option argument contains garbage', 2) },
  }
  for (const [reason, { before, with: settings = {} }] of Object.entries(produced))
    test(reason, async () => {
      before()
      const seen = await look(settings)
      assert.equal(seen.reason, reason, seen.summary)
      assert.ok(!seen.summary.includes('\n'))
      const ours = ['icmp.not-installed', 'icmp.not-permitted', 'icmp.unreadable'].includes(reason)
      assert.equal(seen.verdict === 'unknown', ours, 'what we cannot do says nothing of the host')
    })

  test('a ping that never ends is ended, and leaves no process behind', async () => {
    writeFileSync(
      join(folder, 'ping'),
      `#!/bin/sh\ntrap '' INT\necho $$ > ${folder}/pid\nwhile :; do /bin/sleep 0.05; done\n`,
    )
    process.env.PATH = folder
    const seen = await look({ timeout: '300ms' })
    assert.equal(seen.verdict, 'unknown')
    const { readFileSync } = await import('node:fs')
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.throws(() => process.kill(pid, 0), /ESRCH/)
  })

  test('are all produced above', () => {
    assert.deepEqual([...Object.keys(produced), 'dns.timeout'].sort(), [...icmp.reasons].sort())
    for (const reason of KEEPER_REASONS) assert.ok(!icmp.reasons.includes(reason))
  })
})
