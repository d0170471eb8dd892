import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { monitorKinds } from '../../../src/monitors/index.ts'
import { LESSON_GROUPS } from '../../harness/lost-lesson.ts'

test('every kind of monitor has its place in one group, and every group its file', () => {
  assert.deepEqual(Object.values(LESSON_GROUPS).flat().sort(), Object.keys(monitorKinds).sort())
  const files = readdirSync(import.meta.dirname).map((name) => name.replace(/\.test\.ts$/, ''))
  assert.deepEqual(files.sort(), [...Object.keys(LESSON_GROUPS), 'groups'].sort())
})
