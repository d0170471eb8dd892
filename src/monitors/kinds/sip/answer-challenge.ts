import { createHash } from 'node:crypto'

/** A digest challenge (RFC 3261, 22; RFC 8760), its texts as they stood between the quotes. */
export interface Challenge {
  realm: string
  nonce: string
  opaque: string | null
  algorithm: string
  qop: string[]
  stale: boolean
}

const HASHES: Record<string, string> = {
  md5: 'md5',
  'sha-256': 'sha256',
  'sha-512-256': 'sha512-256',
}

/** The challenges in the lines of one header, in their order; schemes other than Digest are left out. */
export function readChallenges(lines: readonly string[]): Challenge[] {
  return lines.flatMap((line) => {
    const schemes: { scheme: string; parameters: Map<string, string> }[] = []
    const part = /\s*,?\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/y
    for (let found = part.exec(line); found; found = part.exec(line)) {
      const [, name, quoted, plain] = found
      const value = quoted ?? plain
      if (value === undefined) schemes.push({ scheme: name!.toLowerCase(), parameters: new Map() })
      else schemes.at(-1)?.parameters.set(name!.toLowerCase(), value)
    }
    return schemes.flatMap(({ scheme, parameters }): Challenge[] => {
      const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')]
      if (scheme !== 'digest' || realm === undefined || nonce === undefined) return []
      return [
        {
          realm,
          nonce,
          opaque: parameters.get('opaque') ?? null,
          algorithm: parameters.get('algorithm') ?? 'MD5',
          qop: (parameters.get('qop') ?? '')
            .split(',')
            .map((one) => one.trim().toLowerCase())
            .filter((one) => one !== ''),
          stale: parameters.get('stale')?.toLowerCase() === 'true',
        },
      ]
    })
  })
}

/** The first challenge that can be answered: the server lists them by its preference. */
export function answerable(challenges: readonly Challenge[]): Challenge | null {
  return (
    challenges.find(
      ({ algorithm, qop }) =>
        hashOf(algorithm) !== null && (qop.length === 0 || qop.includes('auth') || qop.includes('auth-int')),
    ) ?? null
  )
}

function hashOf(algorithm: string): ((text: string) => string) | null {
  const name = HASHES[algorithm.toLowerCase().replace(/-sess$/, '')]
  return name === undefined ? null : (text) => createHash(name).update(text).digest('hex')
}

/** What a challenge is answered with. */
export interface Login {
  user: string
  password: string
  method: string
  uri: string
  cnonce: string
  /** How often this nonce has been used, this time included. */
  count: number
}

/** The value of an Authorization header. The body of every request of a check is empty. */
export function answerChallenge(challenge: Challenge, login: Login): string {
  const { realm, nonce, opaque, algorithm, qop } = challenge
  const hash = hashOf(algorithm)
  if (!hash) throw new Error(`the algorithm ${algorithm} was not to be answered`)
  const { method, uri, cnonce } = login
  const count = login.count.toString(16).padStart(8, '0')
  const plain = hash(`${login.user}:${realm}:${login.password}`)
  const secret = /-sess$/i.test(algorithm) ? hash(`${plain}:${nonce}:${cnonce}`) : plain
  const quality = qop.includes('auth') ? 'auth' : qop.includes('auth-int') ? 'auth-int' : null
  const asked = hash(quality === 'auth-int' ? `${method}:${uri}:${hash('')}` : `${method}:${uri}`)
  const response = hash(
    quality === null
      ? `${secret}:${nonce}:${asked}`
      : `${secret}:${nonce}:${count}:${cnonce}:${quality}:${asked}`,
  )
  return [
    `Digest username="${login.user.replace(/[\\"]/g, '\\$&')}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(quality === null && !/-sess$/i.test(algorithm) ? [] : [`cnonce="${cnonce}"`]),
    ...(quality === null ? [] : [`qop=${quality}`, `nc=${count}`]),
    ...(opaque === null ? [] : [`opaque="${opaque}"`]),
  ].join(', ')
}
