import './certificates.css'
import { Select, Switch } from '@mantine/core'
import { IconCertificate } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type InventoryEntry, listCertificates } from '../../../src/contract/certificates.ts'
import { useList } from '../../api/hooks.ts'
import { Empty } from '../../parts/feedback.tsx'
import { Choose, Filters, type Head, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { sayDate, sayLeft, shortName } from '../monitors/certificate-paths.ts'
import { breaksOf, endsBefore, endTone, renewalOf, WITHIN } from './standing.ts'

/** How many rows are fetched and drawn at once. */
const WINDOW = 100
const HOUR = 3_600_000
const HEADS: Head[] = ['Ends', 'Certificate', 'Issuer', 'Seen by', 'Who breaks', 'Renewal']
const SORTS = { expiry: 'The first to end', issuer: 'By issuer', service: 'By service' }

/** Every certificate that a monitor has seen: when it ends, whom it breaks, and whether its renewal is on its way. */
export function CertificatesPage() {
  const search = useFilter('q')
  const within = useFilter('ends', 'any')
  const [issuer, setIssuer] = useFilter('issuer')
  const [breaks, setBreaks] = useFilter('breaks')
  const [sort, setSort] = useFilter('sort', 'expiry')
  const [past, setPast] = useFilter('past', 'false')
  const now = Math.floor(useNow() / HOUR) * HOUR
  const before = endsBefore(within[0], now)
  const words = search[0].trim()
  // The server filters and sorts: thousands of certificates would be megabytes before the first row.
  const list = useList(
    listCertificates,
    {
      query: {
        limit: WINDOW,
        ...(isSort(sort) && { sort }),
        ...(words !== '' && { q: words }),
        ...(issuer !== '' && { issuer }),
        ...(breaks !== '' && { breaks }),
        ...(before !== undefined && { endsBefore: before }),
        ...(past === 'true' && { past: 'true' as const }),
      },
    },
    { keep: true },
  )
  const narrowed = words !== '' || issuer !== '' || breaks !== '' || before !== undefined
  const { total = 0, breaking = [], issuers = [] } = list.head ?? {}
  return (
    <>
      <PageHead
        title="Certificates"
        lead="Everything that monitors have seen served, the first to end first."
      />
      <Filters search="Search certificates" by={search}>
        <Choose label="Ends within" of={within} among={WITHIN} />
        <Select
          aria-label="Issuer"
          searchable
          w={180}
          data={[{ value: '', label: 'Every issuer' }, ...options(issuers, issuer)]}
          value={issuer}
          onChange={(value) => setIssuer(value ?? '')}
        />
        <Select
          aria-label="Who breaks"
          w={190}
          data={[
            { value: '', label: 'Whoever breaks' },
            { value: '*', label: 'Breaks somebody' },
            ...options(breaking, breaks === '*' ? '' : breaks).map(({ value, label }) => ({
              value,
              label: `Breaks ${label}`,
            })),
          ]}
          value={breaks}
          onChange={(value) => setBreaks(value ?? '')}
        />
        <Select
          aria-label="Order"
          w={170}
          data={Object.entries(SORTS).map(([value, label]) => ({ value, label }))}
          value={sort}
          onChange={(value) => setSort(value ?? 'expiry')}
        />
        <Switch
          label="Also those of the past"
          size="xs"
          checked={past === 'true'}
          onChange={(event) => setPast(event.currentTarget.checked ? 'true' : 'false')}
        />
        {list.head && (
          <span className="sub" role="status">
            {total} {total === 1 ? 'certificate' : 'certificates'}
          </span>
        )}
      </Filters>
      <div className="card">
        <Listed
          of={list}
          heads={HEADS}
          bars={8}
          nothing={
            narrowed ? (
              <Empty title="No certificate matches">Take a filter away, or search for less.</Empty>
            ) : (
              <Empty title="No certificate has been seen yet" icon={<IconCertificate />}>
                Each monitor that speaks TLS adds what it is served with its first check.
              </Empty>
            )
          }
        >
          {(entry) => <Row of={entry} />}
        </Listed>
      </div>
    </>
  )
}

function isSort(text: string): text is keyof typeof SORTS {
  return text in SORTS
}

/** What can be chosen, with how many; what is chosen stays there when there is none of it any more. */
function options(counted: { name: string; certificates: number }[], chosen: string) {
  const found = counted.map(({ name, certificates }) => ({ value: name, label: `${name} (${certificates})` }))
  const isThere = chosen === '' || found.some(({ value }) => value === chosen)
  return isThere ? found : [...found, { value: chosen, label: chosen }]
}

const MOST_MONITORS = 3

function Row({ of }: { of: InventoryEntry }) {
  const now = useNow()
  const title = shortName(of.subject)
  const others = of.names.filter((name) => name !== title)
  const monitors = [...new Map(of.servers.map((server) => [server.monitorId, server])).values()]
  const rest = monitors.slice(MOST_MONITORS)
  return (
    <tr>
      <td className="tight" data-label="ends">
        <span className="cert-end" data-tone={endTone(of.notAfter, now)}>
          {sayLeft(of.notAfter, now)}
        </span>
        <div className="sub">{sayDate(of.notAfter)}</div>
      </td>
      <td className="wide cert-name">
        <strong className="row-title">{title}</strong>
        {others.length > 0 && (
          <div className="sub">
            {others.slice(0, 2).join(', ')}
            {others.length > 2 && ` and ${others.length - 2} more`}
          </div>
        )}
      </td>
      <td data-label="issuer">{of.selfSigned ? 'itself' : shortName(of.issuer)}</td>
      <td data-label="seen by">
        {monitors.length === 0 && <span className="dim">no monitor any more</span>}
        {monitors.slice(0, MOST_MONITORS).map((server) => (
          <MonitorLink key={server.monitorId} of={server} />
        ))}
        {rest.length > 0 && (
          <details>
            <summary className="sub">{rest.length} more</summary>
            {rest.map((server) => (
              <MonitorLink key={server.monitorId} of={server} />
            ))}
          </details>
        )}
      </td>
      <td>
        <Breaking of={of} />
      </td>
      <td className="cert-renewal">
        <RenewalNote of={of} />
      </td>
    </tr>
  )
}

function MonitorLink({ of }: { of: InventoryEntry['servers'][number] }) {
  return (
    <div className="cert-server">
      <Link to={`/monitors/${encodeURIComponent(of.monitorId)}`}>{of.monitorId}</Link>{' '}
      <span className="sub">{of.now ? of.serviceId : 'not any more'}</span>
    </div>
  )
}

function Breaking({ of }: { of: InventoryEntry }) {
  const breaks = breaksOf(of)
  if (breaks.length === 0) return null
  return (
    <div className="cert-breaks">
      {breaks.slice(0, 3).map(({ name, verdict, lastDay, summary }) => (
        <div key={name} title={summary}>
          <State is={verdict} say={name} />
          <span className="sub">
            {lastDay === null
              ? 'never connects'
              : verdict === 'down'
                ? `until ${sayDate(lastDay)}`
                : `breaks after ${sayDate(lastDay)}`}
          </span>
        </div>
      ))}
      {breaks.length > 3 && <span className="sub">and {breaks.length - 3} more</span>}
    </div>
  )
}

function RenewalNote({ of }: { of: InventoryEntry }) {
  const now = useNow()
  const renewal = renewalOf(of, now)
  if (renewal.state === 'wrong') return <State is="degraded" say={renewal.text} />
  if (renewal.state === 'unknown') return null
  if (renewal.state === 'due') return <State is="pending" say={`Due since ${sayDate(renewal.at)}`} />
  return <span className="sub">due {sayDate(renewal.at)}</span>
}
