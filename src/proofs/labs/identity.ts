import type { LabServerOptions } from '../faults/lab-server.ts'
import type { LabIdentity } from './lab-protocol.ts'

/** What the server presents over TLS; null where none is spoken. */
export function identityOf({ expects, certificate, chainPem, newest }: LabServerOptions): LabIdentity | null {
  if (!expects.secure || !certificate) return null
  const identity: LabIdentity = { key: certificate.keyPem, cert: chainPem ?? certificate.chainPem }
  // Old versions sign by what is refused today.
  return newest
    ? { ...identity, minVersion: 'TLSv1', maxVersion: newest, ciphers: 'DEFAULT@SECLEVEL=0' }
    : identity
}
