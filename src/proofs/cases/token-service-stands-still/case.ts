import type { CaseInput } from '../case.ts'

/** ATLAS IAM: everybody waits for the keys of one. */
export const incidentCase: CaseInput = {
  title: 'A token service stands still, and all who trust it wait',
  where: 'Token service of ATLAS, 29 October to 1 November 2022',
  what:
    'A stress test that nobody had announced asked production for about 100 tokens a second; each became a row of the ' +
    'database. After two days the service accepted connections and answered nothing. Gateways all over the world waited for ' +
    'its signing keys and took hardly any work, of other experiments too; it was mitigated after 13 and over after 25 hours.',
  classes: ['service.frozen', 'tenant.spike', 'escalation.single-person'],
  strikes: ['token-issuer'],
  lesson: 'Fetch the keys as those do who depend on them, with a limit of time, and watch what grows behind.',
  values: {
    issuer: { title: 'Issuer', example: 'https://iam.example.org/realm', guess: 'issuer-address' },
    host: { title: 'Its host', example: 'iam.example.org', guess: 'host', optional: true },
    database: { title: 'Database', example: 'postgres://watch@db.example.org/iam', optional: true },
    password: { title: 'Password of the database', example: 'a password', kind: 'secret', optional: true },
    count: {
      title: 'Query that counts its tokens',
      example: 'select count(*) from access_token',
      optional: true,
    },
  },
  monitors: {
    keys: {
      because: 'It asks for discovery and keys as a gateway does, and tells when they hang or come late.',
      sees: ['oidc-keys-hang', 'oidc-keys-slow', 'tarpit'],
      settings: { type: 'oidc', issuer: '{issuer}', every: '60s' },
    },
    rows: {
      because: 'It knows how fast the table usually grows, and tells on the first day that it grows faster.',
      sees: ['metric-growth-unusual'],
      needs: ['database', 'count'],
      settings: {
        type: 'metric',
        from: 'sql',
        database: '{database}',
        password: '{password}',
        query: '{count}',
        every: '5m',
        growth: { per: '1h', factor: 5 },
      },
    },
  },
  past: {
    began: '2022-10-31T07:12:00+01:00',
    noticed: '2022-10-31T09:55:00+01:00',
    reached: '2022-10-31T11:58:00+01:00',
    mended: '2022-11-01T08:30:00+01:00',
    by: 'another team',
    how: 'Another experiment could not submit its jobs any more; who knew the service was on holiday.',
    had: {
      port: {
        because: 'The port accepted connections all the time.',
        settings: { type: 'tcp', target: '{host}:443' },
      },
    },
  },
}
