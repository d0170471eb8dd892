import { Link } from 'react-router'
import { readRenewals } from '../../../src/contract/certificates.ts'
import type { Certificate } from '../../../src/contract/monitors.ts'
import { useRead } from '../../api/hooks.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { sayDuration } from '../../times/say-time.ts'
import { CertificateGraph } from './certificate-graph.tsx'
import { ClientTable } from './client-table.tsx'

/** The certificate that was served at the last check, who can still connect, and by which paths. */
export function CertificateCard({ of, monitorId }: { of: Certificate; monitorId: string }) {
  return (
    <>
      {of.clients && of.clients.length > 0 && <ClientTable of={of.clients} />}
      {of.graph && of.graph.nodes.length > 0 && (
        <Card title="Certificate paths" lead="which way each client takes, from the certificate to a root">
          <CertificateGraph of={of.graph} clients={of.clients ?? []} />
        </Card>
      )}
      <ServedCertificate of={of} monitorId={monitorId} />
    </>
  )
}

function ServedCertificate({ of, monitorId }: { of: Certificate; monitorId: string }) {
  const left = Date.parse(of.notAfter) - useNow()
  return (
    <Card
      title="Certificate"
      aside={
        <>
          {of.selfSigned && <State is="degraded" say="Self-signed" />}
          <Link className="sub" to={`/certificates?past=true&q=${encodeURIComponent(of.fingerprint)}`}>
            Who else serves it
          </Link>
        </>
      }
    >
      <Facts
        of={[
          [
            'Subject',
            <span key="s" className="mono">
              {of.subject}
            </span>,
          ],
          [
            'Issuer',
            <span key="i" className="mono">
              {of.issuer}
            </span>,
          ],
          [
            'Names',
            <span key="n" className="mono">
              {of.names.join(', ') || '–'}
            </span>,
          ],
          [
            'Ends',
            <span key="e">
              <strong>{left < 0 ? `${sayDuration(left)} ago` : `in ${sayDuration(left)}`}</strong>
              <br />
              <ExactMoment at={of.notAfter} />
            </span>,
          ],
          ['Began', <ExactMoment key="b" at={of.notBefore} />],
          ['Renewed', <Renewed key="r" monitorId={monitorId} />],
          [
            'Chain sent',
            <ol key="c" style={{ margin: 0, paddingLeft: 18 }}>
              {of.chain.map((subject, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a server may send the same one twice
                <li key={place} className="mono">
                  {subject}
                </li>
              ))}
            </ol>,
          ],
          ...(of.clients
            ? []
            : [
                [
                  'Clients',
                  <span key="w" className="dim">
                    none are named: with <code className="mono">expect.clients</code> this page shows who
                    breaks, and when
                  </span>,
                ] as [string, React.ReactNode],
              ]),
          ['Spoken', `${of.protocol}, ${of.cipher}`],
          [
            'SHA-256',
            <span key="f" className="mono" style={{ fontSize: '0.6875rem' }}>
              {of.fingerprint}
            </span>,
          ],
        ]}
      />
    </Card>
  )
}

const MOST_RENEWALS = 8

/** When it was renewed before, and how long before its end that usually is. */
function Renewed({ monitorId }: { monitorId: string }) {
  const { data } = useRead(readRenewals, { params: { id: monitorId } })
  if (!data) return <span className="dim">–</span>
  if (data.renewals.length === 0) return <span className="dim">not since it is watched</span>
  const newest = data.renewals.toReversed()
  return (
    <>
      {data.summary}
      <details>
        <summary className="sub">
          {newest.length === 1 ? 'One renewal' : `${newest.length} renewals`}
          {newest.length > MOST_RENEWALS && `, the last ${MOST_RENEWALS}`}
        </summary>
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {newest.slice(0, MOST_RENEWALS).map(({ at, node, to, daysBeforeEnd }) => (
            <li key={`${node} ${to}`}>
              <ExactMoment at={at} />
              <span className="dim">
                {node && `, ${node}`}, {Math.abs(Math.round(daysBeforeEnd))} days{' '}
                {daysBeforeEnd < 0 ? 'after' : 'before'} the end of the old one
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}
