import { createServer, type Socket } from 'node:net'
import type { StartTlsSpec } from '../../../monitors/index.ts'
import {
  certificateExpectation,
  nodesExpectation,
  nodesOf,
  renewalExpectation,
  shorten,
  trustChanges,
  trusting,
} from '../copy-spec.ts'
import { goSecure } from '../go-secure.ts'
import { type Aim, type LabIdentity, type LabProtocol, NO_ANSWER } from '../lab-protocol.ts'
import { INJECTED, LAB_DIALOGS } from './dialogs.ts'

/** What can be wrong before TLS, as `twist`. */
export type StartTlsTwist = 'not-offered' | 'injection'

type Protocol = StartTlsSpec['protocol']

/** A server that speaks the dialog of its protocol, and then TLS. */
export const lab: LabProtocol<StartTlsSpec> = {
  kind: 'starttls',
  aim: aimStartTls,
  server: ({ expects, twist }, identity) =>
    createServer((socket) => {
      const { protocol } = expects.healthy as { protocol: Protocol }
      serve(socket, protocol, twist as StartTlsTwist | undefined, identity!)
    }),
}

function aimStartTls(spec: StartTlsSpec): Aim {
  const name = spec.expect.name ?? spec.target.host
  const { timeoutMs, changes } = shorten(spec.timeout, null)
  return {
    expects: {
      speaks: 'starttls',
      secure: true,
      name,
      ...certificateExpectation(spec.expect),
      ...renewalExpectation(spec.expect),
      ...nodesExpectation(spec),
      answer: NO_ANSWER,
      contains: [],
      banner: null,
      healthy: { protocol: spec.protocol },
      latencyMs: null,
      timeoutMs,
    },
    changes: [...changes, ...trustChanges(spec.expect)],
    at: (fault, lab): StartTlsSpec => ({
      ...spec,
      target: { host: fault.host, port: fault.port },
      everyAddress: nodesOf(spec, fault),
      expect: { ...trusting(spec.expect, lab, fault), name },
      timeout: timeoutMs,
      family: 'any',
    }),
  }
}

function serve(
  socket: Socket,
  protocol: Protocol,
  twist: StartTlsTwist | undefined,
  identity: LabIdentity,
): void {
  const { greeting, answers, withoutOffer, lastBytes } = LAB_DIALOGS[protocol]
  const isMissing = twist === 'not-offered'
  const say = (text: string | undefined) => text && socket.write(Buffer.from(text, 'latin1'))
  socket.on('error', () => {})
  say(isMissing && withoutOffer.at === -1 ? withoutOffer.answer : greeting)
  let turn = 0
  let heard: Buffer = Buffer.alloc(0)
  const hear = (chunk: Buffer) => {
    if (isMissing && turn === withoutOffer.at) {
      say(withoutOffer.answer)
      return
    }
    heard = Buffer.concat([heard, chunk]).subarray(-4_096)
    const isLast = turn === answers.length - 1
    if (isLast && lastBytes !== undefined && heard.length < lastBytes) return
    const answer = answers[turn++]
    say(isLast && twist === 'injection' ? `${answer}${INJECTED}` : answer)
    if (!isLast) {
      heard = Buffer.alloc(0)
      return
    }
    socket.removeListener('data', hear)
    socket.pause()
    if (lastBytes !== undefined && heard.length > lastBytes) socket.unshift(heard.subarray(lastBytes))
    goSecure(socket, identity).resume()
  }
  socket.on('data', hear)
}
