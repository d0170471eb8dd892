/** Documents that lie beside the clone and are not part of it: the post-mortems the importer is measured on. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/** The folder beside the clone, or where TOCSIN_TEST_SHARED says. */
export const SHARED = process.env.TOCSIN_TEST_SHARED ?? resolve(ROOT, '../shared')

/** The path of a shared document; it need not exist. */
export function sharedPath(...parts: string[]): string {
  return join(SHARED, ...parts)
}

/** Options of a test that reads shared documents: it is left out, by name, where they are absent. */
export function needsShared(...parts: string[]): { skip: string | false } {
  return { skip: !existsSync(sharedPath(...parts)) && `${join('../shared', ...parts)} is not there` }
}
