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
  exportMarkdown,
  findAction,
  findPostmortem,
  findReading,
  type Imported,
  importPostmortem,
  listActions,
  listPostmortems,
  type Postmortem,
  previewImport,
} from '../postmortems/index.ts'
import type { RoomRoutes } from './bind.ts'
import { Plain } from './plain.ts'
import { millisOr, pageOf } from './presenting.ts'

/** Post-mortems and their actions. */
export const postmortemsRoutes: RoomRoutes = (bind, { world }) => {
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
    detailView(await changePostmortemState(world, actor, { postmortemId: params.id, to: body.to })),
  )
  bind(contract.exportPostmortem, async ({ actor, params }) => {
    const text = await exportMarkdown(world, actor, { postmortemId: params.id })
    return new Plain('text/markdown; charset=utf-8', text)
  })
  bind(contract.importPostmortem, async ({ actor, body: { encoding, dryRun, ...given } }) => {
    const content = encoding === 'base64' ? Buffer.from(given.content, 'base64') : given.content
    const work = dryRun ? previewImport : importPostmortem
    return importedView(await work(world, actor, { ...given, content }))
  })
  bind(contract.readPostmortemSource, async ({ params }) => {
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
    return pageOf(found, limit, actionView, (action) => action.id)
  })
  bind(contract.readAction, async ({ params }) => {
    const action = await findAction(db, params.id)
    if (!action) throw notFound('action', params.id)
    return actionView(action)
  })
  bind(contract.addAction, async ({ actor, params, body }) =>
    actionView(
      await addAction(world, actor, { ...body, postmortemId: params.id, dueAt: millisOr(body.dueAt) }),
    ),
  )
  bind(contract.changeAction, async ({ actor, params, body }) =>
    actionView(
      await changeAction(world, actor, { ...body, actionId: params.id, dueAt: millisOr(body.dueAt) }),
    ),
  )
  bind(contract.claimAction, async ({ actor, params }) =>
    actionView(await claimAction(world, actor, { actionId: params.id })),
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
    dueAt: isoOrNull(postmortem.dueAt),
    actionIds: postmortem.actionIds,
  }
}

function importedView({
  outcome,
  name,
  hash,
  earlier,
  postmortemIds,
  reading,
}: Imported): contract.ImportedDocument {
  const { format, source, incidents, findings } = reading
  return { outcome, name, format, hash, earlier, postmortemIds, source, incidents, findings }
}

function detailView(postmortem: Postmortem): contract.PostmortemDetail {
  return { ...postmortemView(postmortem), body: postmortem.body }
}

function actionView(action: Action): contract.Action {
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
    provedByRunId: rests && action.proof?.id == null ? action.drillRunId : null,
    provedBy:
      rests && action.proof
        ? { kind: action.proof.kind as 'drill', until: isoOrNull(action.proof.until) }
        : null,
  }
}
