import { z } from 'zod'
import { certificateExpectations } from '../../trust/expectations.ts'
import { durationField, familyField, hostPortField, timeoutField } from '../fields.ts'
import { patternsField } from '../patterns.ts'

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'this is not a header name')
const headerValue = z.string().regex(/^[^\r\n\0]*$/, 'a header value has one line')

const url = z
  .string()
  .refine((text) => {
    if (!URL.canParse(text)) return false
    const { protocol, username, password, hash, port } = new URL(text)
    return /^wss?:$/.test(protocol) && !username && !password && !hash && port !== '0'
  }, 'a ws:// or wss:// address without credentials and fragment is expected')
  .meta({ title: 'Address', description: 'Where the WebSocket is: a ws or wss URL.' })

const expect = z.strictObject({
  contains: z
    .string()
    .min(1)
    .optional()
    .meta({ title: 'Contains', description: 'A message must come that contains this text.' }),
  matches: patternsField('Matches', 'A message must come that matches all of these expressions (RE2).'),
  protocol: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ title: 'Subprotocol', description: 'The subprotocol that the server must choose.' }),
  maxLatency: durationField(
    'Slowest answer',
    'An upgrade and answer that take longer turn the monitor degraded.',
  ).optional(),
  ...certificateExpectations,
})

/** The parameters of a WebSocket check. */
export const webSocketSchema = z.strictObject({
  url,
  headers: z
    .record(headerName, headerValue)
    .default({})
    .meta({ title: 'Headers', description: 'Request headers of the upgrade, such as Origin.' }),
  protocols: z
    .array(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'this is no name of a subprotocol'))
    .max(10)
    .default([])
    .meta({ title: 'Subprotocols', description: 'Subprotocols that are offered.' }),
  send: z
    .string()
    .max(100_000)
    .optional()
    .meta({ title: 'Send', description: 'A text message to send after the upgrade.' }),
  ping: z
    .boolean()
    .default(true)
    .meta({ title: 'Ping', description: 'Whether the server must answer a ping.' }),
  expect: expect
    .prefault({})
    .meta({ title: 'Expect', description: 'What the answer, and the certificate, must be.' }),
  connectTo: hostPortField(
    'Connect to',
    'host:port to connect to in place of that of the address, whose name is still asked for. To check one node.',
  ).optional(),
  timeout: timeoutField,
  family: familyField,
})
export type WebSocketSpec = z.output<typeof webSocketSchema>
