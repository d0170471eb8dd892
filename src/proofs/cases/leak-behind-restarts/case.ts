import type { CaseInput } from '../case.ts'

/** CERNphone, OTG0150847: memory that restarts gave back. */
export const incidentCase: CaseInput = {
  title: 'A leak that restarts have hidden',
  where: 'Telephony of CERN, 5 and 6 July 2024',
  what:
    'A front end for telephones lost memory, bit by bit. A workaround for an older fault had restarted it now and then and ' +
    'thereby hidden the leak. On a Friday at 20:47 registrations began to fail and calls with them, for nearly 12 hours; those who ' +
    'were on the list of contacts could not be reached in the night.',
  classes: ['resource.leak', 'registrar.broken', 'escalation.single-person'],
  strikes: ['long-running', 'phones'],
  lesson: 'Forecast when memory ends, also across restarts, and register as a telephone does.',
  values: {
    prometheus: { title: 'Prometheus', example: 'http://prometheus.example.org:9090', guess: 'url' },
    memory: {
      title: 'Query for its memory',
      example: 'process_resident_memory_bytes{job="phones"}',
    },
    limit: { title: 'Bytes that it may have', example: '4000000000', kind: 'number' },
    host: { title: 'Registrar', example: 'sip.example.org', guess: 'host', optional: true },
    user: { title: 'Account of the check', example: 'probe', optional: true },
    password: { title: 'Its password', example: 'a password', kind: 'secret', optional: true },
  },
  monitors: {
    memory: {
      because: 'It tells hours ahead when the memory ends, and that restarts hide its growth.',
      sees: ['metric-limit-soon', 'metric-leak-restarted'],
      settings: {
        type: 'metric',
        from: 'prometheus',
        url: '{prometheus}',
        query: '{memory}',
        unit: 'bytes',
        every: '60s',
        forecast: { limit: '{limit}', within: '24h', window: '12h' },
      },
    },
    registration: {
      because: 'It signs in as a telephone and looks whether its registration is kept.',
      sees: ['sip-not-bound', 'sip-unavailable'],
      needs: ['host', 'user', 'password'],
      settings: {
        type: 'sip',
        target: '{host}:5060',
        method: 'register',
        user: '{user}',
        password: '{password}',
        every: '60s',
      },
    },
  },
  past: {
    began: '2024-07-05T20:47:00+02:00',
    noticed: '2024-07-05T23:59:00+02:00',
    reached: '2024-07-06T08:25:00+02:00',
    mended: '2024-07-06T08:30:00+02:00',
    by: 'staff by chance',
    how: 'Operators saw it before midnight and reached nobody; in the morning an engineer looked at his own telephone.',
    had: {
      port: {
        because: 'The port accepted connections all night.',
        settings: { type: 'tcp', target: '{host}:5060' },
      },
    },
  },
}
