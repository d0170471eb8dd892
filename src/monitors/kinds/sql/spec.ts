import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { durationField, durationOr, familyField, hostPortField, timeoutField } from '../fields.ts'

const count = (title: string, description: string) => z.int().min(0).optional().meta({ title, description })

const expect = z.strictObject({
  role: z.enum(['primary', 'replica']).optional().meta({
    title: 'Role',
    description:
      'What the server must be: a replica is in recovery (PostgreSQL) or read-only (MySQL, MariaDB).',
  }),
  value: z
    .union([z.string(), z.number(), z.boolean(), z.null()])
    .optional()
    .meta({ title: 'Value', description: 'What the first column of the first row must be.' }),
  min: z.number().optional().meta({ title: 'At least', description: 'The value must be as large.' }),
  max: z.number().optional().meta({ title: 'At most', description: 'The value may not be larger.' }),
  rows: count('Rows', 'How many rows the query must find.'),
  minRows: count('Fewest rows', 'The query must find as many rows.'),
  maxRows: count('Most rows', 'The query may find no more rows.'),
  maxLatency: durationField(
    'Slowest answer',
    'A connection and query that take longer turn the monitor degraded.',
  ).optional(),
  ...certificateExpectations,
})

const word = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/)

/** The parameters of an SQL check. */
export const sqlSchema = z
  .strictObject({
    engine: z.enum(['postgres', 'mysql']).meta({
      title: 'Engine',
      description: 'PostgreSQL, or MySQL and MariaDB, which speak the same protocol.',
    }),
    target: hostPortField('Target', 'Where the database listens: host:port.'),
    user: word.meta({ title: 'User', description: 'A user that may only read, made for this check.' }),
    password: z.string().max(1_000).optional().meta({ title: 'Password', description: 'Its password.' }),
    database: word.optional().meta({
      title: 'Database',
      description: 'Which database to connect to; by default none (MySQL), or that of the name of the user.',
    }),
    tls: z.enum(['off', 'require']).default('off').meta({
      title: 'TLS',
      description: 'With "require" nothing is said to a server without the certificate that is expected.',
    }),
    query: z.string().min(1).max(10_000).optional().meta({
      title: 'Query',
      description:
        'One statement, run in a transaction that can only read. Without it the check only connects.',
    }),
    statementTimeout: durationOr(
      '5s',
      'Longest statement',
      'After this the server stops the query by itself.',
    ),
    expect: expect
      .prefault({})
      .meta({ title: 'Expect', description: 'What the server, its answer and its certificate must be.' }),
    timeout: timeoutField,
    family: familyField,
  })
  .refine(
    ({ query, expect: { value, min, max, rows, minRows, maxRows } }) =>
      query !== undefined || [value, min, max, rows, minRows, maxRows].every((one) => one === undefined),
    { path: ['query'], message: 'a value or rows are expected, and there is no query that could bring them' },
  )
export type SqlSpec = z.output<typeof sqlSchema>
