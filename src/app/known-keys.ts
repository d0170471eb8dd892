import { z } from 'zod'

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  const?: unknown
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

function alternatives(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  if (schema.$ref) {
    const found = root.$defs?.[schema.$ref.split('/').at(-1)!]
    return found ? alternatives(found, root) : []
  }
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return inner.length > 0 ? inner.flatMap((option) => alternatives(option, root)) : [schema]
}

// Of the kinds of a union only the one that the value names is meant.
function fits(schema: JsonSchema, value: unknown): boolean {
  if (value === null || typeof value !== 'object') return true
  return Object.entries(schema.properties ?? {}).every(
    ([key, property]) =>
      property.const === undefined || (value as Record<string, unknown>)[key] === property.const,
  )
}

/** Which keys a schema knows at a path of a value: for "did you mean". */
export function keysKnownTo(schema: z.ZodType): (value: unknown, path: readonly PropertyKey[]) => string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return (value, path) => {
    let here = [root]
    let node = value
    for (const part of path) {
      here = here
        .flatMap((option) => alternatives(option, root))
        .filter((option) => fits(option, node))
        .flatMap((option) => {
          const next = option.properties?.[String(part)] ?? option.items ?? option.additionalProperties
          return typeof next === 'object' ? [next] : []
        })
      node =
        node !== null && typeof node === 'object' ? (node as Record<PropertyKey, unknown>)[part] : undefined
    }
    const options = here
      .flatMap((option) => alternatives(option, root))
      .filter((option) => fits(option, node))
    return [...new Set(options.flatMap((option) => Object.keys(option.properties ?? {})))]
  }
}
