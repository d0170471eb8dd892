import type { FastifyReply } from 'fastify'
import { documentPath } from '../comms/index.ts'
import * as contract from '../contract/postmortem-exports.ts'
import { exportPostmortem as exportMarkdown } from '../contract/postmortems.ts'
import type { Actor } from '../engine/world.ts'
import { iso } from '../kit/clock.ts'
import {
  DOCUMENT_POLICY,
  type ExportFormat,
  exportPostmortem,
  type Publication,
  type PublicStanding,
  previewPublication,
  publishPostmortem,
  readPublicStanding,
  withdrawPostmortem,
} from '../postmortems/index.ts'
import { tellProofs } from '../proofs/index.ts'
import type { RoomRoutes } from './bind.ts'
import { Plain } from './plain.ts'

/** Post-mortems as files, and on the status page. */
export const postmortemExportsRoutes: RoomRoutes = (bind, { world }) => {
  const file =
    (format: ExportFormat) =>
    async ({ actor, params, reply }: { actor: Actor; params: { id: string }; reply: FastifyReply }) => {
      const { name, type, content } = await exportPostmortem(
        world,
        actor,
        { postmortemId: params.id, format },
        { tellProofs },
      )
      // The name is made of letters, digits and hyphens. A file is saved, never shown in our own name.
      reply.header('content-disposition', `attachment; filename="${name}"`)
      if (format === 'html') reply.header('content-security-policy', `sandbox; ${DOCUMENT_POLICY}`)
      return new Plain(type, content)
    }
  bind(exportMarkdown, file('markdown'))
  bind(contract.exportPostmortemHtml, file('html'))
  bind(contract.exportPostmortemPdf, file('pdf'))
  bind(contract.exportPostmortemJson, file('json'))
  bind(contract.readPublication, async ({ params }) =>
    standingView(await readPublicStanding(world, params.id)),
  )
  bind(contract.previewPublication, async ({ actor, params, body }) => {
    const {
      title,
      body: text,
      leftOut,
      kept,
      hash,
    } = await previewPublication(world, actor, {
      ...body,
      postmortemId: params.id,
    })
    return { title, body: text, leftOut, kept, seen: hash }
  })
  bind(contract.publishPostmortem, async ({ actor, params, body }) =>
    standingView(await publishPostmortem(world, actor, { ...body, postmortemId: params.id })),
  )
  bind(contract.withdrawPostmortem, async ({ actor, params }) => {
    await withdrawPostmortem(world, actor, { postmortemId: params.id })
    return undefined
  })
}

function standingView({
  published,
  withdrawn,
  newerText,
  incidentId,
  choices,
}: PublicStanding): contract.PublicStanding {
  return {
    published: published && publicationView(published),
    withdrawn: withdrawn && publicationView(withdrawn),
    newerText,
    path: published && incidentId ? `/status/${documentPath(incidentId)}` : null,
    choices: choices.map(({ title, state, suggested }) => ({ title, content: state, suggested })),
  }
}

function publicationView(publication: Publication): contract.Publication {
  const { title, version, sections, namesKept, publishedAt, actorName } = publication
  return { title, version, sections, namesKept, at: iso(publishedAt), by: actorName }
}
