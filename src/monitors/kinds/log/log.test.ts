import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { needs } from '../../../../test/harness/needs.ts'
import { startNginx } from '../../../../test/harness/nginx.ts'
import { travelClock } from '../../../kit/clock.ts'
import { MINUTE } from '../../../kit/duration.ts'
import { checkOnce } from '../../check-once.ts'
import type { Observation } from '../../observation.ts'
import { mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { kindNamed, parseSpec } from '../find-kind.ts'
import { LOG_REASONS } from './judge-log.rules.ts'
import { journalArguments, readEntry, readJournal } from './read-journal.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-log-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A monitor of one log; each look is a check whose memory went through JSON, as over a restart. */
function watcher(settings: object) {
  const clock = travelClock(Date.UTC(2026, 0, 5, 9))
  const spec = parseSpec('log', settings)
  let memory: unknown = null
  return {
    clock,
    async look(pass = 1_000): Promise<Observation> {
      clock.moveTo(clock.now() + pass)
      const seen = await checkOnce(kindNamed('log'), spec, { clock, deadlineMs: 30_000, memory })
      memory = JSON.parse(JSON.stringify(seen.memory))
      return seen
    },
  }
}
const matched = (seen: Observation) => seen.values.matched

describe('a file that is followed', () => {
  let file: string
  let count = 0
  const fresh = () => {
    file = join(folder, `program-${count++}.log`)
    writeFileSync(file, 'ERROR from before\n')
    return watcher({ file, match: 'ERROR', moreThan: 2, within: '5m' })
  }

  test('what was there before is not counted, what comes is, once', async () => {
    const it = fresh()
    assert.equal(matched(await it.look()), 0)
    appendFileSync(file, 'ERROR 1\nfine\nERROR 2\n')
    assert.equal(matched(await it.look()), 2)
    assert.equal(matched(await it.look()), 2)
    appendFileSync(file, 'ERROR 3 password=geheim\n')
    const seen = await it.look()
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'log.pattern-matched'])
    assert.equal(
      seen.summary,
      '3 lines match "ERROR" within 5m, allowed are 2; the newest: ERROR 3 password=[redacted]',
    )
    assert.equal((await it.look(6 * MINUTE)).verdict, 'up')
  })

  test('half a line waits for its end', async () => {
    const it = fresh()
    await it.look()
    appendFileSync(file, 'ERR')
    assert.equal((await it.look()).values.lines, 0)
    appendFileSync(file, 'OR whole\nnext')
    const seen = await it.look()
    assert.deepEqual([seen.values.lines, seen.values.matched], [1, 1])
  })

  test('a line without an end is counted once, cut, and the rest of it skipped', async () => {
    const it = fresh()
    await it.look()
    appendFileSync(file, `ERROR ${'x'.repeat(600_000)}`)
    await it.look()
    appendFileSync(file, `${'ERROR '.repeat(50_000)}`)
    await it.look()
    appendFileSync(file, '\nERROR 2\n')
    assert.equal(matched(await it.look()), 2)
  })

  test('renamed away: its last lines count, then those of the new file, also when a program is late to change over', async () => {
    const it = fresh()
    await it.look()
    appendFileSync(file, 'ERROR 1\n')
    renameSync(file, `${file}.1`)
    // Between the renaming and the new file the program still writes into the old one.
    assert.equal(matched(await it.look()), 1)
    appendFileSync(`${file}.1`, 'ERROR 2\n')
    assert.equal(matched(await it.look()), 2)
    writeFileSync(file, 'ERROR 3\n')
    appendFileSync(`${file}.1`, 'ERROR 4\n')
    assert.equal(matched(await it.look()), 4)
    appendFileSync(`${file}.1`, 'ERROR 5\n')
    appendFileSync(file, 'ERROR 6\n')
    assert.equal(matched(await it.look()), 6)
  })

  test('copied and truncated, as logrotate does with copytruncate, even when it has grown past its old length', async () => {
    const it = fresh()
    await it.look()
    appendFileSync(file, 'ERROR 1\n')
    await it.look()
    copyFileSync(file, `${file}.1`)
    truncateSync(file, 0)
    appendFileSync(file, `ERROR 2\n${'fine\n'.repeat(100)}`)
    assert.equal(matched(await it.look()), 2)
    truncateSync(file, 0)
    assert.equal(matched(await it.look()), 2)
    appendFileSync(file, 'ERROR 3\n')
    assert.equal(matched(await it.look()), 3)
  })

  test('gone is said; when it is back, all of it is new', async () => {
    const it = fresh()
    await it.look()
    unlinkSync(file)
    const seen = await it.look()
    assert.deepEqual([seen.verdict, seen.reason], ['down', 'log.file-missing'])
    writeFileSync(file, 'ERROR 1\n')
    assert.equal(matched(await it.look()), 1)
  })

  test('what is no file, or may not be read, is not known', async () => {
    mkdirSync(join(folder, 'directory'))
    const seen = await watcher({ file: join(folder, 'directory'), match: 'x' }).look()
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'log.file-unreadable'])
    chmodSync(join(folder, 'directory'), 0o700)
  })

  test('silence is told, of any line or of the wanted one', async () => {
    fresh()
    const any = watcher({ file, silentAfter: '15m' })
    const one = watcher({ file, wanted: 'backup done', silentAfter: '15m', says: 'degraded' })
    await any.look()
    await one.look()
    appendFileSync(file, 'busy\n')
    assert.equal((await any.look(14 * MINUTE)).verdict, 'up')
    assert.equal((await one.look(14 * MINUTE)).verdict, 'up')
    const seen = await one.look(MINUTE)
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'log.silent'])
    assert.equal(seen.summary, 'no line matching "backup done" for 15m; one is wanted every 15m')
    assert.equal((await any.look(MINUTE)).verdict, 'up')
    assert.equal((await any.look(15 * MINUTE)).reason, 'log.silent')
    appendFileSync(file, 'backup done\n')
    assert.equal((await one.look()).verdict, 'up')
  })

  test('lines of an hour in which nobody read are not taken for a burst of now', async () => {
    const it = fresh()
    await it.look()
    appendFileSync(file, 'ERROR spread\n'.repeat(24))
    const seen = await it.look(120 * MINUTE)
    assert.ok(Number(matched(seen)) <= 2, String(matched(seen)))
  })

  test('more than one check reads is left for the next, and said', async () => {
    const it = fresh()
    await it.look()
    const line = `${'x'.repeat(4_000)}\n`
    appendFileSync(file, line.repeat(9_000))
    const seen = await it.look()
    assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'log.behind'])
    const next = await it.look()
    assert.equal(next.reason, 'ok')
    assert.equal(next.values.lines, 9_000)
  })

  test('whatever is written, moved and truncated in whatever order, no line counts twice and none is lost', async () => {
    const step = fc.constantFrom('write', 'half', 'rename', 'create', 'look')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        fresh()
        const watched = watcher({ file, match: 'E\\d+', moreThan: 1_000_000, within: '1d' })
        await watched.look()
        let written = 0
        let renamed = 0
        let open = file
        const put = (text: string) => appendFileSync(open, text)
        for (const one of steps) {
          if (one === 'write') put(`E${written++}\n`)
          if (one === 'half') {
            put('E')
            await watched.look()
            put(`${written++}\n`)
          }
          if (one === 'rename' && open === file) {
            open = `${file}.${renamed++}.old`
            renameSync(file, open)
          }
          if (one === 'create' && open !== file) {
            writeFileSync(file, '')
            open = file
            // Two rotations between two checks are more than can be followed.
            await watched.look()
          }
          if (one === 'look') await watched.look()
        }
        const seen = await watched.look()
        assert.equal(matched(seen), written, steps.join(' '))
      }),
      { numRuns: 60 },
    )
  })
})

