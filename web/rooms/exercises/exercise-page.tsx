import { Button } from '@mantine/core'
import { IconDoorEnter, IconPlayerSkipForward } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import {
  type ExerciseDetail,
  joinExercise,
  moveExercise,
  readExercise,
} from '../../../src/contract/exercises.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Awaited, refused } from '../../parts/feedback.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { Answering } from './answering.tsx'
import { Comparison } from './comparison.tsx'
import { Known } from './known.tsx'
import { Table } from './table.tsx'

/** One exercise: the table, what is known so far, and what is asked now. */
export function ExercisePage() {
  const { id = '' } = useParams()
  const exercise = useRead(readExercise, { params: { id } })
  return (
    <Awaited of={exercise} rows={8}>
      {(data) => <Played of={data} />}
    </Awaited>
  )
}

function Played({ of }: { of: ExerciseDetail }) {
  const me = useMe()
  const takesPart = of.participants.some(({ personId }) => personId === me.personId)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/exercises', label: 'Exercises' }}
        lead={
          <span className="said">
            <State is={of.state} room="exercise" large />
            <span>
              {of.state === 'gathering' ? `${of.of} steps` : `step ${of.step} of ${of.of}`}, led by{' '}
              {of.facilitator}
            </span>
          </span>
        }
        actions={<Controls of={of} takesPart={takesPart} />}
      />
      {of.state === 'ended' ? (
        <div className="stack">
          <Comparison of={of} />
          <Table of={of} />
        </div>
      ) : (
        <div className="columns">
          <div className="stack">
            {of.state === 'gathering' ? <Rules /> : <Known of={of} />}
            {of.state === 'running' && takesPart && <Answering key={of.step} of={of} />}
          </div>
          <Table of={of} />
        </div>
      )}
    </>
  )
}

function Rules() {
  return (
    <Card title="How it is played">
      <ol style={{ margin: 0, paddingLeft: 20 }}>
        <li>The facilitator shows the incident step by step: only what was known at that moment.</li>
        <li>At each step everybody says what they look at, whom they call and what they tell users.</li>
        <li>The answers of the others are shown when the step is over. How long each took is kept.</li>
        <li>At the end, what happened stands beside what was said.</li>
      </ol>
    </Card>
  )
}

function Controls({ of, takesPart }: { of: ExerciseDetail; takesPart: boolean }) {
  const me = useMe()
  const may = useMay('responder')
  const leads = me.personId === of.facilitatorId
  const join = useAct(joinExercise)
  const move = useAct(moveExercise)
  const go = (to: 'next' | 'end') =>
    move.mutate({ params: { id: of.id }, body: { to, from: of.step } }, { onError: refused })
  if (of.state === 'ended')
    return of.incidentId ? <Link to={`/incidents/${of.incidentId}`}>The whole incident</Link> : null
  return (
    <>
      {may && !takesPart && (
        <Button
          leftSection={<IconDoorEnter size={16} />}
          loading={join.isPending}
          variant={leads ? 'default' : 'filled'}
          onClick={() => join.mutate({ params: { id: of.id } }, { onError: refused })}
        >
          Take part
        </Button>
      )}
      {leads && (
        <Button
          leftSection={<IconPlayerSkipForward size={16} />}
          loading={move.isPending}
          onClick={() => go('next')}
        >
          {of.step === 0 ? 'Begin' : of.step === of.of ? 'Show how it went' : 'Next step'}
        </Button>
      )}
      {leads && of.step > 0 && of.step < of.of && (
        <Button variant="default" disabled={move.isPending} onClick={() => go('end')}>
          End it here
        </Button>
      )}
    </>
  )
}
