import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { createExercise, listExercises } from '../../../src/contract/exercises.ts'
import { listIncidents } from '../../../src/contract/incidents.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { ChoiceField, FormDialog, TextField, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** Past incidents that people play through together. */
export function ExercisesPage() {
  const exercises = useList(listExercises, { query: { limit: 100 } })
  const may = useMay('responder')
  const [making, { open, close }] = useDisclosure()
  const make = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Make an exercise
    </Button>
  )
  return (
    <>
      <PageHead
        title="Exercises"
        lead="A past incident, shown piece by piece as it became known. Everybody says what they would do before they know."
        actions={make}
      />
      <div className="card">
        <Listed
          of={exercises}
          heads={['State', 'Exercise', 'Led by', 'Step', 'Made']}
          nothing={
            <Empty icon={<IconUsersGroup />} title="No exercise yet" action={make}>
              Take an incident that hurt, sit down together, and find out who would have known what to do.
            </Empty>
          }
        >
          {(one) => (
            <tr>
              <td className="tight">
                <State is={one.state} room="exercise" />
              </td>
              <td className="wide">
                <Link className="row-title" to={`/exercises/${one.id}`}>
                  {one.title}
                </Link>
              </td>
              <td data-label="led by">{one.facilitator}</td>
              <td className="tight" data-label="step">
                {one.state === 'gathering' ? (
                  <span className="dim">not begun</span>
                ) : (
                  `${one.step} of ${one.of}`
                )}
              </td>
              <td className="tight" data-label="made">
                <Moment at={one.createdAt} />
              </td>
            </tr>
          )}
        </Listed>
      </div>
      {making && <Make close={close} />}
    </>
  )
}

function Make({ close }: { close: () => void }) {
  const incidents = useList(listIncidents, { query: { limit: 100 } })
  const incident = useTyped()
  const title = useTyped()
  const go = useNavigate()
  const make = useAct(createExercise, (made) => void go(`/exercises/${made.id}`))
  const send = () =>
    make.mutate({
      body: { incidentId: incident.value, ...(title.value.trim() ? { title: title.value.trim() } : {}) },
    })
  return (
    <FormDialog title="Make an exercise" of={make} act="Make it" send={send} close={close}>
      <ChoiceField
        label="Incident"
        description="Its timeline is frozen as it stands now, and shown in the order in which things became known."
        searchable
        required
        at="incidentId"
        placeholder={incidents.items?.length === 0 ? 'There is no incident yet' : 'Choose one'}
        data={(incidents.items ?? []).map(({ id, title: name }) => ({ value: id, label: name }))}
        of={incident}
      />
      <TextField
        label="Name"
        description="What those who take part see. Choose one that gives nothing away."
        at="title"
        of={title}
      />
    </FormDialog>
  )
}
