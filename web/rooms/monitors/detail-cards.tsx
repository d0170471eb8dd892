import type { ReactNode } from 'react'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { CertificateCard } from './certificate-card.tsx'
import { CoMovementCard } from './co-movement-card.tsx'
import { detailOf } from './detail-shapes.ts'
import { ForecastCard, hasForecast } from './forecast-card.tsx'
import { JourneyCard } from './journey-card.tsx'
import { PoolCard } from './pool-card.tsx'
import { RelatedCard } from './related-card.tsx'
import { RunsCard } from './runs-card.tsx'
import {
  KeysCard,
  LinesCard,
  NodesCard,
  PeerCard,
  PlacesCard,
  SeenMembersCard,
  ServersCard,
  SharesCard,
  ViolationsCard,
} from './sight-cards.tsx'

/** A card that some monitors have below what every monitor has. */
interface DetailCard {
  /** The kinds of monitor that may have it; left out where every kind may. */
  kinds?: readonly string[]
  /** Whether there is anything to show; `of.last.details` is in a shape of the kind's own and must be proved here. */
  shows: (of: MonitorDetail) => boolean
  /** Wide ones stand in the left column, where the history is; narrow ones in the right one. */
  width: 'wide' | 'narrow'
  /** Whether it stands below the history instead of above it. */
  below?: boolean
  /** Left out where it says as much of settings that are only tried; `stored` asks for what is kept of the monitor. */
  only?: 'stored' | 'tried'
  Draw: (props: { of: MonitorDetail }) => ReactNode
}

// Kinds that have little else to show.
const ABOUT_CERTIFICATES = ['tls', 'starttls', 'rdp']

/** One line for each card, in the order in which they stand on the page. */
const CARDS: readonly DetailCard[] = [
  { shows: ({ related }) => related.length > 0, width: 'wide', only: 'stored', Draw: RelatedCard },
  { kinds: ['heartbeat'], shows: () => true, width: 'wide', only: 'stored', Draw: RunsCard },
  { kinds: ['pool'], shows: () => true, width: 'wide', only: 'stored', Draw: PoolCard },
  { kinds: ['pool'], shows: has('members'), width: 'wide', only: 'tried', Draw: SeenMembersCard },
  { shows: has('places'), width: 'wide', Draw: PlacesCard },
  { shows: has('nodes'), width: 'wide', Draw: NodesCard },
  { kinds: ['dns'], shows: has('servers'), width: 'wide', Draw: ServersCard },
  { kinds: ['inventory'], shows: hasSome('violations', 'accepted'), width: 'wide', Draw: ViolationsCard },
  { kinds: ['log'], shows: hasSome('samples'), width: 'wide', Draw: LinesCard },
  { kinds: ['metric'], shows: hasForecast, width: 'wide', Draw: ForecastCard },
  { kinds: ['metric'], shows: hasSome('shares'), width: 'wide', Draw: SharesCard },
  { kinds: ['metric'], shows: () => true, width: 'wide', only: 'stored', Draw: CoMovementCard },
  { kinds: ['journey'], shows: hasSome('steps'), width: 'wide', Draw: JourneyCard },
  { kinds: ['oidc'], shows: hasSome('keys'), width: 'wide', Draw: KeysCard },
  { kinds: ['peer'], shows: () => true, width: 'narrow', only: 'stored', Draw: PeerCard },
  { kinds: ABOUT_CERTIFICATES, shows: hasCertificate, width: 'wide', Draw: Certificate },
  {
    shows: (of) => hasCertificate(of) && !ABOUT_CERTIFICATES.includes(of.kind),
    width: 'wide',
    below: true,
    Draw: Certificate,
  },
]

function hasCertificate({ last }: MonitorDetail): boolean {
  return last?.certificate !== undefined
}
function Certificate({ of }: { of: MonitorDetail }) {
  return of.last?.certificate && <CertificateCard of={of.last.certificate} monitorId={of.id} />
}

type Listed = Parameters<typeof detailOf>[1]
function has(name: Listed): DetailCard['shows'] {
  return ({ last }) => detailOf(last, name) !== null
}
function hasSome(...names: Listed[]): DetailCard['shows'] {
  return ({ last }) =>
    names.some((name) => {
      const found = detailOf(last, name)
      return Array.isArray(found) && found.length > 0
    })
}

interface Which {
  of: MonitorDetail
  width: DetailCard['width']
  below?: boolean
  /** Of settings that are only tried. */
  tried?: boolean
}

/** The cards of a monitor in one column, above or below its history. */
export function DetailCards({ of, width, below = false, tried = false }: Which) {
  return CARDS.map(
    (card, place) =>
      card.width === width &&
      (card.below ?? false) === below &&
      applies(card, of, tried) && (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <card.Draw key={place} of={of} />
      ),
  )
}

/** Whether there is more to show of what was tried than what was measured. */
export function hasDetails(of: MonitorDetail): boolean {
  return CARDS.some((card) => card.width === 'wide' && applies(card, of, true))
}

function applies({ kinds, shows, only }: DetailCard, of: MonitorDetail, tried: boolean): boolean {
  return (kinds?.includes(of.kind) ?? true) && only !== (tried ? 'stored' : 'tried') && shows(of)
}
