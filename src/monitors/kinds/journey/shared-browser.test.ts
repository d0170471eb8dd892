/** One browser for all journeys: started late, ended when unused, and no burden to the journeys beside it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../../../test/harness/needs.ts'
import { until } from '../../../../test/harness/tocsin.ts'
import { systemClock } from '../../../kit/clock.ts'
import { failure } from '../../net/failure.ts'
import { SharedBrowser, sharedBrowser } from './shared-browser.ts'
import { type Site, startSite, travel, useKnownBrowser } from './site-for-tests.ts'

let site: Site
const folder = mkdtempSync(join(tmpdir(), 'tocsin-shared-'))
before(async () => {
  useKnownBrowser()
  // Other browsers of this machine have their files elsewhere; whoever drops privileges must still get there.
  chmodSync(folder, 0o755)
  process.env.TMPDIR = folder
  site = await startSite()
})
after(async () => {
  site.stop()
  await sharedBrowser.stop(systemClock)
  rmSync(folder, { recursive: true })
})

interface Process {
  pid: number
  parent: number
  group: number
  state: string
  user: string
  kilobytes: number
  command: string
}
function processes(): Process[] {
  const out = execFileSync('ps', ['-eo', 'pid=,ppid=,pgid=,stat=,user=,rss=,args='], { encoding: 'utf8' })
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, group, state, user, kilobytes, ...command] = line.trim().split(/\s+/)
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        state: state!,
        user: user!,
        kilobytes: Number(kilobytes),
        command: command.join(' '),
      }
    })
}
/** What belongs to a browser, itself included. */
const family = (leader: number) => processes().filter(({ group }) => group === leader)
const ourZombies = () =>
  processes().filter(({ parent, state }) => parent === process.pid && state.startsWith('Z'))
const homes = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-browser-'))
const shop = () => ({ url: `${site.url}/`, steps: [{ expect: { title: 'Shop' } }] })
const context = () => ({ clock: systemClock, signal: AbortSignal.timeout(20_000) })
const borrow = (shelf: SharedBrowser, keep = true) => {
  const { clock, signal } = context()
  return shelf.borrow(clock, signal, keep)
}

describe('a browser', needs('chromium'), () => {
  test('runs as nobody who matters, and knows nothing of our environment', async () => {
    process.env.TOCSIN_TEST_SECRET = 'hunter2'
    await travel(shop(), 'shop')
    const all = family(sharedBrowser.pid!).filter(({ command }) => /chrom/.test(command))
    assert.ok(all.length >= 3)
    if (process.getuid?.() === 0)
      assert.deepEqual(
        all.filter(({ user, command }) => user === 'root' && !/unshare|setpriv/.test(command.split(' ')[0]!)),
        [],
      )
    const environments = all.map(({ pid }) => {
      try {
        return execFileSync('cat', [`/proc/${pid}/environ`], { encoding: 'utf8', stdio: 'pipe' })
      } catch {
        return ''
      }
    })
    assert.ok(environments.every((text) => !text.includes('hunter2')))
    assert.ok(all.some(({ command }) => command.includes('--type=renderer') || command.includes('zygote')))
  })

  test('is the same for journeys one after the other, and ends by its own number when it is not used', async () => {
    const first = sharedBrowser.pid
    await travel(shop(), 'shop')
    assert.ok(first !== null && sharedBrowser.pid === first)
    await sharedBrowser.stop(systemClock)
    assert.equal(sharedBrowser.pid, null)
    await until('all of it has ended', 5_000, async () => family(first!).length === 0)
    assert.deepEqual(ourZombies(), [])
  })

  test('that is tried by hand ends at once, and leaves no files', async () => {
    const before = homes()
    await travel(shop())
    await until('the browser has ended', 8_000, async () => sharedBrowser.pid === null)
    await sharedBrowser.stop(systemClock)
    assert.deepEqual(
      homes().filter((name) => !before.includes(name)),
      [],
    )
  })

  test('that is killed in the middle is unknown, and the next journey has a new one', async () => {
    await travel(shop(), 'shop')
    const pid = sharedBrowser.pid!
    const steps = [{ waitFor: { text: 'never' }, timeout: '10s' }]
    const under = travel({ url: `${site.url}/`, steps }, 'shop')
    await new Promise((resolve) => setTimeout(resolve, 700))
    process.kill(-pid, 'SIGKILL')
    const seen = await under
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'journey.browser-crashed'], seen.summary)
    assert.equal((await travel(shop(), 'shop')).verdict, 'up')
    assert.notEqual(sharedBrowser.pid, pid)
    await until('the dead one is gone', 5_000, async () => family(pid).length === 0)
    assert.deepEqual(ourZombies(), [])
  })

  test('a page that brings its tab down is unknown, and the browser goes on', async () => {
    await travel(shop(), 'shop')
    const pid = sharedBrowser.pid!
    const heard = site.heard.length
    const under = travel(
      { url: `${site.url}/`, steps: [{ waitFor: { text: 'never' }, timeout: '10s' }] },
      'shop',
    )
    await until('its page is asked for', 10_000, async () => site.heard.length > heard)
    for (const { pid: one, command } of family(pid))
      if (command.includes('--type=renderer')) process.kill(one, 'SIGKILL')
    const seen = await under
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'journey.browser-crashed'], seen.summary)
    assert.match(seen.summary, /brought its tab/)
    assert.equal((await travel(shop(), 'shop')).verdict, 'up')
    assert.equal(sharedBrowser.pid, pid)
  })

  test('a page that hangs delays no other journey', async () => {
    await travel(shop(), 'shop')
    const hung = travel(
      { url: `${site.url}/hang`, timeout: '40s', steps: [{ expect: { text: 'never' }, timeout: '12s' }] },
      'hung',
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    let done = 0
    let over = false
    void hung.then(() => {
      over = true
    })
    while (!over && done < 3) {
      assert.equal((await travel(shop(), 'shop')).verdict, 'up')
      if (!over) done++
    }
    assert.ok(done >= 1, `${done} journeys beside the one that hangs`)
    assert.equal((await hung).reason, 'journey.expectation-failed')
    const pid = sharedBrowser.pid
    assert.equal((await travel(shop(), 'shop')).verdict, 'up')
    assert.equal(sharedBrowser.pid, pid)
  })

  test('thirty journeys leave no window, no connection and no memory behind', async (t) => {
    await travel(shop(), 'shop')
    const pid = sharedBrowser.pid!
    const settled = async () => {
      await until('only the browser itself is left', 10_000, async () => {
        const open = await new Promise<number>((resolve) => setTimeout(() => resolve(site.open()), 50))
        return open === 0
      })
      const all = family(pid)
      return {
        count: all.length,
        megabytes: Math.round(all.reduce((sum, one) => sum + one.kilobytes, 0) / 1_024),
      }
    }
    for (let i = 0; i < 4; i++) await travel(shop(), 'shop')
    const early = await settled()
    const handles = process.getActiveResourcesInfo().length
    for (let i = 0; i < 30; i++) await travel(shop(), 'shop')
    // What has been closed needs a moment to go, on a busy machine a long one.
    await until(
      'the processes of the journeys are gone',
      30_000,
      async () => family(pid).length <= early.count + 1,
    )
    const late = await settled()
    t.diagnostic(
      `processes ${early.count} → ${late.count}, resident ${early.megabytes} → ${late.megabytes} MB`,
    )
    assert.equal(sharedBrowser.pid, pid)
    assert.ok(late.megabytes < early.megabytes + 400, `${early.megabytes} MB, then ${late.megabytes} MB`)
    assert.ok(process.getActiveResourcesInfo().length <= handles + 5)
    assert.deepEqual(ourZombies(), [])
  })
})

