import { z } from 'zod'
import { byId, id, instant, page, pageQuery, route, slug } from './route.ts'

const room = 'monitors'

export const inventoryEntry = z.object({
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  names: z.array(z.string()),
  serial: z.string(),
  notBefore: instant,
  notAfter: instant,
  selfSigned: z.boolean(),
  firstSeen: instant,
  /** Who serves it. */
  servers: z.array(
    z.object({
      monitorId: id,
      serviceId: id,
      /** The address, where the monitor looks at several; the one seen first, where it looks at one. */
      address: z.string().nullable(),
      since: instant,
      lastSeen: instant.nullable(),
      /** Whether it is served now. */
      now: z.boolean(),
      /** How its renewal stands, where it is served now and the monitor knows when it is due, or that it went wrong. */
      renewal: z
        .object({
          due: instant.nullable(),
          /** What is wrong with it, of the reasons of monitors; null where nothing is. */
          reason: z.string().nullable(),
        })
        .nullable(),
      /** Clients that break on it, or will soon. */
      breaks: z.array(
        z.object({
          name: z.string(),
          verdict: z.enum(['up', 'degraded', 'down']),
          reason: z.string(),
          /** The last day on which they connect. */
          lastDay: z.string().nullable(),
          summary: z.string(),
        }),
      ),
    }),
  ),
})
export type InventoryEntry = z.infer<typeof inventoryEntry>

const counted = z.object({ name: z.string(), certificates: z.number().int() })

export const listCertificates = route({
  id: 'listCertificates',
  method: 'GET',
  path: '/api/v1/certificates',
  summary: 'Every certificate that a monitor has seen, and who serves it',
  room,
  access: 'viewer',
  query: pageQuery.extend({
    sort: z.enum(['expiry', 'issuer', 'service']).default('expiry'),
    /** Words, each of which stands somewhere in its subject, names, issuer, serial, fingerprint, or in a monitor's id. */
    q: z.string().max(200).optional(),
    issuer: z.string().min(1).max(200).optional(),
    /** The name of clients that break on it or will soon; `*` for any. */
    breaks: z.string().min(1).max(200).optional(),
    service: slug.optional(),
    monitor: slug.optional(),
    endsBefore: instant.optional(),
    /** Those that nobody serves any more too. */
    past: z.enum(['true', 'false']).default('false'),
  }),
  answer: page(inventoryEntry).extend({
    /** How many match, on all pages. */
    total: z.number().int(),
    /** By what the list can be narrowed: clients that break on something, and who issued, the most frequent first. */
    breaking: z.array(counted),
    issuers: z.array(counted),
  }),
})

export const renewals = z.object({
  renewals: z.array(
    z.object({
      at: instant,
      /** The address, where the monitor looks at several. */
      node: z.string(),
      from: z.string(),
      to: z.string(),
      daysBeforeEnd: z.number(),
    }),
  ),
  usualDays: z.number().nullable(),
  summary: z.string().nullable(),
})
export type Renewals = z.infer<typeof renewals>

export const readRenewals = route({
  id: 'readRenewals',
  method: 'GET',
  path: '/api/v1/monitors/:id/renewals',
  summary: 'When the certificate of a monitor was renewed',
  room,
  access: 'viewer',
  params: byId,
  answer: renewals,
})
