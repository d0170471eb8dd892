import { Button, Group, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { Action } from '../../../src/contract/postmortems.ts'
import { addPromise, setCounterpart } from '../../../src/contract/trackers.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { told } from '../../parts/feedback.tsx'
import { FormDialog, LongField, TextField, TimeField, useTyped } from '../../parts/form.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { fromLocalInput } from '../../times/say-time.ts'
import { isPromiseBroken, sayNth } from './narrow-actions.ts'
import { awaitsProof } from './sort-actions.ts'

/** The vendor or the other team that has to do it, and every date that they named. */
export function CounterpartCard({ of }: { of: Action }) {
  const now = useNow()
  const may = useMay('responder') && awaitsProof(of)
  const [asking, ask] = useState<'who' | 'when' | null>(null)
  const close = () => ask(null)
  // What was always ours, and is settled, needs no card.
  if (!of.with && of.promises.length === 0 && !may) return null
  return (
    <Card
      title="With somebody else"
      lead="chased by its owner"
      aside={
        may && (
          <Group gap={8}>
            <Button size="xs" variant="default" onClick={() => ask('who')}>
              {of.with ? 'Change' : 'Vendor or team'}
            </Button>
            {of.with && (
              <Button size="xs" variant="default" onClick={() => ask('when')}>
                They promised
              </Button>
            )}
          </Group>
        )
      }
    >
      {of.with ? (
        <Facts
          of={[
            [of.with.kind === 'vendor' ? 'Vendor' : 'Team', of.with.name],
            ['Their ticket', <Reference key="ticket" text={of.with.reference} />],
          ]}
        />
      ) : (
        <p className="sub" style={{ margin: 0 }}>
          It is ours alone. Where a vendor or another team has to do it, say so: their promises are kept, and
          the owner is reminded to ask.
        </p>
      )}
      {of.promises.length > 0 && (
        <>
          <h3 className="promise-head">
            {of.promises.length === 1 ? 'Promised once' : `Promised ${of.promises.length} times`}{' '}
            {isPromiseBroken(of, now) && <State is="stale" say="Not kept" />}
          </h3>
          <ol className="promises">
            {of.promises.map((promise, place) => (
              <li key={promise.id} className={place === of.promises.length - 1 ? undefined : 'dim'}>
                <ExactMoment at={promise.promisedAt} />
                <div className="sub">
                  {promise.by}, {sayNth(place + 1)}, written down by {promise.writtenBy}
                  {promise.note && <>: {promise.note}</>}
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
      {asking === 'who' && <Who of={of} close={close} />}
      {asking === 'when' && <When of={of} close={close} />}
    </Card>
  )
}

function Reference({ text }: { text: string | null }) {
  if (!text) return <span className="dim">none</span>
  return /^https?:\/\//.test(text) ? (
    <a href={text} target="_blank" rel="noreferrer">
      {text}
    </a>
  ) : (
    text
  )
}

function Who({ of, close }: { of: Action; close: () => void }) {
  const [kind, setKind] = useState<string>(of.with?.kind ?? 'vendor')
  const name = useTyped(of.with?.name)
  const reference = useTyped(of.with?.reference ?? '')
  const set = useAct(setCounterpart, (answer) => {
    told(answer.with ? 'Kept. Its owner chases them.' : 'It is ours alone.')
    close()
  })
  const send = () =>
    set.mutate({
      params: { id: of.id },
      body: {
        with:
          kind === 'us'
            ? null
            : { kind: kind as 'vendor' | 'team', name: name.value, reference: reference.value || null },
      },
    })
  return (
    <FormDialog title="Who has to do it?" of={set} act="Keep it" send={send} close={close} within="with.">
      <SegmentedControl
        aria-label="Who has to do it"
        data={[
          { value: 'vendor', label: 'A vendor' },
          { value: 'team', label: 'Another team' },
          { value: 'us', label: 'We alone' },
        ]}
        value={kind}
        onChange={setKind}
      />
      {kind !== 'us' && (
        <>
          <TextField label="Name" at="name" required maxLength={120} of={name} data-autofocus />
          <TextField
            label="Their ticket"
            description="A number or an address, to quote when asking."
            at="reference"
            maxLength={500}
            of={reference}
          />
        </>
      )}
    </FormDialog>
  )
}

function When({ of, close }: { of: Action; close: () => void }) {
  const at = useTyped()
  const note = useTyped()
  const add = useAct(addPromise, () => {
    told('Kept, beside every date before it.')
    close()
  })
  const send = () =>
    add.mutate({
      params: { id: of.id },
      body: { promisedAt: fromLocalInput(at.value) ?? '', note: note.value },
    })
  return (
    <FormDialog
      title={`What did ${of.with!.name} promise?`}
      of={add}
      act="Write it down"
      send={send}
      close={close}
    >
      <TimeField label="Done by" at="promisedAt" required of={at} data-autofocus />
      <LongField label="What they said" at="note" of={note} />
    </FormDialog>
  )
}