describe('places', needs('chromium'), () => {
  test('whoever finds none waits in order, and is told when time is over', async () => {
    const shelf = new SharedBrowser({ seats: 1 })
    const first = await borrow(shelf)
    assert.ok('browser' in first)
    const late = await shelf.borrow(systemClock, AbortSignal.timeout(100), true)
    assert.deepEqual([(late as { failed: string }).failed], ['journey.crowded'])
    const order: string[] = []
    const waits = ['second', 'third'].map(async (name) => {
      const mine = await borrow(shelf)
      order.push(name)
      assert.ok('giveBack' in mine)
      await mine.giveBack('well')
    })
    await first.giveBack('well')
    await Promise.all(waits)
    assert.deepEqual(order, ['second', 'third'])
    await shelf.stop(systemClock)
    assert.equal(shelf.pid, null)
  })

  test('idle it ends by itself; one that hangs, and one that has done enough, is not used again', async () => {
    const shelf = new SharedBrowser({ idleMs: 80, mostJourneys: 3 })
    const pids: number[] = []
    for (const state of ['well', 'hung', 'well', 'well', 'well', 'well'] as const) {
      const mine = await borrow(shelf)
      assert.ok('pid' in mine)
      pids.push(mine.pid)
      await mine.giveBack(state)
    }
    const [a, b, c, d, e, f] = pids
    assert.deepEqual([a === b, b === c, c === d, d === e, e === f], [true, false, true, true, false])
    await until('it is ended', 5_000, async () => shelf.pid === null)
    await shelf.stop(systemClock)
    for (const pid of new Set(pids))
      await until(`${pid} is gone`, 5_000, async () => family(pid).length === 0)
    assert.deepEqual(ourZombies(), [])
  })

  test('one that comes when nobody waits for it any more is ended', async () => {
    const { startBrowser } = await import('./start-browser.ts')
    const gate = Promise.withResolvers<void>()
    const shelf = new SharedBrowser({
      start: async (env) => {
        await gate.promise
        return startBrowser(env)
      },
    })
    const given = await shelf.borrow(systemClock, AbortSignal.timeout(50), true)
    assert.equal((given as { failed: string }).failed, 'journey.no-browser')
    gate.resolve()
    await until('it has come and gone', 8_000, async () => shelf.pid === null && homes().length >= 0)
    await shelf.stop(systemClock)
  })

  test('a start that fails is tried again by the next', async () => {
    let starts = 0
    const shelf = new SharedBrowser({
      start: async () => {
        starts++
        return failure('journey.no-browser', 'none')
      },
    })
    for (let i = 0; i < 3; i++) assert.ok('failed' in (await borrow(shelf)))
    assert.equal(starts, 3)
  })
})
