import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** It grew so slowly that it never was a spike. */
export const fault: Fault = {
  name: 'metric-share-large',
  title: 'One part has most of the whole',
  description:
    'One part has had most of the whole for long: there is no spike to see, and no room for others.',
  breaks: ['metric'],
  failureClass: 'tenant.spike',
  remedy: 'Set `share.above` to the share that nobody may have.',
  applies: (expects) => expects.speaks === 'metric' && healthy(expects).share !== null,
  demanded: (expects) => typeof healthy(expects).share?.above === 'number',
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'large-share' }),
}

const healthy = ({ healthy: given }: Expectation) =>
  (given ?? {}) as { share?: { above?: number | null } | null }
