/** What is wrong with a body, in words for whoever sent it. */
export interface Malformed {
  malformed: string
}

const bad = (malformed: string): Malformed => ({ malformed })

/**
 * Unpacks a Snappy block. The length that it announces is judged before anything is allocated, and every step
 * stays inside both buffers and moves forward, so that no input takes longer than its output is long.
 */
export function unpackSnappy(packed: Uint8Array, mostBytes: number): Uint8Array | Malformed {
  const header = readLength(packed)
  if (!header) return bad('the snappy block does not begin with its length')
  const { length, start } = header
  if (length > mostBytes) return bad(`the body unpacks to ${length} bytes, more than ${mostBytes}`)
  const out = new Uint8Array(length)
  let [at, to] = [start, 0]
  while (at < packed.length) {
    const tag = packed[at++]!
    if ((tag & 3) === 0) {
      let size = (tag >>> 2) + 1
      if (size > 60) {
        const bytes = size - 60
        if (at + bytes > packed.length) return bad('the snappy block ends within a length')
        size = 1
        for (let index = 0; index < bytes; index++) size += packed[at + index]! * 2 ** (8 * index)
        at += bytes
      }
      if (size > packed.length - at || size > length - to) return bad('the snappy block ends within its text')
      out.set(packed.subarray(at, at + size), to)
      at += size
      to += size
      continue
    }
    const bytes = [0, 1, 2, 4][tag & 3]!
    if (at + bytes > packed.length) return bad('the snappy block ends within a copy')
    let offset = 0
    for (let index = 0; index < bytes; index++) offset += packed[at + index]! * 2 ** (8 * index)
    let size = (tag >>> 2) + 1
    if (bytes === 1) {
      size = ((tag >>> 2) & 7) + 4
      offset += (tag >>> 5) << 8
    }
    at += bytes
    if (offset === 0 || offset > to || size > length - to)
      return bad('a copy in the snappy block points outside')
    // Source and goal may overlap: that is how runs are written.
    for (let index = 0; index < size; index++) out[to + index] = out[to + index - offset]!
    to += size
  }
  return to === length ? out : bad(`the snappy block holds ${to} bytes and announces ${length}`)
}

function readLength(packed: Uint8Array): { length: number; start: number } | null {
  let length = 0
  for (let index = 0; index < Math.min(5, packed.length); index++) {
    const byte = packed[index]!
    length += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return length <= 0xffff_ffff ? { length, start: index + 1 } : null
  }
  return null
}
