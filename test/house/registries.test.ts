import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { KINDS } from './rooms.ts'

const ROOT = resolve(import.meta.dirname, '../..')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a kind calls itself, when it does. */
function ownName(kind: unknown): string | null {
  if (!isObject(kind)) return null
  const name = kind.kind ?? kind.name ?? kind.type
  return typeof name === 'string' ? name : null
}

/** The names that a registry module registers: lists of kinds, records of kinds by name, or single kinds. */
export function registeredNames(module: Record<string, unknown>): string[] {
  const names = Object.values(module).flatMap((exported) => {
    if (Array.isArray(exported)) return exported.map(ownName)
    if (exported instanceof Map) return [...exported.keys()]
    if (!isObject(exported)) return []
    const single = ownName(exported)
    return single ? [single] : Object.keys(exported).filter((key) => isObject(exported[key]))
  })
  return [...new Set(names.filter((name) => name !== null))].sort()
}

/** Where a kind calls itself otherwise than its key in a record. */
function misnamed(module: Record<string, unknown>): string[] {
  return Object.values(module)
    .filter((exported) => isObject(exported) && ownName(exported) === null)
    .flatMap((record) => Object.entries(record as Record<string, unknown>))
    .filter(([key, kind]) => (ownName(kind) ?? key) !== key)
    .map(([key, kind]) => `${key} calls itself ${ownName(kind)}`)
}

const foldersOf = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testdata')
    .map((entry) => entry.name)
    .sort()

async function load(folder: string): Promise<Record<string, unknown>> {
  return await import(pathToFileURL(join(folder, 'registry.ts')).href)
}

const inhabited = KINDS.filter(
  (path) => existsSync(join(ROOT, path)) && foldersOf(join(ROOT, path)).length > 0,
)

describe('a kind is one folder and one line in the registry', () => {
  test('there are kinds to compare', () => {
    for (const path of ['src/monitors/kinds', 'src/channels', 'src/proofs/faults'])
      assert.ok(inhabited.includes(path), `${path} has no kinds`)
  })

  for (const path of inhabited)
    test(`${path}: the folders are the registry`, async () => {
      const module = await load(join(ROOT, path))
      assert.deepEqual(registeredNames(module), foldersOf(join(ROOT, path)))
      assert.deepEqual(misnamed(module), [])
    })
})

describe('the comparison sees what is wrong', () => {
  const forms = {
    list: `export const KINDS = [{ name: 'one' }, { name: 'two' }]\nexport const NAMES = ['x']`,
    record: `export const kinds = { one: { probe() {} }, two: { kind: 'two' } }`,
    singles: `export const first = { kind: 'one' }\nexport const rest = new Map([['two', {}]])`,
  }
  for (const [form, text] of Object.entries(forms))
    test(`a folder without a line and a line without a folder, registry as ${form}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tocsin-registry-'))
      try {
        writeFileSync(join(folder, 'registry.ts'), text)
        for (const name of ['one', 'two']) mkdirSync(join(folder, name))
        const module = await load(folder)
        assert.deepEqual(registeredNames(module), foldersOf(folder))
        mkdirSync(join(folder, 'three'))
        assert.notDeepEqual(registeredNames(module), foldersOf(folder))
        for (const name of ['three', 'two']) rmSync(join(folder, name), { recursive: true })
        assert.notDeepEqual(registeredNames(module), foldersOf(folder))
      } finally {
        rmSync(folder, { recursive: true })
      }
    })

  test('a kind that calls itself otherwise than its key', () => {
    assert.deepEqual(misnamed({ kinds: { one: { kind: 'uno' }, two: {} } }), ['one calls itself uno'])
  })
})
