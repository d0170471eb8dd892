import { Button, Drawer, Stack } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { type BlindSpotDetail, judgeBlindSpot, readBlindSpot } from '../../../src/contract/cases.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { useFocusReturn } from '../../parts/dialog.tsx'
import { Awaited, told } from '../../parts/feedback.tsx'
import { ActForm, LongField, useTyped } from '../../parts/form.tsx'
import { Moment } from '../../parts/moment.tsx'
import { State } from '../../parts/state.tsx'
import { cellWord } from './arrange.ts'
import { MendCard } from './mend-card.tsx'

/** One cell: why it stands so, and what would mend it. */
export function CellDrawer(props: { service: string; failureClass: string; close: () => void }) {
  const { service, failureClass, close } = props
  const cell = useRead(readBlindSpot, { params: { service, failureClass } })
  useFocusReturn()
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title={cell.data ? `${cell.data.service.name}: ${cell.data.about.title}` : 'Blind spot'}
    >
      <Awaited of={cell} rows={6}>
        {(data) => <Detail of={data} />}
      </Awaited>
    </Drawer>
  )
}

function Detail({ of }: { of: BlindSpotDetail }) {
  const { state, reason, provedAt, about, exposure, faults, mends, judgements } = of
  return (
    <Stack gap="md" className="spot-detail">
      <div>
        <p className="spot-verdict" data-state={state}>
          <span className="spot" data-state={state} aria-hidden="true">
            {cellWord(state).sign}
          </span>
          <strong>{cellWord(state).word}</strong>
          {provedAt && (
            <span className="sub">
              <Moment at={provedAt} />
            </span>
          )}
        </p>
        <p>{reason}</p>
        <p className="sub">{about.about}</p>
      </div>
      {mends.length > 0 && (
        <section aria-label="What to do">
          <h3>{state === 'proved' ? 'To keep it so' : 'What to do'}</h3>
          <Stack gap="sm">
            {mends.map((mend) => (
              <MendCard key={`${mend.kind} ${mend.title}`} of={mend} service={of.service.id} />
            ))}
          </Stack>
        </section>
      )}
      {exposure.length > 0 && (
        <section aria-label="Why it can happen here">
          <h3>Why it can happen here</h3>
          <ul>
            {exposure.map((why) => (
              <li key={why}>{why}</li>
            ))}
          </ul>
        </section>
      )}
      {faults.length > 0 && (
        <section aria-label="Faults of this class">
          <h3>Faults of this class</h3>
          <ul className="spot-faults">
            {faults.map((fault) => (
              <li key={`${fault.monitorId} ${fault.fault}`}>
                <State is={fault.result === 'never' ? 'never run' : fault.result} />
                <span>
                  {fault.title}{' '}
                  <Link to={`/monitors/${encodeURIComponent(fault.monitorId)}`}>{fault.monitorId}</Link>
                  {fault.at && (
                    <span className="sub">
                      {' '}
                      <Moment at={fault.at} />
                    </span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Judgement of={of} />
      {judgements.length > 0 && (
        <section aria-label="What people said">
          <h3>What people said</h3>
          <ul>
            {judgements.map((one) => (
              <li key={one.at + one.reason}>
                {one.applies ? 'It can happen after all' : 'It cannot happen here'}: {one.reason}{' '}
                <span className="sub">
                  {one.by}, <Moment at={one.at} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  )
}

/** A person says that it cannot happen here, and why; or takes that back. */
function Judgement({ of }: { of: BlindSpotDetail }) {
  const may = useMay('responder')
  const reason = useTyped()
  const [asked, ask] = useState(false)
  const back = of.state === 'not-applicable'
  const judge = useAct(judgeBlindSpot, () => {
    told(back ? 'Taken back.' : 'Noted, with your name.')
    reason.set('')
    ask(false)
  })
  if (!may || (of.state === 'not-exposed' && !back)) return null
  if (!asked)
    return (
      <div>
        <Button variant="default" size="xs" onClick={() => ask(true)}>
          {back ? 'It can happen after all …' : 'It cannot happen here …'}
        </Button>
      </div>
    )
  const send = () =>
    judge.mutate({
      body: {
        serviceId: of.service.id,
        failureClass: of.failureClass,
        applies: back,
        reason: reason.value,
      },
    })
  return (
    <ActForm of={judge} act={back ? 'Take it back' : 'Say so'} send={send}>
      <LongField
        label={back ? 'Why it can happen after all' : 'Why it cannot happen here'}
        description="It stays on record with your name."
        at="reason"
        required
        of={reason}
        data-autofocus
      />
    </ActForm>
  )
}
