import { z } from 'zod'
import { DAY } from '../../../kit/duration.ts'
import { durationField, durationOr, timeoutField } from '../fields.ts'
import type { MonitorKind } from '../kind.ts'
import { memoryByHand, sampleLines, typedLog } from './by-hand.ts'
import { checkLog } from './check-log.ts'
import { compilePattern } from './count-lines.rules.ts'
import { LOG_REASONS } from './judge-log.rules.ts'

function patternField(title: string, description: string) {
  return z
    .string()
    .min(1)
    .max(1_000)
    .superRefine((text, context) => {
      const problem = compilePattern(text, false).problem
      if (problem) context.addIssue({ code: 'custom', message: `is no RE2 pattern: ${problem}` })
    })
    .meta({ title, description })
}

const journal = z.strictObject({
  unit: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Unit', description: 'Such as kamailio.service.' }),
  identifier: z.string().min(1).max(200).optional().meta({
    title: 'Identifier',
    description: 'The name under which a program writes.',
  }),
  priority: z.int().min(0).max(7).optional().meta({
    title: 'Priority',
    description: 'Only lines at least as urgent: 3 for errors, 4 for warnings.',
  }),
  directory: z
    .string()
    .regex(/^\//, 'an absolute path is expected')
    .optional()
    .meta({ title: 'Directory', description: 'Another journal than that of this machine.' }),
})

const fields = {
  file: z
    .string()
    .max(1_000)
    .regex(/^\/[^\0]*$/, 'an absolute path is expected')
    .optional()
    .meta({ title: 'File', description: 'The log file, followed through its rotation.' }),
  journal: journal
    .optional()
    .meta({ title: 'Journal', description: 'Lines of the journal of this machine.' }),
  push: z.boolean().optional().meta({
    title: 'Pushed',
    description: 'Lines are posted to /logs/<key>, as text or as one JSON object in a line.',
  }),
  pushKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,100}$/, '16 to 100 letters, digits, - and _ are expected')
    .optional()
    .meta({ title: 'Push key', description: 'The secret of the address to post to; made up when left out.' }),
  match: patternField(
    'Pattern',
    'Lines to count, as an RE2 pattern: matched in linear time, so that no pattern and no line can hold up a check.',
  ).optional(),
  ignore: patternField('Ignore', 'Lines that are not counted although they match.').optional(),
  ignoreCase: z.boolean().default(false).meta({ title: 'Ignore case' }),
  moreThan: z.int().min(0).max(1_000_000_000).default(0).meta({
    title: 'More than',
    description: 'How many matching lines within the window are still well.',
  }),
  within: durationOr('5m', 'Window', 'The window in which lines are counted.').refine(
    (ms) => ms >= 1_000 && ms <= DAY,
    'between 1s and 1d is expected',
  ),
  wanted: patternField(
    'Wanted',
    'The line that is to come again and again; any line when left out.',
  ).optional(),
  silentAfter: durationField('Silent after', 'How long the wanted line may stay away.')
    .refine((ms) => ms >= 1_000 && ms <= 400 * DAY, 'between 1s and 400d is expected')
    .optional(),
  says: z.enum(['down', 'degraded']).default('down').meta({
    title: 'Verdict',
    description: 'What too many matching lines, or their absence, mean.',
  }),
  timeout: timeoutField,
}

const schema = z
  .strictObject(fields)
  .refine(
    (spec) =>
      [spec.file, spec.journal, spec.push || undefined].filter((one) => one !== undefined).length === 1,
    {
      message: 'one of "file", "journal" and "push: true" is needed',
      path: ['file'],
    },
  )
  .refine((spec) => spec.match !== undefined || spec.silentAfter !== undefined, {
    message: '"match", "silentAfter" or both are needed',
    path: ['match'],
  })
  .refine((spec) => spec.wanted === undefined || spec.silentAfter !== undefined, {
    message: 'is needed beside "wanted"',
    path: ['silentAfter'],
  })
export type LogSpec = z.output<typeof schema>

/** Lines of a log: too many of one sort, or none of another. */
export const log: MonitorKind<LogSpec> = {
  kind: 'log',
  title: 'Log',
  description:
    'Counts the lines of a log that match a pattern, in a file that is followed through rotation and truncation, ' +
    'in the journal, or in what is pushed; and notices when a wanted line stays away. Only counts and a few sample ' +
    'lines are kept, with what looks like a credential taken out.',
  schema,
  reasons: LOG_REASONS,
  check: checkLog,
  cost: 'process',
  typedAs: ['log:FILE?match=PATTERN[&moreThan=N]', 'journal:UNIT?match=PATTERN[&within=5m]'],
  schemes: { log: (target) => typedLog(target), journal: (target) => typedLog(target) },
  memoryByHand,
  longText: ({ details }) => sampleLines(details),
  cannotSee: [
    {
      failureClass: 'log.unspoken',
      why: 'A program that fails without a word writes no line: what users need is watched by http, tcp and the like.',
      seenBy: ['http', 'tcp', 'heartbeat'],
    },
    {
      failureClass: 'log.compressed-early',
      why: 'Lines written after the last check into a file that is compressed at its rotation are lost (use delaycompress), as are those of a file that is rotated twice between two checks.',
      seenBy: [],
    },
  ],
  target: ({ file, journal: from }) => {
    if (file !== undefined) return file
    return from ? `journal ${from.unit ?? from.identifier ?? ''}`.trim() : 'pushed lines'
  },
}
