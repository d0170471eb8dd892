import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { factsAfter, verifyAudit } from '../../../engine/facts.ts'
import { reasonOf } from '../../../kit/errors.ts'
import { openStore } from '../../../store/open-store.ts'
import type { Schema } from '../../../store/schema.ts'
import type { Reader, Store } from '../../../store/store.ts'
import type { Conclusion, Evidence } from '../../drill.ts'
import type { DrillKind } from '../kind.ts'

const schema = z.strictObject({})

// What nobody wants to miss after a restoration. Each only grows, or changes rarely.
const COUNTED: (keyof Schema)[] = [
  'people',
  'contacts',
  'services',
  'monitors',
  'schedules',
  'policies',
  'incidents',
  'timeline_entries',
  'postmortems',
  'actions',
  'drills',
]

type Counts = Map<string, number>

async function countAll(db: Reader): Promise<Counts> {
  const counts: Counts = new Map()
  for (const table of COUNTED) {
    const { n } = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    counts.set(table, Number(n))
  }
  return counts
}

/** Makes a backup, opens it elsewhere, and looks whether everything is in it. */
export const drillKind: DrillKind<z.output<typeof schema>> = {
  kind: 'restore-backup',
  title: 'Could we start again from a backup?',
  description:
    'Makes a backup of the live data, restores it into a scratch directory, verifies the chain of its fact log against ' +
    'the live one and compares what is in it. The scratch directory is removed; nothing live is touched.',
  reasons: [
    'restored',
    'not-here',
    'backup-failed',
    'cannot-be-opened',
    'chain-broken',
    'another-history',
    'counts-differ',
  ],
  needsMonitor: false,
  schema,
  async play({ live }) {
    const { store } = live
    if (store.dialect === 'postgres')
      return ended(
        'inconclusive',
        'not-here',
        'PostgreSQL has its own backups; this drill restores those of SQLite.',
      )
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-restore-'))
    try {
      const before = await countAll(store.read)
      try {
        await store.backup(join(folder, 'core.db'))
      } catch (error) {
        return ended('failed', 'backup-failed', `No backup could be made: ${reasonOf(error)}`)
      }
      const after = await countAll(store.read)
      return await compare(store, folder, live.clock.now(), { before, after })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function compare(
  live: Store,
  folder: string,
  now: number,
  { before, after }: { before: Counts; after: Counts },
): Promise<Conclusion> {
  const { size } = await stat(join(folder, 'core.db'))
  let copy: Store
  try {
    copy = await openStore({ directory: folder, now })
  } catch (error) {
    return ended('failed', 'cannot-be-opened', `The restored copy cannot be opened: ${reasonOf(error)}`)
  }
  try {
    const audit = await verifyAudit(copy.read)
    if (audit.brokenAt)
      return ended('failed', 'chain-broken', `The fact log of the copy breaks at fact ${audit.brokenAt.seq}.`)
    const [same] = audit.facts === 0 ? [] : await factsAfter(live.read, audit.facts - 1, 1)
    if (audit.facts > 0 && same?.hash !== audit.head)
      return ended(
        'failed',
        'another-history',
        'The fact log of the copy is not the beginning of the live one.',
      )
    const restored = compareCounts(await countAll(copy.read), before, after)
    const evidence: Evidence = {
      restored: [{ what: 'facts', live: audit.facts, copy: audit.facts, same: true }, ...restored],
    }
    const wrong = restored.find((one) => !one.same)
    if (wrong)
      return {
        ...ended(
          'failed',
          'counts-differ',
          `There are ${wrong.live} ${wrong.what}, but ${wrong.copy} in the copy.`,
        ),
        evidence,
      }
    const megabytes = (size / 1_000_000).toFixed(1)
    const summary = `A backup of ${megabytes} MB was restored: ${audit.facts} facts with an unbroken chain, and everything counted is there.`
    return { ...ended('passed', 'restored', summary), evidence }
  } finally {
    await copy.close()
  }
}

// Life goes on while the backup is made: what was counted in it lies between the counts before and after.
function compareCounts(copy: Counts, before: Counts, after: Counts): NonNullable<Evidence['restored']> {
  return [...copy].map(([what, count]) => {
    const [a, b] = [before.get(what)!, after.get(what)!]
    return {
      what: what.replaceAll('_', ' '),
      live: b,
      copy: count,
      same: count >= Math.min(a, b) && count <= Math.max(a, b),
    }
  })
}

function ended(outcome: Conclusion['outcome'], reason: string, summary: string): Conclusion {
  return { outcome, reason, summary, evidence: {} }
}
