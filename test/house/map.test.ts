import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Cruise, cruiseHouse, sourceFiles, unknownRooms } from './cruise.ts'
import { ROOMS } from './rooms.ts'

const ROOT = resolve(import.meta.dirname, '../..')

describe('the house as it stands', () => {
  let cruise: Cruise
  before(async () => {
    cruise = await cruiseHouse(ROOT)
  })

  // With TypeScript 7 the cruise sees no module at all and calls that clean.
  test('the cruise sees every source file', () => {
    assert.ok(cruise.modules.length > 0)
    assert.deepEqual(cruise.modules, sourceFiles(ROOT))
  })

  test('the program starts where the rule about dead files believes it does', () => {
    for (const entry of ['src/app/main.ts', 'web/main.tsx']) assert.ok(cruise.modules.includes(entry), entry)
  })

  test('every import keeps to the map', () => {
    assert.deepEqual(
      cruise.violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`),
      [],
    )
  })

  test('every folder of src is on the map', () => {
    assert.deepEqual(unknownRooms(ROOT), [])
  })
})

/** File, its text, and the rule that must report it. */
const FAULTS: [string, string, string][] = [
  ['src/catalog/planted-upward.ts', `export * from '../alerts/index.ts'`, 'catalog-imports'],
  [
    'src/monitors/planted-type.ts',
    `import type { Planted } from '../oncall/index.ts'\nexport type A = Planted`,
    'monitors-imports',
  ],
  ['src/kit/planted-inline.ts', `export type B = import('../proofs/index.ts').Planted`, 'kit-imports'],
  ['src/alerts/planted-past.ts', `export * from '../catalog/planted-target.ts'`, 'through-the-door'],
  ['src/http/planted-test.ts', `export * from '../../test/house/planted.ts'`, 'http-imports'],
  ['src/alerts/planted-fs.rules.ts', `export { readFileSync } from 'node:fs'`, 'rules-use-no-node-core'],
  ['src/alerts/planted-store.rules.ts', `export * from '../store/planted-target.ts'`, 'rules-stay-pure'],
  ['src/incidents/planted-verb.ts', `export { sql } from 'kysely'`, 'only-rows-speak-sql'],
  ['src/comms/planted-driver.ts', `export { default } from 'pg'`, 'drivers-have-homes'],
  ['src/oncall/planted-socket.ts', `export { connect } from 'node:net'`, 'sockets-have-homes'],
  [
    'src/contract/planted-node.ts',
    `export { createHash } from 'node:crypto'`,
    'contract-runs-in-the-browser',
  ],
  ['src/contract/planted-kit.ts', `export * from '../kit/clock.ts'`, 'contract-runs-in-the-browser'],
  ['web/planted-server.tsx', `export * from '../src/monitors/index.ts'`, 'web-knows-the-contract-only'],
  ['web/planted-node.ts', `export { join } from 'node:path'`, 'web-runs-in-the-browser'],
  ['src/monitors/kinds/planted-a/index.ts', `export * from '../planted-b/index.ts'`, 'siblings-do-not-touch'],
  ['src/channels/planted-a/index.ts', `export * from '../planted-b/index.ts'`, 'siblings-do-not-touch'],
  ['src/engine/planted-one.ts', `import './planted-two.ts'\nexport const one = 1`, 'no-cycles'],
  ['src/store/planted-missing.ts', `export * from './planted-nothing.ts'`, 'resolves'],
  ['src/oncall/planted-dead.ts', `export const dead = true`, 'no-dead-files'],
]

/** What the faults point at, and what must stay green although it comes close. */
const ALLOWED: [string, string][] = [
  ...ROOMS.map((room): [string, string] => [`src/${room}/index.ts`, 'export type Planted = string']),
  ['src/app/main.ts', `export {}`],
  ['src/catalog/planted-target.ts', `export const target = 1`],
  ['src/store/planted-target.ts', `export const target = 1\nexport type Row = string`],
  ['src/monitors/kinds/planted-b/index.ts', `export const b = 1`],
  ['src/channels/planted-b/index.ts', `export const b = 1`],
  ['src/engine/planted-two.ts', `import './planted-one.ts'\nexport const two = 2`],
  [
    'src/alerts/planted-fine.ts',
    `export * from '../catalog/index.ts'\nexport * from '../store/planted-target.ts'`,
  ],
  [
    'src/alerts/planted-fine.rules.ts',
    `import type { Row } from '../store/planted-target.ts'\nexport type C = Row`,
  ],
  ['src/alerts/planted-fine.rows.ts', `export { sql } from 'kysely'`],
  ['src/alerts/planted-fine.test.ts', `export * from '../proofs/index.ts'`],
  ['src/monitors/kinds/planted-b/dial.ts', `export { connect } from 'node:tls'`],
  ['web/planted-fine.tsx', `export * from '../src/contract/planted-fine.ts'`],
  ['src/contract/planted-fine.ts', `export { z } from 'zod'`],
]

describe('the house with faults planted in a copy', () => {
  const copy = mkdtempSync(join(tmpdir(), 'tocsin-house-'))
  let cruise: Cruise
  before(async () => {
    for (const folder of ['src', 'web'].filter((name) => existsSync(join(ROOT, name))))
      cpSync(join(ROOT, folder), join(copy, folder), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    for (const [path, text] of [...ALLOWED, ...FAULTS, ['test/house/planted.ts', 'export {}']] as const) {
      const file = join(copy, path)
      if (existsSync(file)) continue
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${text}\n`)
    }
    mkdirSync(join(copy, 'src/utils'))
    cruise = await cruiseHouse(copy)
  })
  after(() => rmSync(copy, { recursive: true, force: true }))

  for (const [path, , rule] of FAULTS)
    test(`${rule} reports ${path}`, () => {
      const told = cruise.violations.filter(({ from, to }) => from === path || to === path)
      assert.ok(
        told.some((violation) => violation.rule === rule),
        `${rule} is silent; told were: ${JSON.stringify(told)}`,
      )
    })

  test('what comes close and is allowed stays green', () => {
    const fine = new Set(
      ALLOWED.map(([path]) => path).filter(
        (path) => path.includes('planted-fine') || path.endsWith('dial.ts'),
      ),
    )
    const told = cruise.violations.filter(({ rule, from }) => rule !== 'no-dead-files' && fine.has(from))
    assert.deepEqual(told, [])
  })

  test('a folder that is not on the map is named', () => {
    assert.deepEqual(unknownRooms(copy), ['utils'])
  })
})
