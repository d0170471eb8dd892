/** A reader for what node:crypto does not show of a certificate: its extensions and the bytes of its names. */

/** One DER element; the offsets are those of its content. */
export interface Element {
  tag: number
  /** Where the element itself begins. */
  at: number
  from: number
  to: number
}

/** The element that begins at an offset; null when it does not fit into the bytes. */
export function elementAt(der: Uint8Array, at: number): Element | null {
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
  return from + length <= der.length ? { tag, at, from, to: from + length } : null
}

/** The elements inside one; what cannot be read ends the list. */
export function children(der: Uint8Array, parent: { from: number; to: number }): Element[] {
  const found: Element[] = []
  for (let at = parent.from; at < parent.to; ) {
    const element = elementAt(der, at)
    if (!element || element.to > parent.to) break
    found.push(element)
    at = element.to
  }
  return found
}

export const bytesOf = (der: Uint8Array, { from, to }: Element): Uint8Array => der.subarray(from, to)
/** The element with its head. */
export const wholeOf = (der: Uint8Array, { at, to }: Element): Uint8Array => der.subarray(at, to)
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Extensions that path building asks for, by the bytes of their identifiers. */
export const EXTENSION = {
  keyId: '551d0e',
  keyUsage: '551d0f',
  alternativeNames: '551d11',
  basicConstraints: '551d13',
  nameConstraints: '551d1e',
  authorityKeyId: '551d23',
  purposes: '551d25',
} as const

/** The parts of a certificate that are needed; null when it is not one. */
export interface Parts {
  /** The signature algorithm's identifier. */
  signature: string
  issuer: Uint8Array
  subject: Uint8Array
  publicKey: Uint8Array
  /** The identifier of the key's algorithm. */
  keyAlgorithm: string
  /** Contents of the extensions, by identifier. */
  extensions: Map<string, Uint8Array>
  serial: Uint8Array
  /** As people count: 1 or 3. */
  version: number
}

/** Takes a certificate apart, as far as path building needs it. */
export function partsOf(der: Uint8Array): Parts | null {
  const certificate = elementAt(der, 0)
  const [tbs, algorithm] = certificate ? children(der, certificate) : []
  if (!tbs || !algorithm) return null
  const fields = children(der, tbs)
  const versioned = fields[0]?.tag === 0xa0 ? children(der, fields.shift()!)[0] : null
  const [serial, , issuer, , subject, publicKey] = fields
  if (!serial || !issuer || !subject || !publicKey) return null
  const keyHead = children(der, publicKey)[0]
  return {
    signature: firstOid(der, algorithm),
    issuer: wholeOf(der, issuer),
    subject: wholeOf(der, subject),
    publicKey: wholeOf(der, publicKey),
    keyAlgorithm: keyHead ? firstOid(der, keyHead) : '',
    extensions: extensionsIn(
      der,
      fields.find(({ tag }) => tag === 0xa3),
    ),
    serial: bytesOf(der, serial),
    version: versioned ? (der[versioned.from] ?? 0) + 1 : 1,
  }
}

function firstOid(der: Uint8Array, sequence: Element): string {
  const oid = children(der, sequence)[0]
  return oid?.tag === 0x06 ? hexOf(bytesOf(der, oid)) : ''
}

function extensionsIn(der: Uint8Array, wrapped: Element | undefined): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const list = wrapped && children(der, wrapped)[0]
  for (const extension of list ? children(der, list) : []) {
    const parts = children(der, extension)
    const oid = parts[0]
    const value = parts.at(-1)
    if (oid && value?.tag === 0x04) found.set(hexOf(bytesOf(der, oid)), bytesOf(der, value))
  }
  return found
}

/** How many further authorities an authority allows between itself and the leaf (RFC 5280, 4.2.1.9); null: any. */
export function pathLengthOf(der: Uint8Array): number | null {
  const value = partsOf(der)?.extensions.get(EXTENSION.basicConstraints)
  const inner = value && elementAt(value, 0)
  const integer = inner && children(value, inner).find((element) => element.tag === 0x02)
  return integer ? bytesOf(value, integer).reduce((n, byte) => n * 256 + byte, 0) : null
}
