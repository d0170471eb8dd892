import { resolve } from 'node:path'
import { z } from 'zod'
import { channelSettings, channels, channelsConfig, mailConfig, parseAddress } from '../channels/index.ts'
import type { WatcherReading } from '../cli/index.ts'
import { slug } from '../contract/route.ts'
import { beatKey, peerLimits } from '../engine/life/config.ts'
import { DURATION_PATTERN, parseDuration } from '../kit/duration.ts'
import { type Problem, reasonOf, TocsinError } from '../kit/errors.ts'
import type { SecretSources } from '../kit/resolve-secrets.ts'
import { placedReader } from './read-placed.ts'

const schema = z.strictObject({
  listen: z
    .string()
    .regex(
      /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/,
      'must be an address and a port, such as 0.0.0.0:9191',
    )
    .default('127.0.0.1:9191')
    .meta({ title: 'Listen', description: 'Where beats are taken in.' }),
  tls: z
    .strictObject({ cert: z.string().includes('-----BEGIN'), key: z.string().includes('-----BEGIN') })
    .optional()
    .meta({ title: 'TLS', description: 'PEM texts; write cert_FILE and key_FILE to name files.' }),
  state: z
    .string()
    .min(1)
    .default('watch-peer.json')
    .meta({ title: 'State', description: 'The file in which it remembers; relative to this one.' }),
  remind: z
    .string()
    .regex(DURATION_PATTERN, 'a duration such as 30m is expected')
    .transform((text) => parseDuration(text) as number)
    .prefault('30m')
    .meta({ title: 'Remind', description: 'How long until the next page while nothing gets better.' }),
  peers: z
    .record(slug, z.strictObject({ key: beatKey, ...peerLimits }))
    .refine((peers) => Object.keys(peers).length > 0, 'at least one Tocsin to watch is expected')
    .meta({
      title: 'Peers',
      description: 'The Tocsins that are watched, by the name in the address of their beats.',
    }),
  contacts: z
    .array(
      z.strictObject({
        kind: z.string().meta({ title: 'Kind', description: 'email, webhook, …' }),
        address: z.union([z.string(), z.record(z.string(), z.unknown())]).meta({ title: 'Address' }),
      }),
    )
    .min(1, 'at least one contact is expected: a watcher that reaches nobody is none')
    .meta({ title: 'Contacts', description: 'Who is paged; all of them, each time.' }),
  mail: mailConfig.optional(),
  channels: channelsConfig,
})
type File = z.output<typeof schema>

/** What the schema cannot see: addresses of contacts belong to their channel. */
function contactProblems({ contacts, mail }: File): Problem[] {
  return contacts.flatMap(({ kind, address }, i) => {
    try {
      parseAddress(channels, kind, address)
    } catch (error) {
      const [first] = error instanceof TocsinError ? error.problems : []
      const message = first?.message ?? reasonOf(error)
      const part = first?.path.startsWith('kind') ? 'kind' : 'address'
      return [{ path: `contacts.${i}.${part}`, message, ...(first?.remedy && { remedy: first.remedy }) }]
    }
    if (kind === 'email' && !mail)
      return [
        { path: `contacts.${i}.kind`, message: 'there is no mail server', remedy: 'Add the section mail.' },
      ]
    return []
  })
}

const read = placedReader(schema, contactProblems)

/** Reads the file of `tocsin watch-peer`. */
export function readWatcher(text: string, sources: SecretSources): WatcherReading {
  const result = read(text, sources)
  if (!result.ok) return result
  const { listen, tls, state, remind, peers, contacts, mail, channels: section } = result.value
  const colon = listen.lastIndexOf(':')
  return {
    ok: true,
    value: {
      host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
      port: Number(listen.slice(colon + 1)),
      tls: tls ?? null,
      stateFile: resolve(sources.folder, state),
      remind,
      peers,
      contacts: contacts.map(({ kind, address }) => ({
        kind,
        address: parseAddress(channels, kind, address),
      })),
      channels: channelSettings(mail, section),
    },
  }
}
