import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { z } from 'zod'
import { reasonOf } from '../../kit/errors.ts'

// Its tables take memory: they are loaded with the first pattern, which a schema must judge at once.
const load = createRequire(import.meta.url)
let re2: typeof RE2JS | null = null
const compiled = new Map<string, RE2JS>()
const MOST_KEPT = 500

/** A pattern of RE2, whose time is linear in the text whatever the pattern; throws where it is none. */
export function compilePattern(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known) return known
  re2 ??= (load('re2js') as { RE2JS: typeof RE2JS }).RE2JS
  const fresh = re2.compile(pattern)
  if (compiled.size >= MOST_KEPT) compiled.delete(compiled.keys().next().value!)
  compiled.set(pattern, fresh)
  return fresh
}

// What takes time is the length of the text times the size of the pattern: so much of it is about half a second.
const MOST_STEPS = 50_000_000
const LARGEST_PATTERN = 2_000

/** Whether a pattern of RE2 matches somewhere in a text: in a megabyte of it, or less where the pattern is large. */
export function matchesPattern(pattern: string, text: string): boolean {
  const program = compilePattern(pattern)
  const longest = Math.floor(MOST_STEPS / Math.max(program.programSize(), 40))
  return program.matcher(text.length > longest ? text.slice(0, longest) : text).find()
}

/** One pattern that can be compiled. */
export const patternText = z
  .string()
  .min(1)
  .max(2_000)
  .superRefine((text, context) => {
    try {
      if (compilePattern(text).programSize() > LARGEST_PATTERN)
        context.addIssue({ code: 'custom', message: 'this regular expression repeats too much' })
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `this is no regular expression of RE2: ${reasonOf(error)}`,
      })
    }
  })

/** One pattern or a list of them. */
export function patternsField(title: string, description: string) {
  return z
    .union([patternText, z.array(patternText).max(50)])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .prefault([])
    .meta({ title, description })
}
