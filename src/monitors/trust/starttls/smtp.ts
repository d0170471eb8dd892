import { failure } from '../../net/failure.ts'
import { type Dialog, malformed, type Reply, reply, said } from './dialog.ts'

/** What an SMTP server said to the greeting of its client. */
export interface Hello {
  /** Extensions in capitals, with their parameters: `SIZE 52428800`. */
  extensions: string[]
}

/** Waits for the banner of a mail server. */
export function* smtpBanner(): Dialog<{ banner: string }> {
  const waiting = 'the banner'
  const heard = yield* reply(waiting)
  if ('failed' in heard) return heard
  if (heard.code === 220) return { banner: heard.texts.join(' ') }
  if (heard.code >= 400 && heard.code < 600)
    return failure('service-refused', `the server takes no mail now: ${replyText(heard)}`)
  return malformed(waiting, plainText(heard))
}

/** Introduces us, and hears what the server can do. */
export function* smtpHello(verb: 'EHLO' | 'LHLO', name: string): Dialog<Hello> {
  const waiting = `the answer to ${verb}`
  const heard = yield* reply(waiting, `${verb} ${name}\r\n`)
  if ('failed' in heard) return heard
  if (heard.code !== 250)
    return failure('service-refused', `the server does not accept ${verb} ${name}: ${replyText(heard)}`)
  return { extensions: heard.texts.slice(1).map((text) => text.trim().toUpperCase()) }
}

/** Asks for TLS, where it is offered. */
export function* smtpStartTls(hello: Hello): Dialog<object> {
  if (!hello.extensions.includes('STARTTLS'))
    return failure(
      'not-offered',
      'the server does not offer STARTTLS: what is sent to it travels in the open',
    )
  const heard = yield* reply('the answer to STARTTLS', 'STARTTLS\r\n')
  if ('failed' in heard) return heard
  if (heard.code === 220) return {}
  return failure('refused', `the server offers STARTTLS and refuses it: ${replyText(heard)}`)
}

/** A reply as it would be read aloud. */
export function replyText(heard: Reply): string {
  return said(plainText(heard))
}

/** The same, not in quotes yet. */
export function plainText({ code, texts }: Reply): string {
  return [code, ...texts].join(' ')
}

function mail(verb: 'EHLO' | 'LHLO') {
  return function* ({ hello }: { hello: string }): Dialog<object> {
    const banner = yield* smtpBanner()
    if ('failed' in banner) return banner
    const heard = yield* smtpHello(verb, hello)
    if ('failed' in heard) return heard
    return yield* smtpStartTls(heard)
  }
}
export const smtp = mail('EHLO')
export const lmtp = mail('LHLO')
