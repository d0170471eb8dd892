import { failure } from '../../net/failure.ts'
import { type Dialog, linesUntil, malformed, reply } from './dialog.ts'
import { plainText, replyText } from './smtp.ts'

// Of a server without TLS: unknown command, not implemented, not for this parameter, log in first.
const NO_AUTH_TLS = [500, 501, 502, 504, 530]

/** FTP (RFC 4217, 4). */
export function* ftp(): Dialog<object> {
  const banner = yield* reply('the banner')
  if ('failed' in banner) return banner
  if (banner.code === 120 || banner.code >= 400)
    return failure('service-refused', `the server refuses to serve: ${replyText(banner)}`)
  if (banner.code !== 220) return malformed('the banner', plainText(banner))
  const answer = yield* reply('the answer to AUTH TLS', 'AUTH TLS\r\n')
  if ('failed' in answer) return answer
  if (answer.code === 234) return {}
  if (NO_AUTH_TLS.includes(answer.code))
    return failure('not-offered', `the server does not know AUTH TLS: ${replyText(answer)}`)
  return failure('refused', `the server refuses AUTH TLS: ${replyText(answer)}`)
}

/** News (RFC 4642, 2). */
export function* nntp(): Dialog<object> {
  const banner = yield* reply('the banner')
  if ('failed' in banner) return banner
  if (banner.code >= 400)
    return failure('service-refused', `the server refuses to serve: ${replyText(banner)}`)
  if (banner.code !== 200 && banner.code !== 201) return malformed('the banner', plainText(banner))
  const able = yield* reply('the answer to CAPABILITIES', 'CAPABILITIES\r\n')
  if ('failed' in able) return able
  if (able.code === 101) {
    const list = yield* linesUntil((text) => text === '.', 'the list of capabilities')
    if ('failed' in list) return list
    if (!list.lines.some((text) => text.trim().toUpperCase() === 'STARTTLS'))
      return failure(
        'not-offered',
        'the server does not offer STARTTLS: what is sent to it travels in the open',
      )
  }
  const answer = yield* reply('the answer to STARTTLS', 'STARTTLS\r\n')
  if ('failed' in answer) return answer
  if (answer.code === 382) return {}
  return failure('refused', `the server refuses STARTTLS: ${replyText(answer)}`)
}
