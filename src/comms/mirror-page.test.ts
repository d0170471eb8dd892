import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { responseWorld } from '../../test/harness/response.ts'
import { createWorld } from '../engine/create-world.ts'
import { MINUTE } from '../kit/duration.ts'
import { openStore } from '../store/open-store.ts'
import { mirrorLoop } from './mirror-page.ts'
import { snapshotDirectory, standingSnapshot } from './write-files.ts'

test('another process that serves the page from its own disk has what this one published', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  const elsewhere = mkdtempSync(join(tmpdir(), 'tocsin-mirror-'))
  const other = createWorld({ ...it.world, instance: 'other' })
  const loop = mirrorLoop(other, elsewhere)
  const index = (directory: string) => readFileSync(join(snapshotDirectory(directory), 'index.html'), 'utf8')
  await it.travel('1s')
  assert.equal(await loop.runDue(), 1)
  assert.equal(await standingSnapshot(elsewhere), await standingSnapshot(it.publicDirectory))
  assert.equal(index(elsewhere), index(it.publicDirectory))
  await it.alert('a')
  await it.travel('1s')
  assert.equal(await loop.runDue(), 1)
  assert.match(index(elsewhere), /Major Service Outage/)
  assert.equal(await loop.nextDueAt(), null, 'nothing is left to do')
  rmSync(elsewhere, { recursive: true })
  await it.close()
})

test('a disk that cannot be written is tried again after a while, and holds up nothing', async () => {
  const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-mirror-'))
  const blocked = join(folder, 'public')
  writeFileSync(blocked, 'a file stands where the folder should be')
  const other = createWorld({ ...it.world, instance: 'other' })
  const loop = mirrorLoop(other, blocked)
  await it.travel('1s')
  assert.equal(await loop.runDue(), 0)
  assert.equal(await loop.nextDueAt(), it.clock.now() + MINUTE)
  rmSync(blocked)
  await it.travel('1m')
  assert.equal(await loop.runDue(), 1)
  assert.equal(await loop.nextDueAt(), null)
  rmSync(folder, { recursive: true })
  await it.close()
})
