import { z } from 'zod'
import { audience, contactInput, description, email, name, role, slug, timezone } from './fields.ts'
import { traits } from './traits.ts'

const ref = (title: string) => slug.meta({ title })

/** One entry of `services`. */
export const serviceConfig = z.strictObject({
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  description: description.default(''),
  owner: ref('Owner team').optional(),
  policy: ref('Escalation policy').optional(),
  dependsOn: z.array(slug).max(200).default([]).meta({ title: 'Depends on' }),
  audience: audience.default('internal'),
  has: traits,
})

/** One entry of `teams`. */
export const teamConfig = z.strictObject({
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  members: z.array(slug).max(200).default([]).meta({ title: 'Members' }),
  schedule: ref('On-call schedule').optional(),
  policy: ref('Escalation policy').optional(),
})

/** One entry of `people`. */
export const personConfig = z.strictObject({
  name: name.optional().meta({ title: 'Name', description: 'The key, where it is left out.' }),
  email: email.meta({ title: 'E-mail address', description: 'To sign in with; also the first contact.' }),
  role: role.default('responder'),
  contacts: z.array(contactInput).max(20).default([]).meta({
    title: 'Contacts',
    description: 'After the e-mail address, in the order in which they are tried.',
  }),
  timezone: timezone.default('UTC'),
})

/** The sections `services`, `teams` and `people`. */
export const catalogConfig = z.strictObject({
  services: z.record(slug, serviceConfig).default({}),
  teams: z.record(slug, teamConfig).default({}),
  people: z.record(slug, personConfig).default({}),
})

export type CatalogConfig = z.infer<typeof catalogConfig>
export type ServiceConfig = z.infer<typeof serviceConfig>
export type TeamConfig = z.infer<typeof teamConfig>
export type PersonConfig = z.infer<typeof personConfig>
