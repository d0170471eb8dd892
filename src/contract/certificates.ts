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

export const listCertificates = route({
  id: 'listCertificates',
  method: 'GET',
  path: '/api/v1/certificates',
  summary: 'Every certificate that a monitor has seen, and who serves it',
  room,
  access: 'viewer',
  query: pageQuery.extend({
    sort: z.enum(['expiry', 'issuer', 'service']).default('expiry'),
    issuer: z.string().min(1).max(200).optional(),
    service: slug.optional(),
    monitor: slug.optional(),
    endsBefore: instant.optional(),
    /** Those that nobody serves any more too. */
    past: z.enum(['true', 'false']).default('false'),
  }),
  answer: page(inventoryEntry),
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
