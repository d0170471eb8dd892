import * as imports from '../contract/postmortem-imports.ts'
import * as contract from '../contract/postmortems.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import {
  type Action,
  addAction,
  changeAction,
  changePostmortemState,
  claimAction,
  draftPostmortem,
  editPostmortem,
  type FollowUp,
  findAction,
  findPostmortem,
  findReading,
  followUpsOf,
  type Imported,
  importPostmortem,
  listActions,
  listPostmortems,
  type Postmortem,
  type Proposals,
  type Proposer,
  previewImport,
  proposeCorrections,
} from '../postmortems/index.ts'
import type { RoomRoutes } from './bind.ts'
import type { HttpOptions } from './context.ts'
import { millisOr, pageOf } from './presenting.ts'
import { followUpView } from './trackers.routes.ts'

/** Post-mortems and their actions. */
export const postmortemsRoutes: RoomRoutes = (bind, { world, proposer = () => NOBODY_PROPOSES }) => {
  const db = world.store.read
  bind(contract.listPostmortems, async ({ query: { cursor, limit } }) => {
    const found = await listPostmortems(db, { before: cursor, limit: limit + 1 })
    return pageOf(found, limit, postmortemView, (postmortem) => postmortem.id)
  })
  bind(contract.readPostmortem, async ({ params }) => {
    const postmortem = await findPostmortem(db, params.id)
    if (!postmortem) throw notFound('post-mortem', params.id)
    return detailView(postmortem)
  })
  bind(contract.draftPostmortem, async ({ actor, params }) =>
    detailView(await draftPostmortem(world, actor, { incidentId: params.id })),
  )
  bind(contract.editPostmortem, async ({ actor, params, body }) =>
    detailView(await editPostmortem(world, actor, { ...body, postmortemId: params.id })),
  )
  bind(contract.changePostmortemState, async ({ actor, params, body }) =>
    detailView(await changePostmortemState(world, actor, { ...body, postmortemId: params.id })),
  )
  bind(imports.importPostmortem, async ({ actor, body: { encoding, dryRun, propose, ...given } }) => {
    const content = encoding === 'base64' ? Buffer.from(given.content, 'base64') : given.content
    const work = dryRun ? previewImport : importPostmortem
    const imported = await work(world, actor, { ...given, content })
    const asked = proposer()
    return importedView(
      imported,
      asked,
      propose ? await proposeCorrections(world, imported.reading, asked) : null,
    )
  })
  bind(imports.readPostmortemSource, async ({ params }) => {
    const found = await findReading(db, params.id)
    if (!found) throw notFound('source of the post-mortem', params.id)
    const { source, incident, reading } = found
    return {
      name: source.name,
      format: source.format,
      hash: source.hash,
      importedAt: iso(source.importedAt),
      importedBy: source.actorName,
      incident,
      text: source.text,
      reading,
      findings: source.findings.filter(
        (finding) => finding.incident === null || finding.incident === incident,
      ),
    }
  })
  bind(contract.listActions, async ({ query: { cursor, limit, postmortemId } }) => {
    const found = await listActions(db, { postmortemId, before: cursor, limit: limit + 1 })
    const more = await followUpsOf(db, found)
    const view = (action: Action) => actionView(world, action, more.get(action.id)!)
    return pageOf(found, limit, view, (action) => action.id)
  })
  const seen = async (action: Action) =>
    actionView(world, action, (await followUpsOf(db, [action])).get(action.id)!)
  bind(contract.readAction, async ({ params }) => {
    const action = await findAction(db, params.id)
    if (!action) throw notFound('action', params.id)
    return seen(action)
  })
  bind(contract.addAction, async ({ actor, params, body }) =>
    seen(await addAction(world, actor, { ...body, postmortemId: params.id, dueAt: millisOr(body.dueAt) })),
  )
  bind(contract.changeAction, async ({ actor, params, body }) =>
    seen(await changeAction(world, actor, { ...body, actionId: params.id, dueAt: millisOr(body.dueAt) })),
  )
  bind(contract.claimAction, async ({ actor, params }) =>
    seen(await claimAction(world, actor, { actionId: params.id })),
  )
}

function postmortemView(postmortem: Postmortem): contract.Postmortem {
  return {
    id: postmortem.id,
    incidentId: postmortem.incidentId,
    title: postmortem.title,
    state: postmortem.state,
    reason: postmortem.reason,
    since: iso(postmortem.since),
    version: postmortem.version,
    draftDueAt: isoOrNull(postmortem.draftDueAt),
    dueAt: isoOrNull(postmortem.dueAt),
    actionIds: postmortem.actionIds,
  }
}

const NOBODY_PROPOSES: Proposer = { model: null, egress: { allowPrivate: false, allow: [] } }

function importedView(
  { outcome, name, hash, earlier, postmortemIds, reading }: Imported,
  { model }: Proposer,
  proposals: Proposals | null,
): imports.ImportedDocument {
  const { format, source, incidents, findings } = reading
  const languageModel = model ? { model: model.model, host: new URL(model.url).host } : null
  const told = { outcome, name, format, hash, earlier, postmortemIds, languageModel, proposals }
  return { ...told, source, incidents, findings }
}

function detailView(postmortem: Postmortem): contract.PostmortemDetail {
  return { ...postmortemView(postmortem), body: postmortem.body }
}

function actionView(world: HttpOptions['world'], action: Action, more: FollowUp): contract.Action {
  const rests = action.state === 'proved' || action.state === 'stale'
  return {
    id: action.id,
    postmortemId: action.postmortemId,
    title: action.title,
    type: action.type,
    owner: action.owner,
    dueAt: isoOrNull(action.dueAt),
    criterion: action.criterion,
    drillId: action.drillId,
    state: action.state,
    reason: action.reason,
    since: iso(action.since),
    claimedBy: action.claimedBy,
    ...followUpView(world, more),
    provedByRunId: rests && action.proof?.id == null ? action.drillRunId : null,
    provedBy:
      rests && action.proof
        ? { kind: action.proof.kind as 'drill', until: isoOrNull(action.proof.until) }
        : null,
  }
}
