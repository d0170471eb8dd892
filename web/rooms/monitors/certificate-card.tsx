import type { Certificate } from '../../../src/contract/monitors.ts'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { sayDuration } from '../../times/say-time.ts'

/** The certificate that was served at the last check. */
export function CertificateCard({ of }: { of: Certificate }) {
  const left = Date.parse(of.notAfter) - useNow()
  return (
    <Card title="Certificate" aside={of.selfSigned ? <State is="degraded" say="Self-signed" /> : undefined}>
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
              {of.chain.map((subject) => (
                <li key={subject} className="mono">
                  {subject}
                </li>
              ))}
            </ol>,
          ],
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
