import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { durationField, durationOr, familyField, hostPortField, timeoutField } from '../fields.ts'

const issuer = z
  .string()
  .refine(isIssuer, 'an https:// or http:// address without credentials, query and fragment is expected')
  .meta({
    title: 'Issuer',
    description: 'The address that names the provider. Its discovery document must name the very same one.',
  })

function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password
}

const word = z.string().min(1).max(1_000)
const words = z
  .union([word, z.array(word).max(50)])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .prefault([])

const client = z.strictObject({
  id: word.meta({ title: 'Client', description: 'The identifier of a client registered for this check.' }),
  secret: word.meta({ title: 'Secret', description: 'Its secret.' }),
  authentication: z
    .enum(['basic', 'post'])
    .default('basic')
    .meta({ title: 'Authentication', description: 'How the secret is sent: in a header, or in the body.' }),
  scope: word.optional().meta({ title: 'Scope', description: 'Scopes to ask for, separated by spaces.' }),
  audience: word
    .optional()
    .meta({ title: 'Audience', description: 'Sent as `audience`, where the provider wants one.' }),
  resource: word
    .optional()
    .meta({ title: 'Resource', description: 'Sent as `resource` (RFC 8707), where the provider wants one.' }),
})

/** Algorithms with a public key; the others either prove nothing or need a secret that everybody would have. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const expect = z.strictObject({
  discoveryLatency: durationOr('2s', 'Slowest discovery', 'Later than this the discovery document is slow.'),
  keysLatency: durationOr(
    '2s',
    'Slowest keys',
    'Later than this the keys are slow: each verifier waits so long.',
  ),
  tokenLatency: durationOr('2s', 'Slowest token', 'Later than this a token is slow.'),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .min(1)
    .default([...ALGORITHMS])
    .meta({ title: 'Algorithms', description: 'Signatures that are accepted.' }),
  jwt: z.boolean().default(true).meta({
    title: 'Signed token',
    description:
      'Whether the token must be a signed JWT. One that is opaque can only be obtained, not verified.',
  }),
  audience: words.meta({ title: 'Audience', description: 'Audiences, of which the token must name one.' }),
  scope: words.meta({ title: 'Scope', description: 'Scopes that the token must carry.' }),
  claims: z
    .record(word, z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .meta({ title: 'Claims', description: 'Claims that the token must carry, with their values.' }),
  tokenLifetime: durationField(
    'Life of tokens',
    'How long tokens live: a key that signed them must stay published for so long. By default that of the ' +
      'token obtained, or an hour.',
  ).optional(),
  announce: durationField(
    'Announce',
    'How long a new key must have been published before it signs, for verifiers that keep keys.',
  ).optional(),
  ...certificateExpectations,
})

/** The parameters of an OpenID Connect check. */
export const oidcSchema = z.strictObject({
  issuer,
  client: client.optional().meta({
    title: 'Client',
    description: 'Credentials to obtain a token with, whose signature and claims are then verified.',
  }),
  expect: expect
    .prefault({})
    .meta({ title: 'Expect', description: 'What keys, token and certificate must be.' }),
  stepTimeout: durationOr(
    '4s',
    'Longest step',
    'Discovery, keys and token each count as hanging when they take longer.',
  ),
  connectTo: hostPortField(
    'Connect to',
    'host:port to connect to in place of that of the issuer, whose name is still asked for. To check one node.',
  ).optional(),
  timeout: timeoutField,
  family: familyField,
})
export type OidcSpec = z.output<typeof oidcSchema>
