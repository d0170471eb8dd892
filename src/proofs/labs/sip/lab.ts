import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Millis } from '../../../kit/clock.ts'
import type { SipSpec } from '../../../monitors/index.ts'
import { listenForDatagrams } from '../../faults/datagrams.ts'
import type { RunningFault } from '../../faults/fault.ts'
import type { LabServerOptions } from '../../faults/lab-server.ts'
import { listen } from '../../faults/listen.ts'
import { serverExpectation } from '../aim-at-target.ts'
import { shorten, trustChanges, trusting } from '../copy-spec.ts'
import { identityOf } from '../identity.ts'
import type { Aim, LabProtocol } from '../lab-protocol.ts'
import { type HealthySip, playRegistrar, type SipTwist } from './registrar.ts'

/** A registrar over UDP, TCP or TLS. */
export const lab: LabProtocol<SipSpec> = { kind: 'sip', aim: aimSip, serve }

const LONGEST_REQUEST = 65_536

function aimSip(spec: SipSpec): Aim {
  const { expect } = spec
  const secure = spec.transport === 'tls'
  const domain = spec.domain ?? (spec.target.host.includes(':') ? `[${spec.target.host}]` : spec.target.host)
  const name = expect.name ?? domain.replace(/^\[(.*)\]$/, '$1')
  const { timeoutMs, latencyMs, changes } = shorten(spec.timeout, expect.maxLatency ?? null)
  const right = expect.status ?? [[200, 299]]
  const login =
    spec.user !== undefined && spec.password !== undefined
      ? { user: spec.authUser ?? spec.user, password: spec.password }
      : null
  const healthy: HealthySip = {
    method: spec.method,
    status: right.some(([from, to]) => from <= 200 && to >= 200) ? 200 : right[0]![0],
    login,
    bindings: expect.minBindings ?? 1,
    most: expect.maxBindings ?? null,
    pair: spec.alsoAt !== undefined,
  }
  return {
    expects: {
      ...serverExpectation(expect, { speaks: 'sip', secure, name, healthy, latencyMs, timeoutMs }),
      ...(spec.transport === 'udp' && { datagrams: true }),
    },
    changes: [
      ...changes,
      ...(secure ? trustChanges(expect) : []),
      ...(spec.alsoAt ? ['The other node is a second server on this machine.'] : []),
    ],
    at: (fault, lab): SipSpec => ({
      ...spec,
      target: { host: fault.host, port: fault.port },
      ...(spec.alsoAt && {
        alsoAt: (fault.input as { node?: HostPort } | undefined)?.node ?? {
          host: fault.host,
          port: fault.port,
        },
      }),
      domain,
      expect: {
        ...(secure ? { ...trusting(expect, lab, fault), name } : expect),
        ...(latencyMs !== null && { maxLatency: latencyMs }),
      },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

interface HostPort {
  host: string
  port: number
}

/** One node, or a pair of nodes that tell each other who is registered. */
async function serve(options: LabServerOptions): Promise<RunningFault> {
  const { expects, twist } = options
  const healthy = expects.healthy as HealthySip
  const registrar = playRegistrar(healthy, twist as SipTwist | undefined)
  const first = await serveNode(options, registrar)
  if (!healthy.pair) return first
  const apart = twist === 'not-replicated'
  const second = await serveNode(options, apart ? playRegistrar(healthy, undefined) : registrar)
  return {
    ...first,
    input: { node: { host: second.host, port: second.port } satisfies HostPort },
    stop: async () => void (await Promise.all([first.stop(), second.stop()])),
  }
}

function serveNode(
  options: LabServerOptions,
  registrar: ReturnType<typeof playRegistrar>,
): Promise<RunningFault> {
  const { clock, expects, delayMs = 0 } = options
  const waiting = new Set<() => void>()
  const later = (ms: Millis, fn: () => void) => {
    if (ms === 0) return fn()
    const cancel = clock.after(ms, () => {
      waiting.delete(cancel)
      fn()
    })
    waiting.add(cancel)
  }
  const onStop = () => {
    for (const cancel of waiting) cancel()
  }
  const hear = (request: string, answer: (text: Buffer) => void) => {
    const said = registrar(request)
    // Slow is the first answer; a whole log-in would otherwise be slower than the fault means.
    const first = !/^Authorization:/im.test(request)
    if (said !== null) later(first ? delayMs : 0, () => answer(Buffer.from(said)))
  }
  if (expects.datagrams)
    return listenForDatagrams((message, answer) => hear(message.toString('utf8'), answer), onStop)
  const talk = (socket: Socket) => {
    let heard = ''
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => {
      heard = (heard + chunk.toString('utf8')).slice(-LONGEST_REQUEST)
      for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
        const request = heard.slice(0, end + 4)
        heard = heard.slice(end + 4)
        hear(request, (text) => void (socket.destroyed || socket.write(text)))
      }
    })
  }
  const identity = identityOf(options)
  if (!identity) return listen(createServer(talk), onStop)
  const server = createTlsServer(identity, talk)
  server.on('tlsClientError', () => {})
  return listen(server, onStop)
}
