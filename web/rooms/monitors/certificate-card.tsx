import { Link } from 'react-router'
import type { Certificate } from '../../../src/contract/monitors.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { sayDuration } from '../../times/say-time.ts'
import { CertificateGraph } from './certificate-graph.tsx'
import { ClientTable } from './client-table.tsx'

/** The certificate that was served at the last check, who can still connect, and by which paths. */
export function CertificateCard({ of }: { of: Certificate }) {
  return (
    <>
      {of.clients && of.clients.length > 0 && <ClientTable of={of.clients} />}
      {of.graph && of.graph.nodes.length > 0 && (
        <Card title="Certificate paths" lead="which way each client takes, from the certificate to a root">
          <CertificateGraph of={of.graph} clients={of.clients ?? []} />
        </Card>
      )}
      <ServedCertificate of={of} />
    </>
  )
}

function ServedCertificate({ of }: { of: Certificate }) {
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
