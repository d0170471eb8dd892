import type { CaseInput } from '../case.ts'

/** Gluster: a run that never ends, and a certificate that does. */
export const incidentCase: CaseInput = {
  title: 'The renewal hangs, and the certificate ends',
  where: 'Documentation of Gluster, 13 to 20 November 2018',
  what:
    'A nightly run renewed certificates in the last week of their life. Two dead builders made it wait for ever, night after ' +
    'night, until some seventy processes hung. The certificate of the documentation ended at 05:00 and was an error page ' +
    'for 5 hours; the monitor asked only whether TLS is answered, and had itself run out of memory two weeks before.',
  classes: ['certificate.expired', 'job.hung', 'watcher.silent'],
  strikes: ['tls', 'nightly-job'],
  lesson: 'Watch the renewal and not only the end, and give each run a longest time.',
  values: {
    host: { title: 'Name of the service', example: 'docs.example.org', guess: 'host' },
    schedule: { title: 'When the renewal runs', example: '0 3 * * *' },
  },
  monitors: {
    certificate: {
      because: 'It tells when a renewal is overdue, days before the certificate ends.',
      sees: ['certificate-expired', 'certificate-expires-soon', 'certificate-renewal-overdue'],
      settings: {
        type: 'tls',
        target: '{host}:443',
        every: '5m',
        expect: { name: '{host}', renewal: { policy: 'two-thirds' } },
      },
    },
    renewal: {
      because: 'It hears of each run when it starts and when it ends, and tells of one that does not.',
      sees: ['job-hangs', 'job-silent'],
      settings: {
        type: 'heartbeat',
        schedule: '{schedule}',
        startGrace: '10m',
        maxRun: '1h',
        renews: '{monitor:certificate}',
      },
    },
  },
  past: {
    began: '2018-11-20T05:00:00Z',
    noticed: '2018-11-20T10:01:00Z',
    mended: '2018-11-20T10:07:00Z',
    by: 'users',
    how: 'Somebody asked on IRC, and the administrator happened to be connected in the train.',
    had: {
      port: {
        because: 'It asked whether the port is open and a TLS session can be negotiated.',
        settings: { type: 'tls', target: '{host}:443', expect: { accept: 'any' } },
      },
    },
  },
}
