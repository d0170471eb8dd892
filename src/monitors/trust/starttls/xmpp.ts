import { failure } from '../../net/failure.ts'
import { type Dialog, malformed, said } from './dialog.ts'

const LONGEST_ANSWER = 16_384
const TLS_NAMESPACE = 'urn:ietf:params:xml:ns:xmpp-tls'

const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&apos;',
  '"': '&quot;',
}
const escaped = (text: string) => text.replace(/[&<>'"]/g, (sign) => ESCAPED[sign]!)

/** Up to the end of whatever the pattern finds first. */
function upTo(pattern: RegExp) {
  return (heard: Buffer) => {
    const found = pattern.exec(heard.toString('latin1'))
    return found ? found.index + found[0].length : 0
  }
}
const FEATURES = /<\/stream:features\s*>|<stream:features\s*\/>|<\/stream:stream\s*>|<\/stream:error\s*>/
const VERDICT =
  /<proceed\b[^>]*\/>|<\/proceed\s*>|<failure\b[^>]*\/>|<\/failure\s*>|<\/stream:(?:error|stream)\s*>/

/** XMPP (RFC 6120, 5): between clients and servers, and between servers. */
function stream(namespace: 'jabber:client' | 'jabber:server') {
  return function* ({ domain }: { domain: string }): Dialog<object> {
    const say =
      `<?xml version='1.0'?><stream:stream to='${escaped(domain)}' xmlns='${namespace}' ` +
      `xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`
    const waiting = 'the features of the stream'
    const heard = yield { say, take: upTo(FEATURES), most: LONGEST_ANSWER, waiting }
    const features = heard.toString('latin1')
    if (features.includes('<stream:error'))
      return failure('service-refused', `the server does not serve ${domain}: ${said(conditionOf(features))}`)
    if (!features.includes('<stream:features')) return malformed(waiting, features)
    if (!/<starttls\b/.test(features) || !features.includes(TLS_NAMESPACE))
      return failure('not-offered', 'the server does not offer STARTTLS: what is said travels in the open')
    const answer = yield {
      say: `<starttls xmlns='${TLS_NAMESPACE}'/>`,
      take: upTo(VERDICT),
      most: LONGEST_ANSWER,
      waiting: 'the answer to starttls',
    }
    const text = answer.toString('latin1')
    if (/<proceed\b/.test(text)) return {}
    return failure('refused', `the server offers STARTTLS and refuses it: ${said(text)}`)
  }
}

const conditionOf = (text: string) => /<stream:error[^>]*>\s*<([\w-]+)/.exec(text)?.[1] ?? text

export const xmpp = stream('jabber:client')
export const xmppServer = stream('jabber:server')
