import { failure } from '../../net/failure.ts'
import { type Dialog, line, linesUntil, malformed, said } from './dialog.ts'

/** IMAP (RFC 9051, 6.2.1). */
export function* imap(): Dialog<object> {
  const greeting = yield* line('the greeting')
  if ('failed' in greeting) return greeting
  if (/^\* BYE\b/i.test(greeting.text))
    return failure('service-refused', `the server refuses to serve: ${said(greeting.text)}`)
  if (/^\* PREAUTH\b/i.test(greeting.text))
    return failure('refused', 'the server logs everybody in at once, and then TLS is not possible any more')
  if (!/^\* OK\b/i.test(greeting.text)) return malformed('the greeting', greeting.text)
  const able = yield* tagged('a001', 'CAPABILITY')
  if ('failed' in able) return able
  const capabilities = able.lines.filter((text) => /^\* CAPABILITY /i.test(text)).join(' ')
  if (!/\bSTARTTLS\b/i.test(capabilities))
    return failure('not-offered', 'the server does not offer STARTTLS: passwords travel in the open')
  const answer = yield* tagged('a002', 'STARTTLS')
  if ('failed' in answer) return answer
  const last = answer.lines.at(-1)!
  if (/^a002 OK\b/i.test(last)) return {}
  return failure('refused', `the server offers STARTTLS and refuses it: ${said(last)}`)
}

function tagged(tag: string, command: string): Dialog<{ lines: string[] }> {
  const ends = (text: string) => text.startsWith(`${tag} `) || /^\* BYE\b/i.test(text)
  return linesUntil(ends, `the answer to ${command}`, `${tag} ${command}\r\n`)
}

/** POP3 (RFC 2595, 4); a server that cannot list what it can do is asked straight away. */
export function* pop3(): Dialog<object> {
  const greeting = yield* line('the greeting')
  if ('failed' in greeting) return greeting
  if (/^-ERR/i.test(greeting.text))
    return failure('service-refused', `the server refuses to serve: ${said(greeting.text)}`)
  if (!/^\+OK/i.test(greeting.text)) return malformed('the greeting', greeting.text)
  const waiting = 'the answer to CAPA'
  const first = yield* line(waiting, 'CAPA\r\n')
  if ('failed' in first) return first
  if (/^\+OK/i.test(first.text)) {
    const able = yield* linesUntil((text) => text === '.', waiting)
    if ('failed' in able) return able
    if (!able.lines.some((text) => text.trim().toUpperCase() === 'STLS'))
      return failure('not-offered', 'the server does not offer STLS: passwords travel in the open')
  } else if (!/^-ERR/i.test(first.text)) return malformed(waiting, first.text)
  const answer = yield* line('the answer to STLS', 'STLS\r\n')
  if ('failed' in answer) return answer
  if (/^\+OK/i.test(answer.text)) return {}
  return failure('refused', `the server refuses STLS: ${said(answer.text)}`)
}

/** ManageSieve (RFC 5804, 1.7 and 2.2): the server begins with what it can do. */
export function* sieve(): Dialog<object> {
  const ends = (text: string) => /^(OK|NO|BYE)\b/i.test(text)
  const greeting = yield* linesUntil(ends, 'the greeting')
  if ('failed' in greeting) return greeting
  const last = greeting.lines.at(-1)!
  if (!/^OK\b/i.test(last)) return failure('service-refused', `the server refuses to serve: ${said(last)}`)
  if (!greeting.lines.some((text) => /^"STARTTLS"/i.test(text)))
    return failure('not-offered', 'the server does not offer STARTTLS: passwords travel in the open')
  const answer = yield* linesUntil(ends, 'the answer to STARTTLS', 'STARTTLS\r\n')
  if ('failed' in answer) return answer
  if (/^OK\b/i.test(answer.lines.at(-1)!)) return {}
  return failure('refused', `the server offers STARTTLS and refuses it: ${said(answer.lines.at(-1)!)}`)
}
