/** A reader for the one certificate extension that node:crypto does not show. */

interface Element {
  tag: number
  /** Offsets of the content. */
  from: number
  to: number
}

function elementAt(der: Uint8Array, at: number): Element | null {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) return null
  let length = first
  let from = at + 2
  if (first & 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) return null
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (der[from + i] ?? 0)
    from += count
  }
  return from + length <= der.length ? { tag, from, to: from + length } : null
}

function children(der: Uint8Array, parent: Element): Element[] {
  const found: Element[] = []
  for (let at = parent.from; at < parent.to; ) {
    const element = elementAt(der, at)
    if (!element || element.to > parent.to) break
    found.push(element)
    at = element.to
  }
  return found
}

const BASIC_CONSTRAINTS = '551d13'

/** How many further authorities an authority allows between itself and the leaf (RFC 5280, 4.2.1.9); null: any. */
export function pathLengthOf(der: Uint8Array): number | null {
  const certificate = elementAt(der, 0)
  const tbs = certificate && children(der, certificate)[0]
  const wrapped = tbs && children(der, tbs).find((element) => element.tag === 0xa3)
  const list = wrapped && children(der, wrapped)[0]
  if (!list) return null
  for (const extension of children(der, list)) {
    const parts = children(der, extension)
    const oid = parts[0]
    const value = parts.at(-1)
    if (!oid || value?.tag !== 0x04) continue
    if (Buffer.from(der.subarray(oid.from, oid.to)).toString('hex') !== BASIC_CONSTRAINTS) continue
    const inner = elementAt(der, value.from)
    const integer = inner && children(der, inner).find((element) => element.tag === 0x02)
    return integer ? der.subarray(integer.from, integer.to).reduce((n, byte) => n * 256 + byte, 0) : null
  }
  return null
}
