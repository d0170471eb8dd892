/** The two messages of grpc.health.v1, one field each, in the frames of gRPC. */

export const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const
export type HealthStatus = (typeof STATUSES)[number]

/** `HealthCheckRequest` in a frame. */
export function requestFrame(service: string): Buffer {
  const name = Buffer.from(service)
  const message =
    service === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a]), varint(name.length), name])
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** The status in a frame with a `HealthCheckResponse`; null where it is none. */
export function readResponseFrame(frame: Buffer): HealthStatus | null {
  if (frame.length < 5 || frame[0] !== 0) return null
  const length = frame.readUInt32BE(1)
  if (frame.length !== 5 + length) return null
  return readResponse(frame.subarray(5))
}

function readResponse(message: Buffer): HealthStatus | null {
  let status = 0
  let at = 0
  while (at < message.length) {
    const key = readVarint(message, at)
    if (!key) return null
    at = key.next
    const [field, wire] = [Math.floor(key.value / 8), key.value % 8]
    const skipped = wire === 1 ? 8 : wire === 5 ? 4 : 0
    if (wire === 0 || wire === 2) {
      const value = readVarint(message, at)
      if (!value) return null
      at = value.next + (wire === 2 ? value.value : 0)
      if (field === 1 && wire === 0) status = value.value
    } else if (skipped > 0) at += skipped
    else return null
  }
  if (at !== message.length) return null
  return STATUSES[status] ?? 'UNKNOWN'
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}

function readVarint(bytes: Buffer, from: number): { value: number; next: number } | null {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i]
    if (byte === undefined) return null
    value += (byte % 128) * 128 ** i
    if (byte < 128) return { value, next: from + i + 1 }
  }
  return null
}
