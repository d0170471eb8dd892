import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { normalizePassword } from './password.rules.ts'

// OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane.
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const
const TAG = 32
const SALT = 16

const derive = promisify(argon2) as (kind: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

/** The password as argon2id in PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT)
  const tag = await derive('argon2id', {
    message: normalizePassword(password),
    nonce,
    tagLength: TAG,
    ...COST,
  })
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

let decoy: Promise<string> | null = null

/**
 * Whether the password is the one that was hashed. Without a hash it takes as long and answers no: the time
 * must not tell whether there is such an account.
 */
export async function verifyPassword(
  password: string,
  hash: string | null,
): Promise<{ right: boolean; outdated: boolean }> {
  decoy ??= hashPassword(randomBytes(SALT).toString('hex'))
  const parts = PHC.exec(hash ?? (await decoy))
  if (!parts) throw new Error('a stored password hash has a form that is not ours')
  const [, memory, passes, parallelism, salt, tag] = parts
  const expected = Buffer.from(tag!, 'base64')
  const actual = await derive('argon2id', {
    message: normalizePassword(password),
    nonce: Buffer.from(salt!, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  const right = timingSafeEqual(actual, expected) && hash !== null
  return { right, outdated: Number(memory) !== COST.memory || Number(passes) !== COST.passes }
}
