import type { CaseInput } from '../case.ts'

/** LogDNA, 30 May 2020: the chain that is well for us. */
export const incidentCase: CaseInput = {
  title: 'The chain breaks for old clients only',
  where: 'LogDNA, 30 May to 1 June 2020',
  what:
    'A root named AddTrust ended on 30 May at 10:48. Servers still sent a certificate that it had signed. New clients found ' +
    'another way; older ones, among them an agent with the roots of an old Node.js, followed what was sent and could not ' +
    'connect. Open connections went on, so that the flow of data looked well; it was over after nearly 59 hours.',
  classes: ['certificate.chain', 'view.inside-only'],
  strikes: ['tls'],
  lesson: 'Judge the chain for each population of clients that you have, not for the newest.',
  values: {
    host: { title: 'Name of the service', example: 'logs.example.org', guess: 'host' },
    clients: { title: 'Populations of clients', example: 'modern, openssl-1.0, node-8', kind: 'list' },
  },
  monitors: {
    clients: {
      because: 'It builds the path as each population does, and says who breaks, and when.',
      sees: ['certificate-cross-sign-expired', 'certificate-chain-expired', 'certificate-chain-incomplete'],
      settings: {
        type: 'tls',
        target: '{host}:443',
        every: '5m',
        expect: { name: '{host}', clients: ['{clients}'] },
      },
    },
  },
  past: {
    began: '2020-05-30T10:48:00Z',
    noticed: '2020-05-30T12:59:00Z',
    reached: '2020-05-30T13:04:00Z',
    mended: '2020-06-01T21:46:00Z',
    by: 'customers',
    how: 'A customer wrote a ticket, and another one in a public chat.',
    had: {
      certificate: {
        because: 'The certificate itself was valid, and a modern client found another way.',
        settings: { type: 'tls', target: '{host}:443', expect: { name: '{host}' } },
      },
    },
  },
}
