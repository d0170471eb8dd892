import type { CaseInput } from '../case.ts'

/** LogDNA, 8 June 2020: one takes what is everybody's. */
export const incidentCase: CaseInput = {
  title: 'One tenant floods, and what waits is thrown away',
  where: 'LogDNA, 8 to 15 June 2020',
  what:
    'One customer sent far more than usual from 07:00 on. Threads for search ran out, work piled up, and the first alert came ' +
    'three and a half hours later. Restarts, a health check that killed what was well, and faults of the storage followed; ' +
    'four days later batches that had waited for 18 hours were deleted unread. Twice it was declared over too early.',
  classes: ['tenant.spike', 'data.retention', 'redundancy.lost'],
  strikes: ['tenants', 'retention-limit'],
  lesson:
    'Watch the share of each tenant against its own past, and the age of what waits against its retention.',
  values: {
    metrics: {
      title: 'Address of its metrics',
      example: 'http://intake.example.org:9100/metrics',
      guess: 'url',
    },
    traffic: { title: 'Counter of what comes in', example: 'ingest_bytes_total' },
    label: { title: 'Label that tells tenants apart', example: 'tenant' },
    oldest: { title: 'Age of the oldest that waits, in seconds', example: 'queue_oldest_seconds' },
    retention: { title: 'How long work may wait', example: '18h' },
  },
  monitors: {
    share: {
      because: 'It knows the usual share of each tenant and names the one that spikes.',
      sees: ['metric-tenant-spike'],
      settings: {
        type: 'metric',
        from: 'scrape',
        url: '{metrics}',
        metric: '{traffic}',
        counter: true,
        every: '60s',
        share: { label: '{label}', factor: 3 },
      },
    },
    backlog: {
      because: 'It tells hours ahead when the first data will be lost.',
      sees: ['metric-backlog-aging'],
      settings: {
        type: 'metric',
        from: 'scrape',
        url: '{metrics}',
        metric: '{oldest}',
        unit: 'seconds',
        every: '60s',
        backlog: { retention: '{retention}', warn: '8h' },
      },
    },
  },
  past: {
    began: '2020-06-08T07:00:00Z',
    noticed: '2020-06-08T10:35:00Z',
    mended: '2020-06-15T17:14:00Z',
    by: 'monitoring',
    how: 'An alert came when other customers felt it; which customer it was took another hour.',
    had: {
      load: {
        because: 'It compared the sum of all with a limit, and knew no tenants.',
        settings: {
          type: 'metric',
          from: 'scrape',
          url: '{metrics}',
          metric: '{traffic}',
          counter: true,
          above: { limit: 100_000_000 },
        },
      },
    },
  },
}
