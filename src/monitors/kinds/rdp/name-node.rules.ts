import type { CertificateFacts } from '../../observation.ts'

/**
 * The name that a machine gave itself, where its certificate is one that it made up. Terminal servers do so until
 * somebody gives them the certificate of the service: such a node is not configured, or no longer.
 */
export function unconfiguredNode({ selfSigned, subject, issuer }: CertificateFacts): string | null {
  if (!selfSigned || subject !== issuer) return null
  return /(?:^|, )CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1]?.replace(/\\(.)/g, '$1') ?? (subject || 'nameless')
}
