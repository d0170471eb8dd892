import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createToken } from '../catalog/index.ts'
import { captureChannels } from '../channels/index.ts'
import type { OpenData } from '../cli/index.ts'
import { verifyAudit } from '../engine/facts.ts'
import { assembleEngine } from '../engine/runner.ts'
import { systemActor } from '../engine/world.ts'
import { sleep, systemClock } from '../kit/clock.ts'
import { reasonOf, TocsinError } from '../kit/errors.ts'
import { openLog } from '../kit/log.ts'
import {
  exportPostmortem,
  importPostmortem,
  listPostmortems,
  postmortemOfIncident,
} from '../postmortems/index.ts'
import { runDrill, tellProofs, viewDrills, viewRun } from '../proofs/index.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { composeTocsin } from './compose.ts'
import { configurationFile, readConfigurationFile } from './read-configuration-file.ts'
import { composeReplica } from './replica.ts'

const PAGE = 500

/** Opens Tocsin's data for one command; a server may run beside it on the same data. */
export async function openData(options: {
  dataDirectory: string
  databaseUrl: string | null
  configFile?: string | null
}): Promise<OpenData> {
  const { dataDirectory, databaseUrl, configFile = null } = options
  if (!databaseUrl && !existsSync(join(dataDirectory, 'core.db')))
    throw new TocsinError(
      'not-found',
      `There is no Tocsin data in ${dataDirectory}. Name its directory with --data, or its database with --database-url.`,
    )
  const store = await openStore({ directory: dataDirectory, databaseUrl, now: systemClock.now() })
  const tocsin = composeTocsin({
    clock: systemClock,
    store,
    log: openLog(process.env.TOCSIN_LOG_LEVEL ?? 'warn'),
    instance: `cli-${process.pid}`,
    publicUrl: publicUrlIn(configurationFile(configFile, dataDirectory)),
    // A command pages nobody: the server beside it does.
    network: { check: null, channels: captureChannels().channels },
    publicDirectory: null,
    composeReplica,
    reachesPeople: false,
  })
  const { world } = tocsin
  const actor = systemActor('cli')
  return {
    listDrills: async () =>
      (await viewDrills(store.read, { limit: 1_000 })).items.map(({ id, name }) => ({ id, name })),
    async runDrill(drillId) {
      const { id } = await runDrill(world, actor, drillId)
      // Only this room's work: the pages in the outbox are the server's to deliver.
      const engine = assembleEngine(
        world,
        tocsin.rooms.filter((room) => room.name === 'proofs'),
      )
      const outbox = engine.loops.find((loop) => loop.name === 'outbox')!
      for (;;) {
        await outbox.runDue()
        await outbox.settle?.()
        const run = await viewRun(store.read, id)
        if (run.state !== 'queued' && run.state !== 'running') return run
        // A server beside us may have taken it.
        await sleep(systemClock, 200)
      }
    },
    importPostmortem: (input) => importPostmortem(world, actor, input),
    async listPostmortemIds() {
      const ids: string[] = []
      for (;;) {
        const page = await listPostmortems(store.read, { before: ids.at(-1), limit: PAGE })
        ids.push(...page.map((postmortem) => postmortem.id))
        if (page.length < PAGE) return ids
      }
    },
    async exportPostmortem({ id, format }) {
      const ofIncident = await postmortemOfIncident(store.read, id)
      return exportPostmortem(world, actor, { postmortemId: ofIncident?.id ?? id, format }, { tellProofs })
    },
    verifyAudit: () => verifyAudit(store.read),
    createToken: (input) => createToken(world, actor, input),
    backup: (file) => store.backup(file),
    close: () => store.close(),
  }
}

/** Where links lead: what the configuration says, as far as it can be read here. */
function publicUrlIn(file: string | null): string {
  try {
    const read = readConfigurationFile(file)
    return (read.ok && read.value.publicUrl) || 'http://localhost'
  } catch {
    return 'http://localhost'
  }
}

/** Puts a backup in place; the directory must hold no data yet. */
export async function restore({
  file,
  dataDirectory,
}: {
  file: string
  dataDirectory: string
}): Promise<{ facts: number }> {
  if (!existsSync(file)) throw new TocsinError('not-found', `There is no backup ${file}.`)
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const present = readdirSync(dataDirectory).filter((name) => name.endsWith('.db'))
  if (present.length > 0)
    throw new TocsinError(
      'wrong-state',
      `${dataDirectory} holds data already (${present.join(', ')}). Name an empty directory.`,
    )
  // Looked at beside its place: what turns out to be damaged must leave the directory as it was.
  const trial = await mkdtemp(join(dataDirectory, 'restore-'))
  try {
    await copyFile(file, join(trial, 'core.db'))
    const facts = await inspect(trial)
    for (const name of readdirSync(trial)) await rename(join(trial, name), join(dataDirectory, name))
    return { facts }
  } finally {
    await rm(trial, { recursive: true, force: true })
  }
}

/** Opens a restored copy, brings it up to date, and answers how many facts it holds; throws where it is damaged. */
async function inspect(directory: string): Promise<number> {
  const damaged = (why: string) => new TocsinError('wrong-state', `The backup is damaged: ${why}.`)
  let store: Store
  try {
    store = await openStore({ directory, now: systemClock.now() })
  } catch (error) {
    if (error instanceof TocsinError) throw error
    throw damaged(`it cannot be opened (${reasonOf(error)})`)
  }
  try {
    const audit = await verifyAudit(store.read)
    if (audit.brokenAt) throw damaged(`its fact log breaks at ${audit.brokenAt.seq}`)
    return audit.facts
  } catch (error) {
    if (error instanceof TocsinError) throw error
    throw damaged(`it cannot be read (${reasonOf(error)})`)
  } finally {
    await store.close()
  }
}
