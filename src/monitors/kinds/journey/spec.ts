import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { durationField, durationOr, familyField, hostPortField } from '../fields.ts'
import { locatorFields, locatorSchema, onePlace } from './locator.ts'

const webAddress = (text: string) => {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, port } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password && port !== '0'
}

const texts = z
  .union([z.string().min(1).max(1_000), z.array(z.string().min(1).max(1_000)).max(20)])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const place = z
  .string()
  .max(2_000)
  .refine(
    (text) => webAddress(text) || /^[/?](?!\/)/.test(text),
    'a path such as /orders, or an http:// or https:// address without credentials, is expected',
  )

const gotoStep = z
  .union([
    place,
    z.strictObject({
      url: place.meta({ title: 'Address', description: 'A path of the site, or a whole address.' }),
      status: z
        .union([z.int().min(100).max(599), z.array(z.int().min(100).max(599)).min(1)])
        .transform((value) => (Array.isArray(value) ? value : [value]))
        .optional()
        .meta({ title: 'Status', description: 'Which statuses are right; any below 400, when left out.' }),
      until: z
        .enum(['load', 'domcontentloaded'])
        .default('load')
        .meta({ title: 'Until', description: 'Which event of the page ends the step.' }),
    }),
  ])
  .transform((value) => (typeof value === 'string' ? { url: value, until: 'load' as const } : value))
  .meta({ title: 'Go to', description: 'Opens a path of the site, or a whole address.' })
export interface GotoStep {
  url: string
  status?: number[] | undefined
  until: 'load' | 'domcontentloaded'
}

const KEY = /^(?:(?:Control|ControlOrMeta|Alt|Shift|Meta)\+)*(?:[A-Z][A-Za-z0-9]{1,20}|[^\s\p{Cc}])$/u
const key = z
  .string()
  .max(60)
  .regex(KEY, 'a key such as Enter, Tab, a, or Control+K is expected')
  .meta({ title: 'Key', description: 'Such as Enter, Escape, a or Control+K.' })

const pressStep = z
  .union([key, z.strictObject({ ...locatorFields, key }).superRefine(onePlace)])
  .transform((value) => (typeof value === 'string' ? { key: value, at: null } : apart(value)))
  .meta({ title: 'Press', description: 'A key, on an element or on the page.' })

function apart<K extends { key: string }>({ key: pressed, ...at }: K) {
  return { key: pressed, at: at as z.output<typeof locatorSchema> }
}

const counts = { equals: z.int().min(0).max(100_000), min: z.int().min(0), max: z.int().min(0) }
const expectStep = z
  .strictObject({
    text: texts.optional().meta({ title: 'Text', description: 'What the page must show.' }),
    notText: texts.optional().meta({ title: 'No text', description: 'What the page must not show.' }),
    url: z.string().min(1).max(2_000).optional().meta({
      title: 'Address',
      description: 'Where the page must be: a path, or a whole address; * stands for anything.',
    }),
    title: z.string().min(1).max(500).optional().meta({
      title: 'Title',
      description: 'Text that the title must contain.',
    }),
    visible: locatorSchema.optional().meta({ title: 'Visible', description: 'An element that is seen.' }),
    hidden: locatorSchema.optional().meta({ title: 'Hidden', description: 'An element that is not seen.' }),
    count: z
      .strictObject({
        ...locatorFields,
        equals: counts.equals.optional().meta({ title: 'Equals', description: 'Exactly so many.' }),
        min: counts.min.optional().meta({ title: 'At least', description: 'So many or more.' }),
        max: counts.max.optional().meta({ title: 'At most', description: 'So many or fewer.' }),
      })
      .superRefine(onePlace)
      .refine(
        ({ equals, min, max }) => equals !== undefined || min !== undefined || max !== undefined,
        'equals, min or max is expected',
      )
      .optional()
      .meta({ title: 'Count', description: 'How many elements there must be.' }),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'nothing is expected here')
  .meta({ title: 'Expect', description: 'What must become true before the step ends.' })
export type ExpectStep = z.output<typeof expectStep>

const ACTIONS = {
  goto: gotoStep,
  click: locatorSchema.meta({ title: 'Click', description: 'The element to click.' }),
  fill: z
    .strictObject({
      ...locatorFields,
      value: z
        .string()
        .max(2_000)
        .meta({ title: 'Value', description: 'What is typed; it is shown nowhere.' }),
    })
    .superRefine(onePlace)
    .meta({ title: 'Fill', description: 'A field, and what is typed into it.' }),
  press: pressStep,
  select: z
    .strictObject({
      ...locatorFields,
      option: z
        .string()
        .min(1)
        .max(500)
        .meta({ title: 'Option', description: 'The text of the option, or its value.' }),
    })
    .superRefine(onePlace)
    .meta({ title: 'Select', description: 'An option of a list.' }),
  waitFor: z
    .strictObject({
      ...locatorFields,
      state: z
        .enum(['visible', 'hidden'])
        .default('visible')
        .meta({ title: 'State', description: 'Whether it must be seen, or be gone.' }),
    })
    .superRefine(onePlace)
    .meta({ title: 'Wait for', description: 'An element that appears or goes.' }),
  expect: expectStep,
}
export type ActionName = keyof typeof ACTIONS
export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[]

const step = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .regex(/^[^\p{Cc}]*$/u, 'a name has one line')
      .optional()
      .meta({ title: 'Name', description: 'What people call the step.' }),
    timeout: durationField('Timeout', 'How long this step may take.')
      .refine((ms) => ms >= 1, 'at least 1ms is expected')
      .optional(),
    goto: ACTIONS.goto.optional(),
    click: ACTIONS.click.optional(),
    fill: ACTIONS.fill.optional(),
    press: ACTIONS.press.optional(),
    select: ACTIONS.select.optional(),
    waitFor: ACTIONS.waitFor.optional(),
    expect: ACTIONS.expect.optional(),
  })
  .refine(
    (given) => ACTION_NAMES.filter((name) => given[name] !== undefined).length === 1,
    `a step does one thing: ${ACTION_NAMES.join(', ')}`,
  )
