import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'

/** Names of a hosts file (lower case) with their addresses, in the order of the file. */
export function parseHosts(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!address || isIP(address.split('%')[0]!) === 0) continue
    for (const alias of aliases) {
      const name = alias.toLowerCase()
      names.set(name, [...(names.get(name) ?? []), address])
    }
  }
  return names
}

let read: { path: string; stamp: string; names: Map<string, string[]> } | null = null

/** The addresses that the machine's hosts file gives a name; the file is read again when it has changed. */
export function hostsFileAddresses(name: string, path = '/etc/hosts'): string[] {
  try {
    const { mtimeMs, size, ino } = statSync(path)
    const stamp = `${mtimeMs} ${size} ${ino}`
    if (read?.path !== path || read.stamp !== stamp)
      read = { path, stamp, names: parseHosts(readFileSync(path, 'utf8')) }
    return read.names.get(name.toLowerCase()) ?? []
  } catch {
    return [] // No hosts file: the resolver decides alone.
  }
}
