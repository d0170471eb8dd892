import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from 'react-router'
import {
  type Action,
  addAction,
  listActions,
  type PostmortemDetail,
} from '../../../src/contract/postmortems.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { ActionForm, useActionTyped } from './action-form.tsx'

/** The actions of a post-mortem, each with what must be shown before it counts as done. */
export function ActionsCard({ of }: { of: PostmortemDetail }) {
  const actions = useList(listActions, { query: { postmortemId: of.id } }, { all: true })
  const may = useMay('responder')
  const nameOf = usePersonName()
  const [adding, { open, close }] = useDisclosure()
  return (
    <Card
      title="Actions"
      aside={
        may &&
        of.state !== 'closed' && (
          <Button size="xs" onClick={open}>
            Add an action
          </Button>
        )
      }
    >
      {actions.error && <ProblemNote of={actions.error} />}
      {!actions.items && !actions.error && <Loading rows={3} />}
      {actions.items?.length === 0 && (
        <p className="sub" style={{ margin: 0 }}>
          None yet. Write down what must change, and what would prove it.
        </p>
      )}
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 14 }}>
        {actions.items?.map((action) => (
          <li key={action.id}>
            <State is={action.state} room="action" />
            <div>
              <Link className="row-title" to={`/actions/${action.id}`}>
                {action.title}
              </Link>
            </div>
            <div className="sub">
              {action.type} · {action.owner ? nameOf(action.owner) : sayNobody(action)}{' '}
              {action.dueAt && (
                <>
                  · due <Moment at={action.dueAt} />
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
      {adding && <Add postmortemId={of.id} close={close} />}
    </Card>
  )
}

/** Nobody of ours; a document may have named somebody all the same. */
const sayNobody = ({ ownerWritten }: Action) =>
  ownerWritten === null ? 'nobody owns it' : `“${ownerWritten}” as written`

function Add({ postmortemId, close }: { postmortemId: string; close: () => void }) {
  const typed = useActionTyped()
  const add = useAct(addAction, () => {
    told('Added. It closes when its drill has passed.')
    close()
  })
  return (
    <ActionForm
      title="Add an action"
      act="Add"
      of={add}
      typed={typed}
      send={() => add.mutate({ params: { id: postmortemId }, body: typed.body() })}
      close={close}
    />
  )
}
