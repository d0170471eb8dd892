import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Spool } from './spool.ts'

describe('the spool of a probe', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-spool-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const seen = (at: number) => ({ monitorId: 'm', at, verdict: 'up', reason: 'ok', summary: '', tookMs: 1 })

  test('keeps what was not delivered over a restart, and never gives a number twice', () => {
    const file = join(folder, 'one.db')
    const before = new Spool(file)
    for (let at = 1; at <= 5; at++) before.add(seen(at))
    before.forget(5)
    before.close()
    const again = new Spool(file)
    assert.equal(again.id, before.id)
    again.add(seen(6))
    assert.deepEqual(
      again.first(10).map(({ seq, at }) => [seq, at]),
      [[6, 6]],
    )
    again.close()
  })

  test('is bounded: the oldest go, and are counted', () => {
    const spool = new Spool(join(folder, 'two.db'), 10)
    for (let at = 1; at <= 25; at++) spool.add(seen(at))
    assert.equal(spool.size(), 10)
    assert.equal(spool.lost(), 15)
    assert.equal(spool.first(1)[0]!.at, 16)
    spool.close()
  })
})