describe('a real program', () => {
  test('nginx writes its error log, rotated by renaming and a signal', needs('nginx'), async () => {
    const root = await mintRoot()
    const leaf = await mint({ name: 'CN=a.example', names: ['a.example'], by: root })
    const nginx = await startNginx('a.example', { chainPem: leaf.cert, keyPem: leaf.key })
    try {
      // Its folder is found by its own configuration: the error log is written at the level of warnings.
      const [line] = execFileSync('pgrep', ['-a', '-f', 'nginx.*tocsin-nginx-'], { encoding: 'utf8' })
        .split('\n')
        .filter(
          (one) =>
            one.includes('-p /') &&
            readFileSync(/-c (\S+)/.exec(one)![1]!, 'utf8').includes(`:${nginx.port} `),
        )
      const home = /-p (\S+)/.exec(line!)![1]!
      const pid = Number(readFileSync(join(home, 'nginx.pid'), 'utf8'))
      const file = join(home, 'error.log')
      const watched = watcher({ file, match: 'none-\\d+" failed', moreThan: 1_000, within: '1h' })
      await watched.look()
      let asked = 0
      const ask = async (times: number) => {
        for (let i = 0; i < times; i++) {
          const answer = spawn('curl', [
            '-sk',
            '-o',
            '/dev/null',
            `https://127.0.0.1:${nginx.port}/none-${asked++}`,
          ])
          await once(answer, 'exit')
        }
      }
      await ask(3)
      await watched.look()
      renameSync(file, `${file}.1`)
      await ask(2)
      process.kill(pid, 'SIGUSR1')
      for (let i = 0; i < 100; i++) {
        await sleep(20)
        try {
          readFileSync(file)
          break
        } catch {}
      }
      await ask(4)
      const seen = await watched.look()
      assert.equal(matched(seen), asked, seen.summary)
    } finally {
      await nginx.stop()
    }
  })

  test('a shell that appends for itself, truncated under its hands', async () => {
    const file = join(folder, 'loop.log')
    writeFileSync(file, '')
    const watched = watcher({ file, match: 'tick', moreThan: 1_000_000, within: '1d' })
    await watched.look()
    const child: ChildProcess = spawn('bash', [
      '-c',
      `for i in $(seq 400); do echo "tick $i" >> ${file}; done`,
    ])
    const ended = once(child, 'exit')
    for (let i = 0; i < 5; i++) {
      await sleep(5)
      await watched.look()
    }
    await ended
    assert.equal(matched(await watched.look()), 400)
  })
})

