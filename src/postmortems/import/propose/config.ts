import { z } from 'zod'
import { MINUTE, parseDuration, SECOND } from '../../../kit/duration.ts'

const LONGEST = 10 * MINUTE

/** `postmortems.import.languageModel`: who may be asked for proposals. Left out, nobody is. */
export const languageModelConfig = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:11434/v1' })
      .transform((url) => url.replace(/\/+$/, ''))
      .meta({
        title: 'Address',
        description: 'The base of an API that follows OpenAI’s; `/chat/completions` is added.',
      }),
    model: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .meta({ title: 'Model', description: 'The name that the server knows it by.' }),
    apiKey: z
      .string()
      .max(1_000)
      .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
      .optional()
      .meta({ title: 'Key', description: 'Sent as a bearer token.', format: 'password' }),
    timeout: z
      .string()
      .default('1m')
      .transform((text, context) => {
        const ms = parseDuration(text)
        if (ms !== null && ms >= SECOND && ms <= LONGEST) return ms
        context.addIssue({
          code: 'custom',
          message: `"${text}" is not a duration from 1s to 10m; write it like 1m`,
        })
        return z.NEVER
      })
      .meta({ title: 'Patience', description: 'How long an answer may take.' }),
    answerFormat: z.enum(['json_schema', 'json_object', 'text']).default('json_schema').meta({
      title: 'Form of the answer',
      description: 'What `response_format` asks for; servers that refuse a schema may take the others.',
    }),
  })
  .meta({
    title: 'Language model',
    description:
      'May propose what the parts of an imported document are, when a reviewer asks. Off by default.',
  })
export type LanguageModel = z.output<typeof languageModelConfig>
