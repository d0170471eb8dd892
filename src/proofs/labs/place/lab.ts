import { MINUTE, SECOND } from '../../../kit/duration.ts'
import { judgePlace, type PlaceSpec } from '../../../monitors/index.ts'
import { type Aim, expectsNoServer, type LabProtocol } from '../lab-protocol.ts'

/** The probe of a place that asks for its work, in time that is only played. */
export const lab: LabProtocol<PlaceSpec> = {
  kind: 'place',
  aim: aimPlace,
  hasNoAddress: true,
  serve: async ({ twist }) => ({ host: '127.0.0.1', port: 0, input: twist ?? 'well', stop: async () => {} }),
}

export type PlaceTwist = 'well' | 'silent'

// A probe asks four times a minute.
const ASKS_EVERY = 15 * SECOND
const PLAYED = 10 * MINUTE

function aimPlace(spec: PlaceSpec): Aim {
  return {
    expects: expectsNoServer('place'),
    changes: [
      'Its probe is played: it asks every fifteen seconds, and then for ten minutes as the fault says.',
    ],
    at: () => spec,
    async observe(copy, { input }, clock) {
      const { place, silence } = copy as PlaceSpec
      const end = clock.now() + PLAYED
      const heardAt = input === 'well' ? end - ASKS_EVERY : clock.now()
      return { ...judgePlace(place, heardAt, clock.now(), end, silence), tookMs: 0, values: {} }
    },
  }
}
