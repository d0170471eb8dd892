/** What systemd is told: ready, progress while the engine makes some, and goodbye. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type RunningTocsin, startTocsin, until } from '../harness/tocsin.ts'

const present = ['/usr/bin/systemd-notify', '/bin/systemd-notify'].some((path) => existsSync(path))

// Stands for systemd: the socket that it listens on, one line printed for each message.
const LISTENER = `use Socket; $| = 1; socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die;
  print "open\\n"; while (defined recv($s, my $m, 4096, 0)) { print join(' ', split /\\n/, $m), "\\n" }`

describe('under systemd', { skip: !present && 'systemd-notify not installed' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-systemd-'))
  const socket = join(folder, 'notify')
  const systemd = spawn('perl', ['-e', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  let heard = ''
  systemd.stdout.on('data', (part) => {
    heard += part
  })
  let tocsin: RunningTocsin
  const count = (line: string) => heard.split(line).length - 1

  before(async () => {
    await until('the socket is open', 5_000, async () => heard.includes('open'))
    tocsin = await startTocsin({
      config: 'services: {docs: {name: Docs}}\n',
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '2000000' },
    })
  })
  after(async () => {
    await tocsin.stop()
    systemd.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  test('READY=1 once it does its work, WATCHDOG=1 twice as often as asked for', async () => {
    await until('it is ready', 10_000, async () => heard.includes('READY=1'))
    await until('it makes progress', 10_000, async () => count('WATCHDOG=1') >= 3)
    assert.equal(count('READY=1'), 1)
  })

  test('frozen it says nothing, so that systemd ends and restarts it', async () => {
    process.kill(tocsin.pid, 'SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const before = count('WATCHDOG=1')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const after = count('WATCHDOG=1')
    process.kill(tocsin.pid, 'SIGCONT')
    assert.equal(after, before)
    await until('it goes on', 10_000, async () => count('WATCHDOG=1') > after)
  })

  test('STOPPING=1 at its end', async () => {
    await tocsin.stop()
    await until('it says goodbye', 5_000, async () => heard.includes('STOPPING=1'))
  })
})
