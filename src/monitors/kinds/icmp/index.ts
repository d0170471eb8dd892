import type { Millis } from '../../../kit/clock.ts'
import { refusedAddress } from '../../net/egress.ts'
import { resolveHost } from '../../net/resolve.ts'
import type { Observation } from '../../observation.ts'
import { withoutScheme } from '../fields.ts'
import type { CheckContext, MonitorKind } from '../kind.ts'
import { judgePing, lossOf, PING_REASONS } from './judge-ping.rules.ts'
import { readPing, whyPingFailed } from './read-ping.rules.ts'
import { type PingRun, runPing } from './run-ping.ts'
import { type IcmpSpec, icmpSchema } from './spec.ts'

export type { IcmpSpec } from './spec.ts'

// What is left of the time for the program to count and to end.
const SHARE_OF_PING = 0.85
const INSTALL = 'install it (Debian: iputils-ping), or watch this host by a port that it serves'
const PERMIT =
  'allow it (`setcap cap_net_raw+p` on the program, or the sysctl net.ipv4.ping_group_range), or watch a port instead'

/** Pings, by the program of the system. */
export const icmp: MonitorKind<IcmpSpec> = {
  kind: 'icmp',
  title: 'Ping',
  description:
    'Sends echo requests with the ping of the system and judges loss, round trip and jitter. It sees that a host ' +
    'answers, and nothing of the services on it.',
  schema: icmpSchema,
  reasons: [
    'ok',
    ...['dns.failed', 'dns.timeout', 'egress.refused'],
    ...PING_REASONS,
    ...['icmp.not-installed', 'icmp.not-permitted', 'icmp.unreadable'],
  ],
  cost: 'process',
  target: ({ target }) => target,
  check,
  typedAs: ['icmp://HOST'],
  schemes: { icmp: hostOf, ping: hostOf },
  cannotSee: [
    {
      failureClass: 'service.down',
      why: 'The kernel answers pings, whatever becomes of the services: those are seen by tcp, http and the like.',
      seenBy: ['tcp', 'http'],
    },
    {
      failureClass: 'service.frozen',
      why: 'A host whose programs have all stopped still answers; a monitor that waits for an answer of the service sees it.',
      seenBy: ['http', 'tls', 'smtp', 'sql'],
    },
    {
      failureClass: 'certificate',
      why: 'It speaks no TLS: the kinds tls, starttls and http judge certificates.',
      seenBy: ['tls', 'starttls', 'http'],
    },
  ],
}

function hostOf(target: string) {
  return { target: withoutScheme(target) }
}

async function check(spec: IcmpSpec, { clock, signal }: CheckContext): Promise<Observation> {
  const started = clock.now()
  const observed = (
    verdict: Observation['verdict'],
    reason: string,
    summary: string,
    values: Observation['values'] = {},
  ): Observation => ({ verdict, reason, summary, tookMs: clock.now() - started, values })
  const addresses = await resolveHost(spec.target, spec.family, signal)
  if (!Array.isArray(addresses)) return observed('down', addresses.failed, addresses.summary)
  const address = addresses[0]!
  const refused = refusedAddress(address)
  if (refused) return observed('down', 'egress.refused', `checks may not go there: ${refused}`)
  return pingAddress(address, spec, { clock, signal }, started)
}

/** Pings an address that was found before, and may be asked. */
export async function pingAddress(
  address: string,
  spec: IcmpSpec,
  { clock, signal }: Pick<CheckContext, 'clock' | 'signal'>,
  started: Millis = clock.now(),
): Promise<Observation> {
  const enoughAfterMs = Math.max(1, (spec.timeout - (clock.now() - started)) * SHARE_OF_PING)
  const run = await runPing(
    { address, ...pace(spec, enoughAfterMs), size: spec.size, enoughAfterMs },
    clock,
    signal,
  )
  const ours = trouble(run)
  const count = ours ? null : readPing(run.output)
  const tookMs = clock.now() - started
  if (!count) return { ...(ours ?? unreadable(run)), tookMs, values: { address } }
  const { verdict, reason, summary } = judgePing(count, spec.expect)
  const values = {
    address,
    sent: count.sent,
    received: count.received,
    lossPercent: lossOf(count.sent, count.received),
    ...(count.rtt && {
      rttMinMs: count.rtt.min,
      rttMeanMs: count.rtt.mean,
      rttMaxMs: count.rtt.max,
      rttDeviationMs: count.rtt.deviation,
    }),
  }
  return { verdict, reason, summary: `${address}: ${summary}`, tookMs, values }
}

/** What the monitor says of what a `ping` has printed; null where it printed no count. */
export function judgePrinted(printed: string, { expect }: IcmpSpec): Trouble | null {
  const count = readPing(printed)
  return count && judgePing(count, expect)
}

/** All packets leave in the first half of the time, so that the last has as long to come back. */
function pace({ count, interval }: IcmpSpec, enoughAfterMs: number): { count: number; intervalMs: number } {
  const room = enoughAfterMs / 2
  return { intervalMs: interval, count: Math.max(1, Math.min(count, Math.floor(room / interval) + 1)) }
}

type Trouble = Pick<Observation, 'verdict' | 'reason' | 'summary'>

/** Where `ping` did not work, nothing was learned of the host, unless it says that there is no way to it. */
function trouble({ notStarted, complaint }: PingRun): Trouble | null {
  if (notStarted === 'ENOENT')
    return {
      verdict: 'unknown',
      reason: 'icmp.not-installed',
      summary: `there is no program ping here: ${INSTALL}`,
    }
  if (notStarted === 'EACCES' || notStarted === 'EPERM' || whyPingFailed(complaint) === 'icmp.not-permitted')
    return {
      verdict: 'unknown',
      reason: 'icmp.not-permitted',
      summary: `ping is not permitted here: ${PERMIT}`,
    }
  if (notStarted !== null)
    return {
      verdict: 'unknown',
      reason: 'icmp.unreadable',
      summary: `ping could not be started: ${notStarted}`,
    }
  if (whyPingFailed(complaint) === 'icmp.unreachable')
    return {
      verdict: 'down',
      reason: 'icmp.unreachable',
      summary: `there is no way to it: ${firstLine(complaint)}`,
    }
  return null
}

function unreadable({ output, complaint, exit }: PingRun): Trouble {
  const said = firstLine(complaint || output)
  return {
    verdict: 'unknown',
    reason: 'icmp.unreadable',
    summary: `ping ended with ${exit ?? 'a signal'} and counted nothing${said && `: ${said}`}`,
  }
}

const firstLine = (text: string) =>
  (text.trim().split('\n', 1)[0] ?? '').replace(/[^\x20-\x7e]/g, '?').slice(0, 150)
