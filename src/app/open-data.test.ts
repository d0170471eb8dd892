/** Data opened for one command: a backup, its restoration, a drill beside a server; and a start on any port. */
import assert from 'node:assert/strict'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { sql } from 'kysely'
import { openStore } from '../store/open-store.ts'
import { openData, restore } from './open-data.ts'
import { startServer } from './serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-data-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (...parts: string[]) => join(folder, ...parts)

const serveOptions = (data: string) => ({
  ...{ host: '127.0.0.1', port: 0, dataDirectory: data, configFile: null, databaseUrl: null },
  ...{ adminToken: 'an-administrator-token-of-good-length', runEngine: false, publicMetrics: false },
})

/** A data directory with some facts in it, and its backup. */
async function backedUp(name: string): Promise<{ file: string; facts: number; head: string }> {
  const data = at(name)
  const server = await startServer(serveOptions(data))
  await server.stop()
  const open = await openData({ dataDirectory: data, databaseUrl: null })
  for (const token of ['one', 'two', 'three']) await open.createToken({ name: token, role: 'viewer' })
  const { facts, head } = await open.verifyAudit()
  const file = at(`${name}.backup`)
  await open.backup(file)
  await open.close()
  assert.ok(facts >= 3)
  return { file, facts, head }
}

describe('a backup', () => {
  it('is restored into a new directory: the same facts, and the tokens go on to be known', async () => {
    const { file, facts, head } = await backedUp('good')
    const into = at('good-restored')
    assert.deepEqual(await restore({ file, dataDirectory: into }), { facts })
    const data = await openData({ dataDirectory: into, databaseUrl: null })
    const audit = await data.verifyAudit()
    assert.deepEqual([audit.brokenAt, audit.head], [null, head])
    await data.close()
    assert.deepEqual(
      readdirSync(into).filter((name) => !name.endsWith('.db')),
      [],
      'nothing is left of the work',
    )
  })

  it('is never put over data that are there', async () => {
    const { file } = await backedUp('twice')
    const before = readFileSync(at('twice', 'core.db'))
    await assert.rejects(restore({ file, dataDirectory: at('twice') }), { code: 'wrong-state' })
    assert.deepEqual(readFileSync(at('twice', 'core.db')), before)
  })

  it('that is not there is said to be not there', async () => {
    await assert.rejects(restore({ file: at('nowhere'), dataDirectory: at('x') }), { code: 'not-found' })
  })

  const damages: [string, (file: string) => Promise<void> | void][] = [
    ['cut off in the middle', (file) => truncateSync(file, 20_000)],
    [
      'no database at all',
      (file) => writeFileSync(file, 'this is not a database, it is a letter\n'.repeat(300)),
    ],
    [
      'changed by somebody who got past the triggers',
      async (file) => {
        const directory = at('tampered')
        mkdirSync(directory, { recursive: true })
        copyFileSync(file, join(directory, 'core.db'))
        const store = await openStore({ directory, now: 0 })
        await store.transaction(async (db) => {
          await sql.raw('DROP TRIGGER facts_no_update').execute(db)
          await sql.raw(`UPDATE facts SET actor = 'person:mallory' WHERE seq = 2`).execute(db)
        })
        await store.close()
        copyFileSync(join(directory, 'core.db'), file)
      },
    ],
  ]
  for (const [how, damage] of damages)
    it(`that is ${how} is refused, and the directory is as it was, so that a good one can follow`, async () => {
      const name = how.replaceAll(' ', '-')
      const { file, facts } = await backedUp(name)
      const good = at(`${name}.good`)
      copyFileSync(file, good)
      await damage(file)
      const into = at(`${name}-restored`)
      await assert.rejects(
        restore({ file, dataDirectory: into }),
        (error: { code?: string; message: string }) => {
          assert.equal(error.code, 'wrong-state', error.message)
          assert.match(error.message, /^The backup is damaged: /)
          return true
        },
      )
      assert.deepEqual(readdirSync(into), [])
      assert.deepEqual(await restore({ file: good, dataDirectory: into }), { facts })
    })
})

describe('data', () => {
  it('that are not there are not made by a command', async () => {
    const dataDirectory = at('empty')
    mkdirSync(dataDirectory)
    await assert.rejects(openData({ dataDirectory, databaseUrl: null }), { code: 'not-found' })
    assert.deepEqual(readdirSync(dataDirectory), [])
  })
})

describe('a server on a port of the system’s choice', () => {
  it('makes links that lead to it', async () => {
    const server = await startServer(serveOptions(at('any-port')))
    try {
      assert.doesNotMatch(server.url, /:0$/)
      assert.ok(server.setupLink!.startsWith(`${server.url}/`), `${server.setupLink} leads to ${server.url}`)
      const answer = await fetch(`${server.url}/api/v1/me`, {
        headers: { authorization: 'Bearer an-administrator-token-of-good-length' },
      })
      assert.equal(((await answer.json()) as { publicUrl: string }).publicUrl, server.url)
    } finally {
      await server.stop()
    }
  })

  it('goes on to use the address that is configured', async () => {
    mkdirSync(at('named'))
    writeFileSync(at('named', 'tocsin.yaml'), 'publicUrl: https://tocsin.lab.example/\n')
    const server = await startServer(serveOptions(at('named')))
    try {
      assert.ok(server.setupLink!.startsWith('https://tocsin.lab.example/'))
      writeFileSync(at('named', 'tocsin.yaml'), 'servces: {}\n')
      const reading = await server.reload()
      assert.equal(reading.ok, false, 'a bad file changes nothing, and says so')
    } finally {
      await server.stop()
    }
  })

  it('refuses to start with a configuration that is not valid, and names each place', async () => {
    mkdirSync(at('bad'))
    writeFileSync(at('bad', 'tocsin.yaml'), 'servces: {}\nteams: { a: { members: [zoe] } }\n')
    await assert.rejects(startServer(serveOptions(at('bad'))), /is not valid/)
    assert.deepEqual(readdirSync(at('bad')), ['tocsin.yaml'], 'and leaves no data behind')
  })
})
