import { listServices } from '../../catalog/index.ts'
import type { Tx, World } from '../../engine/world.ts'
import { findIncidentHead, firstAlertOf, readTimeline } from '../../incidents/index.ts'
import { reasonOf } from '../../kit/errors.ts'
import { findPostmortem, postmortemOfIncident } from '../postmortems.rows.ts'
import { plainText } from '../search/plain-text.rules.ts'
import { characteristicWords } from './characteristic-words.rules.ts'
import { recordOf } from './record-of.rules.ts'
import {
  findJudgement,
  hasDueRecords,
  putPostmortemDocument,
  putRecord,
  readingOf,
  removeRecord,
  takeDueRecords,
} from './records.rows.ts'

const AT_ONCE = 50
/** A look at what was learned waits for no more than this; the rest is read when facts are heard, or at the next look. */
const AT_MOST = 500
const ENTRIES = 300

/** Reads anew what changed since it was last read, so that nobody sees what was. */
export async function readDueRecords(world: World, atMost = AT_MOST): Promise<void> {
  for (let done = 0; done < atMost && (await hasDueRecords(world.store.read)); done += AT_ONCE)
    await world.transact((tx) => readDueRecordsIn(tx, world))
}

/** Reads some of them anew within the caller's transaction; answers how many. */
export async function readDueRecordsIn(tx: Tx, world: World): Promise<number> {
  const ids = await takeDueRecords(tx, world.store.dialect, AT_ONCE)
  if (ids.length === 0) return 0
  const services = await listServices(tx.db)
  for (const id of ids) await readAnew(tx, world, id, services)
  return ids.length
}

async function readAnew(
  tx: Tx,
  world: World,
  id: string,
  services: readonly { id: string; name: string }[],
): Promise<void> {
  const incident = await findIncidentHead(tx.db, id)
  const postmortem = incident ? await postmortemOfIncident(tx.db, id) : await findPostmortem(tx.db, id)
  const known = {
    id,
    incident,
    postmortem,
    services,
    firstAlertAt: incident && (await firstAlertOf(tx.db, id)),
    reading: postmortem && (await readingOf(tx.db, postmortem.id)),
    judgement: await findJudgement(tx.db, id),
  }
  let told: ReturnType<typeof recordOf>
  try {
    told = recordOf(known)
  } catch (error) {
    // A text that we cannot read is our fault; whoever searches for another must not suffer from it.
    world.log.error({ record: id, error: reasonOf(error) }, 'a record could not be read')
    return
  }
  if (!told) return removeRecord(tx, id)
  const { record, parts } = told
  await putRecord(tx, record, characteristicWords(parts, incident ? await notesOf(tx, id) : ''))
  if (postmortem)
    await putPostmortemDocument(tx, {
      postmortemId: postmortem.id,
      at: record.happenedAt,
      title: postmortem.title,
      body: plainText(postmortem.body),
    })
}

async function notesOf(tx: Tx, incidentId: string): Promise<string> {
  const entries = await readTimeline(tx.db, incidentId, { limit: ENTRIES })
  return entries
    .filter(({ kind }) => kind === 'note')
    .map(({ text }) => text)
    .join('\n')
}
