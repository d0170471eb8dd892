import type { FastifyInstance, FastifyReply } from 'fastify'
import { readVerification, verifyContact } from '../../catalog/index.ts'
import { channels, describeAddress } from '../../channels/index.ts'
import { ERRORS, reasonOf } from '../../kit/errors.ts'
import { acknowledgeByLink, readAckLink } from '../../oncall/index.ts'
import type { HttpOptions } from '../context.ts'
import { tocsinErrorOf } from '../problem.ts'
import { ackPage } from './ack-page.ts'
import { escapeHtml, pageHtml } from './layout.ts'
import { verifyPage } from './verify-page.ts'

interface BySecret {
  Params: { secret: string }
}

/**
 * The pages behind the links of messages: without a script, readable on a phone at night. GET changes nothing,
 * since mail scanners and chat previews open links; only the button does.
 */
export function servePages(app: FastifyInstance, { world }: HttpOptions): void {
  // The buttons send an empty form.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 1_000 },
    (_request, _text, done) => done(null, undefined),
  )
  app.setErrorHandler((error, _request, reply) => {
    const known = tocsinErrorOf(error)
    if (!known) world.log.error({ error: reasonOf(error) }, 'a page broke')
    const title = known ? ERRORS[known.code].title : ERRORS.internal.title
    const text = known?.message ?? 'The log says what happened. Sign in to Tocsin and act there.'
    const body = `<p class="bad">${escapeHtml(text)}</p><p><a href="${escapeHtml(world.publicUrl)}/">Open Tocsin</a></p>`
    return html(reply.code(known?.status ?? 500), pageHtml({ title, body }))
  })

  app.get<BySecret>('/ack/:secret', async ({ params }, reply) => {
    const link = await readAckLink(world, params.secret)
    return html(reply, ackPage(link, { now: world.clock.now(), justDone: false, publicUrl: world.publicUrl }))
  })
  app.post<BySecret>('/ack/:secret', async ({ params }, reply) => {
    const { outcome } = await acknowledgeByLink(world, params.secret)
    const link = await readAckLink(world, params.secret)
    const justDone = outcome === 'acknowledged'
    return html(reply, ackPage(link, { now: world.clock.now(), justDone, publicUrl: world.publicUrl }))
  })
  const describe = ({ kind, address }: { kind: string; address: Record<string, unknown> }) =>
    describeAddress(channels, kind, address)
  app.get<BySecret>('/verify/:secret', async ({ params }, reply) => {
    const verification = await readVerification(world, params.secret)
    return html(reply, verifyPage(verification, describe(verification.contact)))
  })
  app.post<BySecret>('/verify/:secret', async ({ params }, reply) => {
    const verification = await verifyContact(world, params.secret)
    return html(reply, verifyPage(verification, describe(verification.contact)))
  })
}

function html(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(text)
}
