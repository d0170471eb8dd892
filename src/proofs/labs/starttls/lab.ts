import { createServer, type Socket } from 'node:net'
import type { StartTlsSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import { goSecure } from '../go-secure.ts'
import type { LabIdentity, LabProtocol } from '../lab-protocol.ts'
import { INJECTED, LAB_DIALOGS } from './dialogs.ts'

/** What can be wrong before TLS, as `twist`. */
export type StartTlsTwist = 'not-offered' | 'injection'

type Protocol = StartTlsSpec['protocol']

/** A server that speaks the dialog of its protocol, and then TLS. */
export const lab: LabProtocol<StartTlsSpec> = {
  kind: 'starttls',
  aim: (spec) =>
    aimAtTarget(spec, { speaks: 'starttls', secure: true, healthy: { protocol: spec.protocol } }),
  server: ({ expects, twist }, identity) =>
    createServer((socket) => {
      const { protocol } = expects.healthy as { protocol: Protocol }
      serve(socket, protocol, twist as StartTlsTwist | undefined, identity!)
    }),
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
