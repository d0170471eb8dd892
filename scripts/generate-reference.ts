/** Writes the reference pages: `bin/run scripts/generate-reference.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { referenceFiles } from './reference.ts'

const ROOT = resolve(import.meta.dirname, '..')
for (const [path, text] of Object.entries(referenceFiles())) {
  mkdirSync(dirname(resolve(ROOT, path)), { recursive: true })
  writeFileSync(resolve(ROOT, path), text)
  console.log(path)
}
