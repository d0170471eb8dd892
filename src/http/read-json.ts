import type { FastifyInstance } from 'fastify'
import { TocsinError } from '../kit/errors.ts'

/** How deep arrays and objects of a body may be nested. */
export const DEEPEST = 32

/** Whether JSON text nests deeper than allowed; looks at brackets only, outside strings. */
export function isTooDeep(json: string, deepest = DEEPEST): boolean {
  let depth = 0
  let inString = false
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > deepest) return true
    } else if (code === 0x7d || code === 0x5d) depth--
  }
  return false
}

/** Makes the API take JSON and nothing else. An empty body counts as none. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i,
    { parseAs: 'string' },
    (_request, text, done) => {
      const json = text as string
      if (json.trim() === '') return done(null, undefined)
      if (isTooDeep(json))
        return done(new TocsinError('invalid-input', `The body is nested deeper than ${DEEPEST} levels.`))
      try {
        done(null, JSON.parse(json, refusePrototype))
      } catch (error) {
        done(
          error instanceof TocsinError
            ? error
            : new TocsinError('invalid-input', `The body is not valid JSON: ${(error as Error).message}`),
        )
      }
    },
  )
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new TocsinError('invalid-input', 'The body has the key "__proto__".')
  return value
}
