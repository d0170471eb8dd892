/** Thrown by the reader below and caught by whoever opened it: the bytes are not what they should be. */
export class WireError extends Error {}

/**
 * Reads protobuf's wire format within strict bounds: no read leaves its message, no length is believed before it is
 * compared with what is there, and every field moves forward.
 */
export class WireReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at: number
  readonly #end: number

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#at = from
    this.#end = end
  }

  /** The next field, or null at the end of the message. */
  next(): { field: number; type: number } | null {
    if (this.#at === this.#end) return null
    const key = this.#short()
    const field = Math.floor(key / 8)
    if (field === 0 || field > 0x1fff_ffff) throw new WireError('a field has no number')
    return { field, type: key % 8 }
  }

  /** At most 64 bits, without sign. */
  varint(): bigint {
    let value = 0n
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) throw new WireError('it ends within a number')
      const byte = this.#bytes[this.#at++]!
      value |= BigInt(byte & 0x7f) << BigInt(7 * index)
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new WireError('a number has more than ten bytes')
  }

  /** A signed 64-bit number, as of `int64`. */
  int64(): number {
    return Number(BigInt.asIntN(64, this.varint()))
  }

  double(): number {
    this.#need(8)
    const value = this.#view.getFloat64(this.#at, true)
    this.#at += 8
    return value
  }

  /** A message inside this one. */
  message(): WireReader {
    const end = this.#length()
    const inner = new WireReader(this.#bytes, this.#at, end)
    this.#at = end
    return inner
  }

  string(longest: number): string {
    const end = this.#length()
    if (end - this.#at > longest) throw new WireError(`a text is longer than ${longest} bytes`)
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, end - this.#at)
    this.#at = end
    return text.toString('utf8')
  }

  /** Whole numbers, each a field of its own or all packed together. */
  numbers(type: number, most: number, into: number[]): void {
    const one = (reader: WireReader) => {
      if (into.length >= most) throw new WireError(`there are more than ${most} numbers`)
      into.push(reader.#short())
    }
    if (type !== 0 && type !== 2) throw new WireError('a number has the wrong type')
    const inner = type === 2 ? this.message() : null
    if (!inner) one(this)
    else while (inner.#at < inner.#end) one(inner)
  }

  /** Passes over a field that is not wanted. */
  skip(type: number): void {
    if (type === 0) this.varint()
    else if (type === 1) this.#pass(8)
    else if (type === 2) this.message()
    else if (type === 5) this.#pass(4)
    else throw new WireError(`the wire type ${type} is not known`)
  }

  /** Keys and lengths are small: only what has more than four bytes takes the long way. */
  #short(): number {
    let value = 0
    for (let index = 0; index < 4; index++) {
      const byte = this.#bytes[this.#at + index]
      if (this.#at + index >= this.#end || byte === undefined) break
      value |= (byte & 0x7f) << (7 * index)
      if (byte < 0x80) {
        this.#at += index + 1
        return value
      }
    }
    return Number(this.varint())
  }

  #length(): number {
    const length = this.#short()
    if (length > this.#end - this.#at) throw new WireError('a length leads past the end')
    return this.#at + length
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#end) throw new WireError('it ends within a value')
  }

  #pass(bytes: number): void {
    this.#need(bytes)
    this.#at += bytes
  }
}
