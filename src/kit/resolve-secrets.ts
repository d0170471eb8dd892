import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { reasonOf } from './errors.ts'

export interface SecretSources {
  env: Record<string, string | undefined>
  /** Relative file names begin here: the folder of the configuration file. */
  folder: string
}

export interface SecretProblem {
  path: PropertyKey[]
  message: string
  remedy: string
}

const FILE_SUFFIX = '_FILE'

/**
 * Puts secrets in their places: `${NAME}` in any text comes from the environment (`$${` stands for `${`), and a
 * key `password_FILE: /run/secrets/x` becomes `password` with the content of the file.
 */
export function resolveSecrets(
  value: unknown,
  sources: SecretSources,
): { value: unknown; problems: SecretProblem[] } {
  const problems: SecretProblem[] = []

  function fromEnvironment(text: string, path: PropertyKey[]): string {
    return text.replace(/\$\$\{|\$\{([^}]*)\}/g, (whole, name: string | undefined) => {
      if (whole === '$${') return '${'
      const found = sources.env[name!]
      if (found !== undefined) return found
      problems.push({
        path,
        message: `the environment has no variable "${name}"`,
        remedy: `Set ${name} before the start, or write $\${${name}} if you mean the text itself.`,
      })
      return ''
    })
  }

  function fromFile(file: unknown, path: PropertyKey[]): string {
    if (typeof file !== 'string') {
      problems.push({ path, message: 'must be the name of a file', remedy: 'Write a path as text.' })
      return ''
    }
    try {
      return readFileSync(resolve(sources.folder, fromEnvironment(file, path)), 'utf8').trimEnd()
    } catch (error) {
      problems.push({
        path,
        message: `the file "${file}" cannot be read: ${reasonOf(error)}`,
        remedy: 'Check the path and that Tocsin may read it.',
      })
      return ''
    }
  }

  function walk(node: unknown, path: PropertyKey[]): unknown {
    if (typeof node === 'string') return fromEnvironment(node, path)
    if (Array.isArray(node)) return node.map((item, i) => walk(item, [...path, i]))
    if (node === null || typeof node !== 'object') return node
    const copy: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(node)) {
      const here = [...path, key]
      if (key.endsWith(FILE_SUFFIX) && key.length > FILE_SUFFIX.length)
        copy[key.slice(0, -FILE_SUFFIX.length)] = fromFile(inner, here)
      else copy[key] = walk(inner, here)
    }
    return copy
  }

  return { value: walk(value, []), problems }
}
