import type { X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { failure, type StepFailure } from '../net/failure.ts'

export const HANDSHAKE_REASONS = ['tls.handshake-failed', 'tls.handshake-timeout'] as const
export type HandshakeFailure = StepFailure<(typeof HANDSHAKE_REASONS)[number]>

/** A finished TLS handshake: the certificates as they were sent, not judged yet. */
export interface Handshake {
  socket: TLSSocket
  /** Leaf first, in the order sent. */
  sent: X509Certificate[]
  protocol: string
  cipher: string
}

let shared: SecureContext | null = null

// One context for all checks: building one costs more than a handshake. It accepts everything (old protocols and
// weak keys included, and it holds no root), since the verdict is ours and needs the certificate to be seen.
function lenientContext(): SecureContext {
  shared ??= createSecureContext({
    ca: [],
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ecdhCurve: 'X25519:P-256:P-384:P-521',
  })
  return shared
}

/** One full handshake on a fresh connection, never a resumed session. The signal destroys the socket. */
export function shakeHands(
  raw: Socket,
  options: { servername: string; alpn?: string[] },
  signal: AbortSignal,
): Promise<Handshake | HandshakeFailure> {
  const late = failure(
    'tls.handshake-timeout' as const,
    'connected, but the TLS handshake did not finish in time',
  )
  return new Promise((resolve) => {
    if (signal.aborted) {
      raw.destroy()
      return resolve(late)
    }
    const socket = connect({
      socket: raw,
      secureContext: lenientContext(),
      rejectUnauthorized: false,
      ...(isIP(options.servername) === 0 && { servername: options.servername }),
      ...(options.alpn && { ALPNProtocols: options.alpn }),
    })
    const settle = (outcome: Handshake | HandshakeFailure) => {
      signal.removeEventListener('abort', onAbort)
      if ('failed' in outcome) {
        socket.destroy()
        raw.destroy()
      }
      resolve(outcome)
    }
    const onAbort = () => settle(late)
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('secureConnect', () => settle(finished(socket)))
    socket.on('error', (error) =>
      settle(failure('tls.handshake-failed', `no TLS handshake: ${whyNot(error)}`)),
    )
    socket.once('close', () =>
      settle(failure('tls.handshake-failed', 'the other side hung up during the handshake')),
    )
  })
}

function finished(socket: TLSSocket): Handshake | HandshakeFailure {
  const sent: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  for (; next && sent.length < 20; next = next.issuerCertificate) sent.push(next)
  if (sent.length === 0)
    return failure('tls.handshake-failed', 'the handshake finished without a certificate')
  return {
    socket,
    sent,
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.name ?? 'unknown',
  }
}

/** OpenSSL's own words, without its addresses and file names. */
function whyNot(error: NodeJS.ErrnoException & { reason?: string }): string {
  if (error.code === 'ECONNRESET') return 'the connection was reset'
  if (error.reason) return error.reason
  return error.code ?? error.message
}
