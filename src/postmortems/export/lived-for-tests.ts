/** A post-mortem that went through everything, for the tests of what leaves and comes in as JSON. */
import { passRun, person, type ResponseWorld } from '../../../test/harness/response.ts'
import { systemActor } from '../../engine/world.ts'
import { addNote, assignRole, openIncident } from '../../incidents/index.ts'
import { addPromise, setCounterpart } from '../actions/set-counterpart.ts'
import { insertWrittenOwner } from '../actions/written-owners.rows.ts'
import { addAction } from '../add-action.ts'
import { changeAction } from '../change-action.ts'
import { changePostmortemState } from '../change-postmortem-state.ts'
import { claimAction } from '../claim-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { acceptLuck } from '../items/accept-luck.ts'
import { listItems } from '../items/items.rows.ts'
import { askReviewers } from '../review/ask-reviewers.ts'
import { commentOnPostmortem, replyToThread } from '../review/comment.ts'
import { giveVerdict } from '../review/give-verdict.ts'
import { moveThread } from '../review/move-thread.ts'
import { settleActionIn } from '../settle-action.ts'
import { insertIssue, updateIssue } from '../trackers/issues.rows.ts'
import { exportPostmortem } from './export-postmortem.ts'

export const ana = person('ana')
export const bo = person('bo', 'editor')
export const ISSUE = 'https://git.example.org/ops/docs/issues/12'
export const BODY =
  '## Summary\n\nThe \u202ename\u202c was "wrong" \\ <b>\u2028 {{x}}.\n\n## Root cause\n\nNobody asked.\n\n## Where we got lucky\n\n- It was night\n\n## Actions\n'

/** A post-mortem with a life: an incident, texts, actions in every state that can be had. */
export async function lived(
  it: ResponseWorld,
): Promise<{ id: string; proved: string; dropped: string; open: string }> {
  const { id: incidentId } = await openIncident(it.world, ana, {
    title: 'Wrong name',
    severity: 'SEV2',
    serviceIds: ['docs', 'ledger'],
  })
  await assignRole(it.world, ana, { incidentId, role: 'commander', personId: 'ana' })
  const note = await addNote(it.world, ana, { incidentId, text: 'restarted db\n## no heading' })
  await addNote(it.world, ana, { incidentId, text: 'restarted web', corrects: note.id })
  const { id } = await draftPostmortem(it.world, ana, { incidentId })
  await editPostmortem(it.world, ana, {
    postmortemId: id,
    version: 1,
    title: 'The wrong name',
    body: BODY,
    categories: ['security', 'time'],
    keywords: ['a: b', '- c'],
  })
  const add = (title: string, more: object = {}) =>
    addAction(it.world, ana, { postmortemId: id, title, type: 'detect', criterion: 'it pages', ...more })
  const proved = await add('Check the name', { drillId: 'wrong-name', owner: 'ana' })
  const dropped = await add('Tell the team', { dueAt: Date.UTC(2026, 2, 1) })
  const open = await add('Something still open')
  await setCounterpart(it.world, ana, {
    actionId: open.id,
    with: { kind: 'vendor', name: 'Disks & Co', reference: 'CASE-7' },
  })
  await addPromise(it.world, ana, { actionId: open.id, promisedAt: Date.UTC(2026, 1, 2), note: 'by mail' })
  await addPromise(it.world, bo, {
    actionId: open.id,
    promisedAt: Date.UTC(2026, 2, 9),
    note: '2 parts\n<late>',
  })
  await it.world.transact(async (tx) => {
    await insertWrittenOwner(tx, open.id, 'Dana *or* Bo')
    const place = { tracker: 'work', project: 'ops/docs', number: '12', url: ISSUE }
    await insertIssue(tx, { actionId: open.id, ...place, askedBy: 'ana', askedByName: 'Ana' })
    await updateIssue(tx, open.id, { issue_state: 'closed' })
  })
  await claimAction(it.world, ana, { actionId: proved.id })
  await passRun(it, proved.id, 'run-1')
  await it.world.transact((tx) =>
    settleActionIn(tx, it.world, systemActor('proofs'), {
      actionId: proved.id,
      outcome: 'proved',
      drillRunId: 'run-1',
      reason: 'the drill passed',
    }),
  )
  await changeAction(it.world, bo, { actionId: dropped.id, state: 'dropped', reason: 'Not worth it.' })
  const { threadId } = await commentOnPostmortem(it.world, bo, {
    postmortemId: id,
    version: 2,
    section: 'Summary',
    text: 'Which **name**?\n<script>',
  })
  await replyToThread(it.world, ana, { threadId, text: 'That of the certificate.' })
  await moveThread(it.world, ana, { threadId, to: 'resolved' })
  await askReviewers(it.world, ana, { postmortemId: id, personIds: ['bo'] })
  await changePostmortemState(it.world, ana, { postmortemId: id, to: 'in review' })
  await giveVerdict(it.world, bo, {
    postmortemId: id,
    verdict: 'changes-asked',
    version: 2,
    reason: 'Too short.',
  })
  await it.engine.drain()
  const luck = (await listItems(it.store.read, id)).find(({ kind }) => kind === 'lucky')!
  await acceptLuck(it.world, bo, {
    itemId: luck.id,
    until: Date.UTC(2026, 6, 1),
    reason: 'Nights are quiet.',
  })
  return { id, proved: proved.id, dropped: dropped.id, open: open.id }
}

/** Its export, as text. */
export const jsonOf = async (it: ResponseWorld, postmortemId: string) =>
  (await exportPostmortem(it.world, ana, { postmortemId, format: 'json' })).content as string
/** Imports it, and lets everything happen that an import brings about. */
export async function bring(it: ResponseWorld, content: string, name = 'from-elsewhere.tocsin.json') {
  const done = await importPostmortem(it.world, ana, { name, content })
  await it.engine.drain()
  return done
}
