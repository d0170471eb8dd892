import type { Clock, Millis } from '../../../kit/clock.ts'
import { SECOND } from '../../../kit/duration.ts'
import { type IcmpSpec, judgePrinted, type Observation, pingAddress } from '../../../monitors/index.ts'
import { HOST } from '../../faults/listen.ts'
import { shorten } from '../copy-spec.ts'
import { type Aim, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'

/**
 * A host that answers pings is this machine itself, and one that does not is an address of its loopback interface
 * that nobody has; both are really pinged. Nothing here can lose or delay some of the packets: for these faults the
 * words of the ping program are played.
 */
export const lab: LabProtocol<IcmpSpec> = {
  kind: 'icmp',
  aim: aimIcmp,
  hasNoAddress: true,
  serve: async ({ twist, delayMs }) => ({
    host: HOST,
    port: 0,
    input: delayMs ? 'slow' : (twist ?? 'well'),
    stop: async () => {},
  }),
}

export type IcmpTwist = 'well' | 'no-answer' | 'loss' | 'jitter' | 'slow'

// Link-local, on the loopback interface: it can be nobody else's, and no packet leaves the machine.
const NOBODY = 'fe80::1%lo'
const PACKETS = 2
// Without a limit nothing is too slow; this is what a line by satellite takes.
const SLOW = 600

function aimIcmp(spec: IcmpSpec): Aim {
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  return {
    expects: {
      speaks: 'icmp',
      secure: false,
      hasNoAddress: true,
      name: spec.target,
      issuer: null,
      warnMs: 0,
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      latencyMs: spec.expect.maxLatency ?? null,
      timeoutMs,
    },
    changes: [
      ...changes.filter((change) => !change.startsWith('It connects')),
      `It pings this machine instead of its target, with ${PACKETS} packets.`,
      'Loss, delay and jitter are played: the copy is told what ping would have counted, and no packet is sent.',
    ],
    at: () => ({ ...spec, count: PACKETS, timeout: timeoutMs, family: 'any' }),
    observe: (copy, { input }, clock) => observe(copy as IcmpSpec, input as IcmpTwist, clock, timeoutMs),
  }
}

async function observe(
  spec: IcmpSpec,
  twist: IcmpTwist,
  clock: Clock,
  timeoutMs: Millis,
): Promise<Observation> {
  if (twist === 'well' || twist === 'no-answer') {
    const late = new AbortController()
    const cancel = clock.after(timeoutMs + SECOND, () => late.abort())
    try {
      const address = twist === 'well' ? HOST : NOBODY
      return await pingAddress(address, spec, { clock, signal: late.signal })
    } finally {
      cancel()
    }
  }
  const told = judgePrinted(printed(spec, twist), spec)!
  return { ...told, tookMs: 0, values: {} }
}

/** What `ping` prints of a hundred packets. */
function printed({ expect: { maxLoss, maxLatency = SLOW, maxJitter = SLOW } }: IcmpSpec, twist: IcmpTwist) {
  const lost = twist === 'loss' ? maxLoss + 1 : 0
  const mean = twist === 'slow' ? maxLatency * 1.5 : 1
  const deviation = twist === 'jitter' ? maxJitter * 1.5 : 0.1
  return (
    `100 packets transmitted, ${100 - lost} received, ${lost}% packet loss, time 20000ms\n` +
    `rtt min/avg/max/mdev = ${mean}/${mean}/${mean + 2 * deviation}/${deviation} ms\n`
  )
}