describe('the journal', () => {
  const journal = { unit: 'kamailio.service', priority: 3 }
  test('is asked for what came after the last line', () => {
    assert.deepEqual(journalArguments({ journal, cursor: 's=1;i=2', since: 5 }).slice(4), [
      '--after-cursor=s=1;i=2',
      '--unit=kamailio.service',
      '--priority=3',
    ])
    assert.equal(journalArguments({ journal, cursor: null, since: 5.7 })[4], '--since=@5')
  })

  test('lines are read as they are, bytes and nonsense included', () => {
    const entry = (MESSAGE: unknown) =>
      JSON.stringify({ __CURSOR: 'c', __REALTIME_TIMESTAMP: '1700000000000000', MESSAGE })
    assert.deepEqual(readEntry(entry('hello')), { cursor: 'c', at: 1_700_000_000_000, message: 'hello' })
    assert.equal(readEntry(entry([104, 105, 255]))!.message, 'hi\uFFFD')
    assert.equal(readEntry(entry(null))!.message, '')
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const read = readEntry(text)
        assert.ok(read === null || typeof read.message === 'string')
      }),
      { numRuns: 5_000 },
    )
  })

  test('without journalctl, or where it fails, nothing is known, and the remedy is said', async () => {
    const signal = AbortSignal.timeout(5_000)
    const options = { journal: {}, cursor: null, since: 0, take: () => {}, signal }
    assert.equal((await readJournal({ ...options, program: '/nowhere/journalctl' })).problem, 'missing')
    const failed = await readJournal({ ...options, program: '/bin/false' })
    assert.deepEqual([failed.problem, failed.message], ['failed', 'journalctl ended with 1'])
    const seen = await watcher({ journal: { directory: '/nowhere/journal' }, match: 'x' }).look()
    assert.equal(seen.verdict, 'unknown')
    assert.ok(['log.journal-failed', 'log.journal-missing'].includes(seen.reason), seen.summary)
  })

  test('a journal that never ends its answer is left at the deadline', async () => {
    const hanging = join(folder, 'hanging')
    writeFileSync(hanging, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
    const signal = AbortSignal.timeout(100)
    const read = await readJournal({
      journal: {},
      cursor: 'kept',
      since: 0,
      take: () => {},
      signal,
      program: hanging,
    })
    assert.equal(read.cursor, 'kept')
  })
})

describe('the reasons', () => {
  test('every reason has its case here or beside', () => {
    const text =
      readFileSync(import.meta.filename, 'utf8') +
      readFileSync(join(import.meta.dirname, '../../logs/record-lines.test.ts'), 'utf8')
    for (const reason of LOG_REASONS) assert.ok(text.includes(`'${reason}'`) || reason === 'ok', reason)
  })
})
