import type { Socket } from 'node:net'
import { hasFailed, type StepFailure } from '../../net/failure.ts'
import { type Handshake, type HandshakeFailure, shakeHands } from '../handshake.ts'
import { Conversation, type ConversationOptions } from './conversation.ts'
import { DIALOG_FAULTS, type DialogFault } from './dialog.ts'
import { type DialogNames, STARTTLS_PROTOCOLS, type StartTlsProtocolName } from './protocols.ts'

/** Every way in which the dialog before TLS goes wrong. */
export const STARTTLS_REASONS = DIALOG_FAULTS.map((fault) => `starttls.${fault}` as const)
export type StartTlsFailure = StepFailure<`starttls.${DialogFault}`>

/** Leads the dialog of a protocol and makes the handshake on the same connection. */
export async function startTls(
  socket: Socket,
  protocol: StartTlsProtocolName,
  names: DialogNames & { servername: string },
  options: ConversationOptions,
): Promise<Handshake | HandshakeFailure | StartTlsFailure> {
  const conversation = new Conversation(socket, options)
  const outcome = await conversation.lead(STARTTLS_PROTOCOLS[protocol].dialog(names))
  const released = await conversation.release()
  for (const end of [outcome, released])
    if (hasFailed(end)) return { failed: `starttls.${end.failed as DialogFault}`, summary: end.summary }
  return shakeHands(socket, { servername: names.servername }, options.signal)
}

/** Leaves as the protocol wants it, for as long as one step may take; whatever is answered, the check is over. */
export async function sayGoodbye(
  { socket }: Handshake,
  protocol: StartTlsProtocolName,
  options: ConversationOptions,
): Promise<void> {
  const { farewell } = STARTTLS_PROTOCOLS[protocol]
  if (farewell) await new Conversation(socket, options).lead(farewell())
  socket.end()
}
