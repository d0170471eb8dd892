import { createHash, randomBytes } from 'node:crypto'

/** What can be wrong with a registrar, as `twist`. */
export const SIP_TWISTS = [
  'unavailable',
  'silent',
  'unauthorized',
  'digest-unknown',
  'not-bound',
  'bindings-missing',
  'bindings-extra',
  'not-replicated',
] as const
export type SipTwist = (typeof SIP_TWISTS)[number]

/** What satisfies the monitor. */
export interface HealthySip {
  method: 'options' | 'register'
  /** The final status that the monitor wants. */
  status: number
  /** The log-in to ask for; null where the monitor has none. */
  login: { user: string; password: string } | null
  /** How many contacts the account has, the newcomer included. */
  bindings: number
  /** How many it may have; null where the monitor sets no limit. */
  most: number | null
  /** True where another node of a pair must know of the binding. */
  pair: boolean
}

/** A registrar in a few lines: it keeps what was bound and asks for a digest log-in by SHA-256. */
export function playRegistrar(
  { method, status, login, bindings, most }: HealthySip,
  twist: SipTwist | undefined,
): (request: string) => string | null {
  const nonces = new Set<string>()
  const bound = new Map<string, number>()
  const others =
    twist === 'bindings-missing' ? 0 : twist === 'bindings-extra' ? (most ?? bindings + 50) : bindings - 1
  for (let i = 1; i <= others; i++) bound.set(`sip:phone-${i}@192.0.2.${i % 250}`, 3_600)

  const challenge = (algorithm: string): string[] => {
    const nonce = randomBytes(12).toString('hex')
    nonces.add(nonce)
    return [`WWW-Authenticate: Digest realm="lab", nonce="${nonce}", algorithm=${algorithm}, qop="auth"`]
  }

  return (request) => {
    const asked = request.slice(0, request.indexOf(' ')).toUpperCase()
    const answer = (code: number, phrase: string, more: string[] = []) =>
      respond(request, `${code} ${phrase}`, more)
    if (twist === 'silent') return null
    if (twist === 'unavailable') return answer(503, 'Service Unavailable', ['Retry-After: 60'])
    if (twist === 'unauthorized') return answer(401, 'Unauthorized', challenge('SHA-256'))
    if (asked !== 'REGISTER')
      return method === 'options' ? answer(status, phraseOf(status)) : answer(200, 'OK')
    if (twist === 'digest-unknown') return answer(401, 'Unauthorized', challenge('KANGAROO-12'))
    if (login && !accepts(request, login, nonces)) return answer(401, 'Unauthorized', challenge('SHA-256'))
    if (twist === 'not-bound') return answer(200, 'OK')
    const contact = /^Contact: <([^>]+)>;expires=(\d+)/im.exec(request)
    if (contact) {
      if (contact[2] === '0') bound.delete(contact[1]!)
      else bound.set(contact[1]!, Number(contact[2]))
    }
    const contacts = [...bound].map(([uri, expires]) => `Contact: <${uri}>;expires=${expires}`)
    return answer(status, phraseOf(status), contacts)
  }
}

const phraseOf = (status: number) => (status === 200 ? 'OK' : 'As Configured')

function accepts(
  request: string,
  { user, password }: { user: string; password: string },
  nonces: Set<string>,
): boolean {
  const header = /^Authorization: Digest (.*)$/im.exec(request)?.[1] ?? ''
  const given = (name: string) => new RegExp(`(?:^|, )${name}="?([^",]*)`).exec(header)?.[1] ?? ''
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const nonce = given('nonce')
  if (!nonces.has(nonce)) return false
  const secret = hash(`${user}:lab:${password}`)
  const asked = hash(`REGISTER:${given('uri')}`)
  return given('response') === hash(`${secret}:${nonce}:${given('nc')}:${given('cnonce')}:auth:${asked}`)
}

function respond(request: string, status: string, more: string[]): string {
  const echoed = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
    (name) => new RegExp(`^${name}:.*$`, 'im').exec(request)?.[0] ?? `${name}: lost`,
  )
  return [`SIP/2.0 ${status}`, ...echoed, ...more, 'Server: Tocsin lab', 'Content-Length: 0', '', ''].join(
    '\r\n',
  )
}
