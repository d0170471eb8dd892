import { readFileSync, statSync } from 'node:fs'
import { reasonOf } from '../../kit/errors.ts'
import { notAfter, notBefore } from './certificate.ts'
import type { FileFindings } from './renewal.rules.ts'
import { parsePem } from './roots.ts'

const MOST_CACHED = 1_000
const LARGEST_FILE = 1_048_576
const cache = new Map<string, { stamp: string; findings: FileFindings }>()

/** The first certificate of a PEM file; the file is read again when it has changed. */
export function deployedCertificate(path: string): FileFindings {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    if (size > LARGEST_FILE) return { path, unreadable: `it has ${size} bytes` }
    const stamp = `${mtimeMs} ${size} ${ino}`
    const cached = cache.get(path)
    if (cached?.stamp === stamp) return cached.findings
    const leaf = parsePem(readFileSync(path, 'utf8'))[0]!
    const findings = {
      path,
      fingerprint: leaf.fingerprint256,
      notBefore: notBefore(leaf),
      notAfter: notAfter(leaf),
    }
    if (cache.size >= MOST_CACHED) cache.delete(cache.keys().next().value!)
    cache.set(path, { stamp, findings })
    return findings
  } catch (error) {
    return { path, unreadable: reasonOf(error) }
  }
}