export type JourneyStep = z.output<typeof step>

/** Which one of its actions a step has. */
export function actionOf(given: JourneyStep): ActionName {
  return ACTION_NAMES.find((name) => given[name] !== undefined)!
}

const auth = z.strictObject({
  user: z.string().min(1).max(200).meta({ title: 'User', description: 'For basic authentication.' }),
  password: z.string().max(1_000).meta({ title: 'Password', description: 'For basic authentication.' }),
})

const MOST_STEPS = 40

/** The parameters of a browser journey. */
export const journeySchema = z
  .strictObject({
    url: z.string().max(2_000).refine(webAddress, 'an http:// or https:// address is expected').meta({
      title: 'Address',
      description: 'The page that is opened first, unless the first step opens another; paths belong to it.',
    }),
    steps: z
      .array(step)
      .max(MOST_STEPS)
      .default([])
      .meta({ title: 'Steps', description: 'What a user does there, one thing after the other.' }),
    expect: z
      .strictObject({
        noScriptErrors: z.boolean().default(false).meta({
          title: 'No script errors',
          description: 'Whether an uncaught error of a script turns the monitor degraded.',
        }),
        maxLatency: durationField(
          'Slowest journey',
          'A journey that takes longer turns the monitor degraded.',
        ).optional(),
        ...certificateExpectations,
      })
      .prefault({})
      .meta({
        title: 'Expect',
        description: 'What holds for the whole journey, and for the certificate of the address.',
      }),
    auth: auth.optional().meta({
      title: 'Authentication',
      description: 'Credentials of the browser itself, for the site of the address alone.',
    }),
    device: z
      .enum(['desktop', 'phone'])
      .default('desktop')
      .meta({ title: 'Device', description: 'The size of the window, and whether it is touched.' }),
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'a language such as en-GB is expected')
      .default('en-US')
      .meta({ title: 'Language', description: 'What the browser asks for.' }),
    stepTimeout: durationOr('10s', 'Step timeout', 'How long a step may take that has no time of its own.'),
    connectTo: hostPortField(
      'Connect to',
      'host:port to connect to in place of that of the address, whose name is still asked for. To check one node.',
    ).optional(),
    timeout: durationOr('30s', 'Timeout', 'The whole journey must end within this time.').refine(
      (ms) => ms >= 1_000 && ms <= 300_000,
      'a timeout between 1s and 5m is expected',
    ),
    family: familyField,
  })
  .superRefine(({ steps, url }, context) => {
    steps.forEach(({ goto }, index) => {
      if (!goto) return
      if (!URL.canParse(goto.url, URL.canParse(url) ? url : undefined))
        context.addIssue({ code: 'custom', path: ['steps', index, 'goto'], message: 'this is no address' })
    })
  })
export type JourneySpec = z.output<typeof journeySchema>

/** The steps with the one that opens the address, where no other does. */
export function allSteps({ url, steps }: Pick<JourneySpec, 'url' | 'steps'>): JourneyStep[] {
  const opening = steps[0]?.goto !== undefined
  return opening ? steps : [{ name: 'Open', goto: { url, until: 'load' } } as JourneyStep, ...steps]
}
