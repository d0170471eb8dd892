import { z } from 'zod'
import { postmortemDocument } from './postmortem-document.ts'
import { byId, id, instant, name, route } from './route.ts'

const room = 'postmortems'

/** Answers text/html: one file without a script, with everything in it. */
export const exportPostmortemHtml = route({
  id: 'exportPostmortemHtml',
  method: 'GET',
  path: '/api/v1/postmortems/:id/html',
  summary: 'The post-mortem as one HTML file',
  room,
  access: 'viewer',
  params: byId,
})
/** Answers application/pdf; needs a Chromium on the server. */
export const exportPostmortemPdf = route({
  id: 'exportPostmortemPdf',
  method: 'GET',
  path: '/api/v1/postmortems/:id/pdf',
  summary: 'The post-mortem as PDF',
  room,
  access: 'viewer',
  params: byId,
})
export const exportPostmortemJson = route({
  id: 'exportPostmortemJson',
  method: 'GET',
  path: '/api/v1/postmortems/:id/json',
  summary: 'The post-mortem with everything that belongs to it, as another Tocsin imports it',
  room,
  access: 'viewer',
  params: byId,
  answer: postmortemDocument,
})

const publication = z.object({
  title: z.string(),
  /** Of the text that was published. */
  version: z.number().int(),
  sections: z.array(z.string()),
  namesKept: z.array(z.string()),
  at: instant,
  by: z.string(),
})
export type Publication = z.infer<typeof publication>

export const publicStanding = z.object({
  /** What stands on the status page; null where nothing does. */
  published: publication.nullable(),
  /** What stood there before it was taken back. */
  withdrawn: publication.nullable(),
  /** The text was changed after it was published. */
  newerText: z.boolean(),
  /** Where the public reads it. */
  path: z.string().nullable(),
  choices: z.array(
    z.object({
      title: z.string(),
      /** Only what is written can be published. */
      content: z.enum(['written', 'empty', 'prompt-left']),
      suggested: z.boolean(),
    }),
  ),
})
export type PublicStanding = z.infer<typeof publicStanding>

const choice = z.strictObject({
  /** That of the public incident without it. */
  title: name.optional(),
  sections: z.array(z.string().min(1).max(500)).min(1).max(100),
  /** Names from inside that the public may read. */
  keepNames: z.array(z.string().min(1).max(500)).max(500).default([]),
})
const foundName = z.object({
  name: z.string(),
  kind: z.enum(['person', 'service', 'monitor', 'host', 'address', 'e-mail']),
  times: z.number().int(),
})
export type FoundName = z.infer<typeof foundName>

export const readPublication = route({
  id: 'readPublication',
  method: 'GET',
  path: '/api/v1/postmortems/:id/publication',
  summary: 'Whether the post-mortem stands on the status page, and what could',
  room,
  access: 'viewer',
  params: byId,
  answer: publicStanding,
})
export const previewPublication = route({
  id: 'previewPublication',
  method: 'POST',
  path: '/api/v1/postmortems/:id/publication/preview',
  summary: 'What the public would read; nothing is published',
  room,
  access: 'editor',
  params: byId,
  body: choice,
  answer: z.object({
    title: z.string(),
    /** Markdown. */
    body: z.string(),
    leftOut: z.array(foundName),
    kept: z.array(foundName),
    /** Send it back to publish what was looked at. */
    seen: z.string(),
  }),
})
export const publishPostmortem = route({
  id: 'publishPostmortem',
  method: 'POST',
  path: '/api/v1/postmortems/:id/publication',
  summary: 'Publish it on the status page, in the place of what stands there',
  room,
  access: 'editor',
  params: byId,
  body: choice.extend({ seen: id }),
  answer: publicStanding,
})
export const withdrawPostmortem = route({
  id: 'withdrawPostmortem',
  method: 'DELETE',
  path: '/api/v1/postmortems/:id/publication',
  summary: 'Take it off the status page',
  room,
  access: 'editor',
  params: byId,
  status: 204,
})
