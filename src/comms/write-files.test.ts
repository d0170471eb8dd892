import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { snapshotDirectory, writeFiles } from './write-files.ts'

test('a reader at any moment sees one complete set of files', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-files-'))
  const files = (n: number) =>
    Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`part/${i}.txt`, `${n}`]))
  await writeFiles(directory, '000', files(0))
  let writing = true
  let seen = 0
  const read = (async () => {
    while (writing) {
      // One look at the link, as a server takes it; the last sets before stay for slow readers.
      const root = join(
        directory,
        'versions',
        readdirSync(join(directory, 'versions')).length > 0 ? linkTarget(directory) : '',
      )
      const texts = Array.from({ length: 30 }, (_, i) => readFileSync(join(root, `part/${i}.txt`), 'utf8'))
      assert.equal(new Set(texts).size, 1)
      seen++
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()
  for (let n = 1; n <= 20; n++) await writeFiles(directory, String(n).padStart(3, '0'), files(n))
  writing = false
  await read
  assert.ok(seen > 20)
  assert.equal(readFileSync(join(snapshotDirectory(directory), 'part/0.txt'), 'utf8'), '20')
  assert.equal(readdirSync(join(directory, 'versions')).length, 3)
  rmSync(directory, { recursive: true })
})

function linkTarget(directory: string): string {
  return readFileSync(join(snapshotDirectory(directory), 'part/0.txt'), 'utf8').padStart(3, '0')
}

test('what an interrupted attempt left behind is not mixed in', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tocsin-files-'))
  await writeFiles(directory, '1', { 'old.html': 'x', 'index.html': 'x' })
  await writeFiles(directory, '1', { 'index.html': 'y' })
  assert.deepEqual(readdirSync(snapshotDirectory(directory)), ['index.html'])
  rmSync(directory, { recursive: true })
})
