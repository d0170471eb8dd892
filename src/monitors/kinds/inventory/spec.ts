import { z } from 'zod'
import { certificateExpectationsSchema } from '../../trust/expectations.ts'
import { durationOr, familyField } from '../fields.ts'
import { compilePath } from '../json-assertions.ts'
import { DEFAULT_MAPPING, FORMATS, type Mapping } from './parse-inventory.ts'
import { BUILT_IN, ROW_FIELDS } from './rules.rules.ts'

const place = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => !text.startsWith('$') || isPath(text), 'this is no JSONPath of RFC 9535')

function isPath(text: string): boolean {
  try {
    return Boolean(compilePath(text))
  } catch {
    return false
  }
}

const mapping = z
  .strictObject(
    Object.fromEntries(
      (Object.keys(DEFAULT_MAPPING) as (keyof Mapping)[]).map((field) => [
        field,
        place
          .default(DEFAULT_MAPPING[field])
          .meta({ title: field, description: 'A member, a column, or a JSONPath.' }),
      ]),
    ) as Record<keyof Mapping, z.ZodDefault<typeof place>>,
  )
  .prefault({})
  .meta({ title: 'Mapping', description: 'Where things are, in an inventory of another shape.' })

const condition = z.partialRecord(z.enum(ROW_FIELDS), z.union([z.string().max(200), z.boolean()]))
const ruleName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'small letters, digits and hyphens are expected')

const ownRule = z.strictObject({
  title: z.string().min(1).max(200).meta({ title: 'Title', description: 'What is wrong, in a sentence.' }),
  by: z
    .array(z.enum(ROW_FIELDS))
    .min(1)
    .max(6)
    .meta({ title: 'By', description: 'Addresses that are equal in these are looked at together.' }),
  of: condition.default({}).meta({ title: 'Of', description: 'Which addresses count.' }),
  fewest: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .meta({ title: 'Fewest', description: 'Fewer of them together are no fault.' }),
  wrong: condition.default({}).meta({ title: 'Wrong', description: 'What none of them may be.' }),
})

const webAddress = (text: string) => {
  const plain = text.replaceAll('{device}', 'device')
  if (!URL.canParse(plain)) return false
  const { protocol, username, password } = new URL(plain)
  return /^https?:$/.test(protocol) && !username && !password
}

const acceptance = z.strictObject({
  rule: ruleName.meta({ title: 'Rule', description: 'Which rule may be broken.' }),
  device: z.string().max(500).optional().meta({ title: 'Device', description: 'By this device only.' }),
  ip: z.string().max(100).optional().meta({ title: 'Address', description: 'By this address only.' }),
  because: z.string().min(3).max(500).meta({ title: 'Because', description: 'Why it is accepted.' }),
  until: z.iso
    .date()
    .transform((text) => Date.parse(text))
    .optional()
    .meta({ title: 'Until', description: 'From this day on it counts again: 2026-12-31.' }),
})

/** The parameters of an inventory. */
export const inventorySchema = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .meta({ title: 'File', description: 'A JSON, CSV or YAML file on the machine of Tocsin.' }),
    url: z
      .string()
      .refine(webAddress, 'an http:// or https:// address without credentials is expected')
      .optional()
      .meta({ title: 'Address', description: 'Where the inventory is fetched.' }),
    format: z.enum(FORMATS).optional().meta({
      title: 'Format',
      description: 'By default what its name and its beginning say.',
    }),
    headers: z
      .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().regex(/^[^\r\n\0]*$/))
      .default({})
      .meta({ title: 'Headers', description: 'Request headers.' }),
    mapping,
    skip: z
      .array(z.enum(BUILT_IN.map(({ name }) => name) as [string, ...string[]]))
      .default([])
      .meta({ title: 'Skip', description: 'Built-in rules that are not asked at all.' }),
    rules: z
      .record(ruleName, ownRule)
      .default({})
      .meta({ title: 'Rules', description: 'Rules of your own, in the form of the built-in ones.' }),
    hosts: z
      .strictObject({
        url: z
          .string()
          .refine(webAddress, 'an http:// or https:// address is expected')
          .meta({ title: 'Address', description: 'Where a host tells its addresses; {device} is its name.' }),
        path: place
          .default('$[*]')
          .meta({ title: 'Path', description: 'JSONPath to the addresses in the answer.' }),
        devices: z
          .array(z.string().max(500))
          .max(500)
          .optional()
          .meta({ title: 'Devices', description: 'Those that are asked; by default all, up to 500.' }),
      })
      .optional()
      .meta({ title: 'Hosts', description: 'Compare the registry with what the hosts say themselves.' }),
    dns: z
      .strictObject({
        domain: z
          .string()
          .max(253)
          .optional()
          .meta({ title: 'Domain', description: 'Appended to each name.' }),
      })
      .optional()
      .meta({ title: 'DNS', description: 'Compare the registry with what DNS says of the names.' }),
    accept: z
      .array(acceptance)
      .max(500)
      .default([])
      .meta({ title: 'Accept', description: 'Violations that are known, each with its reason.' }),
    verdict: z
      .enum(['degraded', 'down'])
      .default('down')
      .meta({ title: 'Verdict', description: 'What the monitor turns on a violation.' }),
    expect: certificateExpectationsSchema
      .prefault({})
      .meta({ title: 'Expect', description: 'What the certificate must be, where it is fetched over TLS.' }),
    timeout: durationOr('30s', 'Timeout', 'The whole check must end within this time.').refine(
      (ms) => ms >= 1 && ms <= 300_000,
      'a timeout between 1ms and 5m is expected',
    ),
    family: familyField,
  })
  .superRefine((spec, context) => {
    if ((spec.file === undefined) === (spec.url === undefined))
      context.addIssue({ code: 'custom', path: ['file'], message: 'either a file or an address is needed' })
  })
export type InventorySpec = z.output<typeof inventorySchema>
