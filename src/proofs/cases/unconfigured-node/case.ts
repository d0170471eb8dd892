import type { CaseInput } from '../case.ts'

/** CERNTS: a certificate, and not the right one. */
export const incidentCase: CaseInput = {
  title: 'A node takes users before it is configured',
  where: 'Terminal servers of CERN, 16 November 2024',
  what:
    'Eight of thirty terminal servers had been lost during test patching. They were built anew under time pressure and ' +
    'put back into production on Friday afternoon without the whole of their configuration. On Saturday at 03:15 half of ' +
    'the pool rebooted as planned, idle sessions ended, and whoever came back was sent to a node that turned people away: ' +
    'about 40 of 2,500 users, an experiment among them.',
  classes: ['certificate.identity', 'redundancy.lost', 'registrar.broken'],
  strikes: ['terminal-servers'],
  lesson: 'Ask whose certificate it is, on every node, and not whether there is one.',
  values: {
    host: { title: 'Name that users connect to', example: 'ts.example.org', guess: 'host' },
    issuer: {
      title: 'Authority that signs your certificates',
      example: 'Example Terminal Authority',
      optional: true,
      guess: 'issuer',
    },
    members: {
      title: 'Addresses of the nodes',
      example: '192.0.2.11, 192.0.2.12, 192.0.2.13',
      kind: 'list',
      optional: true,
    },
  },
  monitors: {
    identity: {
      because:
        'It knows a node that made up its own certificate, and one that has the certificate of another.',
      sees: ['rdp-unconfigured-node', 'certificate-wrong-name'],
      settings: {
        type: 'rdp',
        target: '{host}:3389',
        every: '60s',
        expect: { name: '{host}', issuer: '{issuer}' },
      },
    },
    'every-node': {
      because:
        'One bad node of thirty hides behind the name of the pool; here each is asked by its own address.',
      sees: ['rdp-unconfigured-node', 'pool-members-down'],
      needs: ['members'],
      settings: {
        type: 'pool',
        every: '60s',
        check: { type: 'rdp', target: '{host}:3389', expect: { name: '{host}', issuer: '{issuer}' } },
        members: ['{members}'],
        drain: { decide: 'watch' },
      },
    },
  },
  past: {
    began: '2024-11-16T03:15:00+01:00',
    noticed: '2024-11-16T10:43:00+01:00',
    reached: '2024-11-16T10:50:00+01:00',
    mended: '2024-11-16T11:50:00+01:00',
    by: 'users',
    how: 'An experiment complained in a chat, and the manager of the service happened to read it.',
    had: {
      certificate: {
        because: 'It asked whether there was a certificate for Remote Desktop, whichever.',
        settings: { type: 'rdp', target: '{host}:3389', expect: { accept: 'any' } },
      },
    },
  },
}
