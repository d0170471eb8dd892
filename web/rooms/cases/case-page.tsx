import './cases.css'
import { Button } from '@mantine/core'
import { IconShieldPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { type IncidentCase, readCase, removeCase } from '../../../src/contract/cases.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { sayExact } from '../../times/say-time.ts'
import { AdoptForm } from './adopt-form.tsx'
import { sayLasted, sayNoticed, sayOrigin } from './say-case.ts'

const MOST_SHOWN = 8

/** One case: what happened, what would have seen it, and whom it could strike here. */
export function CasePage() {
  const { id } = useParams() as { id: string }
  const found = useRead(readCase, { params: { id } })
  return <Awaited of={found}>{(one) => <Shown of={one} />}</Awaited>
}

function Shown({ of }: { of: IncidentCase }) {
  const [params] = useSearchParams()
  const wanted = params.get('service')
  const may = useMay('editor')
  const drilledFirst = of.exposed.toSorted((a, b) => Number(!a.drillId) - Number(!b.drillId))
  const [adopting, adopt] = useState(wanted !== null)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/cases', label: 'Cases' }}
        lead={[of.where, sayOrigin(of.origin)].filter(Boolean).join(' · ')}
        actions={
          may && (
            <>
              {of.origin === 'people' && <Remove of={of} />}
              <Button leftSection={<IconShieldPlus size={16} />} onClick={() => adopt(true)}>
                This could happen to us
              </Button>
            </>
          )
        }
      />
      <div className="case-columns">
        <div>
          <Card title="What happened">
            <p className="case-what">{of.what}</p>
            <p className="case-lesson">{of.lesson}</p>
          </Card>
          <Card title="Monitors that would have seen it" bare>
            <ul className="case-monitors">
              {of.monitors.map((monitor) => (
                <li key={monitor.key}>
                  <div>
                    <strong>{monitor.key}</strong> <span className="sub">{monitor.kind}</span>
                  </div>
                  <p>{monitor.because}</p>
                  <ul className="sub">
                    {monitor.sees.map(({ fault, title }) => (
                      <li key={fault}>{title}</li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </Card>
        </div>
        <div>
          {of.past && (
            <Card title="As it was">
              <Facts
                of={[
                  ['Nobody knew for', sayNoticed(of.past)],
                  ['How', of.past.how],
                  ['Began', sayExact(Date.parse(of.past.began))],
                  ['Over', sayExact(Date.parse(of.past.mended))],
                  ['Lasted', sayLasted(of.past)],
                ]}
              />
              {of.past.had.length > 0 && (
                <div className="case-had">
                  <h3>Monitors that there were</h3>
                  {of.past.had.map(({ key, because, settings }) => (
                    <p key={key}>
                      <strong>{String(settings.type)}</strong> {because}
                    </p>
                  ))}
                </div>
              )}
            </Card>
          )}
          <Card title="Whom it could strike here" bare>
            {of.exposed.length === 0 && (
              <p className="sub nothing">
                No service is known to have{' '}
                {of.strikes.map(({ title }) => title).join(' or ') || 'what it takes'}.
              </p>
            )}
            <ExposedList of={drilledFirst.slice(0, MOST_SHOWN)} />
            {of.exposed.length > MOST_SHOWN && (
              <details className="case-more">
                <summary className="sub">{of.exposed.length - MOST_SHOWN} more</summary>
                <ExposedList of={drilledFirst.slice(MOST_SHOWN)} />
              </details>
            )}
          </Card>
          <Card title="Failure classes">
            <p className="case-classes">{of.classes.map(({ title }) => title).join(' · ')}</p>
          </Card>
        </div>
      </div>
      {adopting && may && <AdoptForm of={of} first={wanted} close={() => adopt(false)} />}
    </>
  )
}

/** Refused with the names of the drills that play it, where there are any. */
function Remove({ of }: { of: IncidentCase }) {
  const navigate = useNavigate()
  const remove = useAct(removeCase, () => {
    told('Removed.')
    void navigate('/cases')
  })
  return (
    <Confirmed
      label="Remove"
      question={`Remove ${of.title}?`}
      consequence="It can be taken over no more. The post-mortem that it was made of stays, and so do monitors; a case that a drill plays is not removed."
      act="Remove it"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ params: { id: of.id } }, { onError: refused })}
    />
  )
}

function ExposedList({ of }: { of: IncidentCase['exposed'] }) {
  return (
    <ul className="case-exposed">
      {of.map(({ serviceId, because, drillId }) => (
        <li key={serviceId}>
          <State is={drillId ? 'proved' : 'unproven'} say={drillId ? 'Drilled' : 'Not drilled'} />
          <span>
            <Link to={`/blind-spots?service=${encodeURIComponent(serviceId)}`}>{serviceId}</Link>
            <span className="sub"> {because}</span>
            {drillId && (
              <>
                {' '}
                · <Link to={`/drills/${encodeURIComponent(drillId)}`}>its drill</Link>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
