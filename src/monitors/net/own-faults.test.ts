/** Trouble on our own side is never told of the target: each way of failing, judged, with real ones where possible. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { getServers } from 'node:dns'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { systemClock } from '../../kit/clock.ts'
import { checkOnce } from '../check-once.ts'
import { kindNamed, parseSpec } from '../kinds/find-kind.ts'
import { connectFailure } from './connect.ts'
import { useNameServers } from './resolve.ts'

const CODES: [code: string, reason: string, ours: boolean][] = [
  ['EMFILE', 'self.no-descriptors', true],
  ['ENFILE', 'self.no-descriptors', true],
  ['ENOBUFS', 'self.no-memory', true],
  ['ENOMEM', 'self.no-memory', true],
  ['ENETUNREACH', 'self.no-network', true],
  ['ENETDOWN', 'self.no-network', true],
  ['EADDRNOTAVAIL', 'self.no-ports', true],
  ['EACCES', 'self.not-permitted', true],
  ['EPERM', 'self.not-permitted', true],
  ['ECONNREFUSED', 'connect.refused', false],
  ['ETIMEDOUT', 'connect.timeout', false],
  ['EHOSTUNREACH', 'connect.failed', false],
  ['ECONNRESET', 'connect.failed', false],
  ['EHOSTDOWN', 'connect.failed', false],
]

describe('every code of a failed connection', () => {
  for (const [code, reason, ours] of CODES)
    test(`${code} is ${reason}: ${ours ? 'ours, so unknown' : 'the target, so down'}`, async () => {
      const failed = connectFailure('192.0.2.9:443', Object.assign(new Error(code), { code }))
      assert.equal(failed.failed, reason)
      const kind = {
        ...kindNamed('tcp'),
        check: async () => ({
          verdict: 'down' as const,
          reason: failed.failed,
          summary: failed.summary,
          tookMs: 0,
          values: {},
        }),
      }
      const seen = await checkOnce(kind, {}, { clock: systemClock, deadlineMs: 1_000 })
      assert.equal(seen.verdict, ours ? 'unknown' : 'down')
    })
})

describe('really broken on our side', () => {
  const mayUnshare = (() => {
    try {
      execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()
  const inside = { skip: !mayUnshare && 'no network namespace may be made here' }

  test('a machine without a network: unknown', inside, () => {
    const shell = execFileSync(
      'unshare',
      [
        '-n',
        'sh',
        '-c',
        `"$0" src/app/main.ts check tcp://192.0.2.77:443 --json --timeout 4s || true`,
        process.execPath,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const seen = JSON.parse(shell)
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'self.no-network'])
  })

  test('no port left to connect from: unknown', inside, () => {
    // Three ports, all of them taken by connections to the very same place.
    const script = `
      ip link set lo up; echo "40000 40002" > /proc/sys/net/ipv4/ip_local_port_range
      "$0" -e 'const s=require("net").createServer(c=>c.resume()).listen(9999,"127.0.0.1",()=>{
        for(let i=0;i<6;i++)require("net").connect(9999,"127.0.0.1").on("error",()=>{});setTimeout(()=>console.log("full"),300)})' > /tmp/full.$$ &
      while ! grep -q full /tmp/full.$$; do sleep 0.1; done
      "$0" src/app/main.ts check tcp://127.0.0.1:9999 --json --timeout 4s || true
      kill $!; rm /tmp/full.$$`
    const out = execFileSync('unshare', ['-n', 'sh', '-c', script, process.execPath], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const seen = JSON.parse(out)
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'self.no-ports'])
  })

  test('no descriptor left: unknown', () => {
    // Files are opened until there are no more; the check runs in the same process.
    const program = `
      import { closeSync, openSync } from 'node:fs'
      const { checkOnce, kindNamed, parseSpec } = await import('./src/monitors/index.ts')
      const { systemClock } = await import('./src/kit/clock.ts')
      const kind = kindNamed('tcp'), spec = parseSpec('tcp', { target: '127.0.0.1:9', timeout: '3s' })
      await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 3000 })
      const held = []
      try { for (;;) held.push(openSync('/dev/null')) } catch {}
      const seen = await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 3000 })
      for (const one of held) closeSync(one)
      console.log(JSON.stringify(seen))`
    const out = execFileSync(
      'sh',
      ['-c', 'ulimit -n 256; exec "$0" --input-type=module -e "$1"', process.execPath, program],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    )
    const seen = JSON.parse(out)
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'self.no-descriptors'])
  })
})

describe('name servers of our own that are dead', () => {
  const usual = getServers()
  const silent = createSocket('udp4')
  before(async () => {
    silent.bind(0, '127.0.0.1')
    await once(silent, 'listening')
  })
  after(() => {
    useNameServers(usual)
    silent.close()
  })
  const look = (timeout: string) => {
    const spec = parseSpec('tcp', { target: 'docs.example.org:443', timeout }) as { timeout: number }
    return checkOnce(kindNamed('tcp'), spec, { clock: systemClock, deadlineMs: spec.timeout })
  }

  for (const timeout of ['300ms', '3s'])
    test(`silent ones: unknown, by ourselves (timeout ${timeout})`, async () => {
      useNameServers([`127.0.0.1:${silent.address().port}`])
      const seen = await look(timeout)
      assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'dns.resolver-dead'], seen.summary)
    })

  test('none that listens: unknown, by ourselves', async () => {
    useNameServers(['127.0.0.1:9'])
    const seen = await look('3s')
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'dns.resolver-dead'], seen.summary)
  })

  test('a name server that answers others and not this one: the name, so down', async () => {
    const server = createSocket('udp4')
    server.on('message', (query, from) => {
      if (query.includes('docs')) return
      const answer = Buffer.from(query)
      answer.writeUInt16BE(0x8183, 2)
      server.send(answer, from.port, from.address)
    })
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    useNameServers([`127.0.0.1:${server.address().port}`])
    const seen = await look('3s')
    server.close()
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'dns.timeout'], seen.summary)
  })
})

for (const target of ['dns://192.0.2.53/docs.example.org', 'sip://192.0.2.60'])
  test(`datagrams without a network of our own: ${target} is unknown`, (t) => {
    const check = ['src/app/main.ts', 'check', target, '--json', '--timeout', '4s']
    try {
      execFileSync('unshare', ['-n', 'true'], { stdio: 'ignore' })
    } catch {
      return t.skip('no network namespace may be made here')
    }
    // UNKNOWN is exit code 3.
    const { stdout, status } = spawnSync('unshare', ['-n', process.execPath, ...check], { encoding: 'utf8' })
    const seen = JSON.parse(stdout)
    assert.deepEqual([seen.verdict, seen.reason, status], ['unknown', 'self.no-network', 3])
  })
