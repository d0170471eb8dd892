/** What `ping` counted. */
export interface PingCount {
  sent: number
  received: number
  /** Somebody on the way said that the host cannot be reached. */
  errors: number
  /** Round trips in milliseconds; null where nothing came back. */
  rtt: { min: number; mean: number; max: number; deviation: number | null } | null
}

const COUNTS =
  /^(\d{1,9}) packets transmitted, (\d{1,9})(?: packets)? received(?:, \+\d+ duplicates)?(?:, \+(\d{1,9}) errors)?/m
// iputils says mdev, BSD stddev, BusyBox leaves it out.
const TIMES =
  /^(?:rtt|round-trip) min\/avg\/max(?:\/(?:mdev|stddev))? = ([\d.]+)\/([\d.]+)\/([\d.]+)(?:\/([\d.]+|nan))? ms/m

/** Reads the summary that `ping` writes at its end; null where there is none. */
export function readPing(output: string): PingCount | null {
  const counts = COUNTS.exec(output)
  if (!counts) return null
  const [sent, received, errors] = [Number(counts[1]), Number(counts[2]), Number(counts[3] ?? 0)]
  const times = received > 0 ? TIMES.exec(output) : null
  const figures = times?.slice(1, 4).map(Number)
  if (received > sent || figures?.some((figure) => !Number.isFinite(figure))) return null
  const deviation = Number(times?.[4] ?? Number.NaN)
  return {
    sent,
    received,
    errors,
    rtt: figures
      ? {
          min: figures[0]!,
          mean: figures[1]!,
          max: figures[2]!,
          deviation: Number.isFinite(deviation) ? deviation : null,
        }
      : null,
  }
}

/** Why `ping` itself did not work, from what it complained of; null where it did. */
export function whyPingFailed(complaint: string): 'icmp.not-permitted' | 'icmp.unreachable' | null {
  if (/operation not permitted|permission denied|cap_net_raw|lacking privilege|are you root/i.test(complaint))
    return 'icmp.not-permitted'
  if (
    /unreachable|no route to host|cannot assign requested address|address family .* not supported/i.test(
      complaint,
    )
  )
    return 'icmp.unreachable'
  return null
}
