import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import {
  acceptLuck,
  actOnItem,
  type Item,
  readItems,
  takeAcceptanceBack,
} from '../../../src/contract/postmortem-review.ts'
import type { PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused, told } from '../../parts/feedback.tsx'
import { FormDialog, LongField, TimeField, useTyped } from '../../parts/form.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'
import { ActionForm, useActionTyped } from './action-form.tsx'

const TITLES = { lucky: 'Luck', wrong: 'Went wrong', well: 'Went well' } as const

/** What went well, wrong or by luck, and what became of each. */
export function ItemsCard({ of }: { of: PostmortemDetail }) {
  const items = useRead(readItems, { params: { id: of.id } }).data?.items ?? []
  if (items.length === 0) return null
  return (
    <Card
      title="What to make of it"
      aside={
        <Link className="sub" to="/post-mortems/luck">
          Luck we had
        </Link>
      }
    >
      {(['lucky', 'wrong', 'well'] as const).map((kind) => {
        const found = items.filter((one) => one.kind === kind)
        if (found.length === 0) return null
        return (
          <section key={kind} aria-label={TITLES[kind]} className="item-group">
            <h3 className="sub">{TITLES[kind]}</h3>
            <ul className="plain-list">
              {found.map((item) => (
                <li key={item.id}>
                  <div className="prose-text">{item.text}</div>
                  <Became of={item} />
                  {of.state !== 'closed' && <ItemButtons of={item} />}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </Card>
  )
}

/** What became of an item: its action, or who lives with the risk until when. */
export function Became({ of }: { of: Item }) {
  return (
    <div className="sub">
      {of.kind === 'lucky' && <State is={of.state} room="luck" />}{' '}
      {!of.inText && <span>no longer in the text · </span>}
      {of.action && of.state !== 'open' && (
        <>
          <Link to={`/actions/${of.action.id}`}>{of.action.title}</Link>{' '}
          {of.kind !== 'lucky' && <State is={of.action.state} room="action" />}
        </>
      )}
      {of.state === 'accepted' && (
        <>
          by {of.acceptedBy} until <ExactMoment at={of.acceptedUntil} />: {of.reason}
        </>
      )}
      {of.state === 'open' && of.kind === 'lucky' && of.reason !== 'written in the text' && of.reason}
    </div>
  )
}

/** What can be done with an item now. */
export function ItemButtons({ of }: { of: Item }) {
  const may = useMay('responder')
  const mayAccept = useMay('editor')
  const [doing, setDoing] = useState<'act' | 'accept' | null>(null)
  const back = useAct(takeAcceptanceBack)
  const free = of.state === 'open' || of.state === 'accepted'
  if (!may || !free) return null
  const close = () => setDoing(null)
  const about = `: ${of.text}`
  return (
    <Group gap={6} mt={4}>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Make an action${about}`}
        onClick={() => setDoing('act')}
      >
        Make an action
      </Button>
      {of.kind === 'lucky' && mayAccept && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${of.state === 'accepted' ? 'Accept longer' : 'Accept the risk'}${about}`}
          onClick={() => setDoing('accept')}
        >
          {of.state === 'accepted' ? 'Accept longer' : 'Accept the risk'}
        </Button>
      )}
      {of.state === 'accepted' && (
        <Button
          size="compact-xs"
          variant="default"
          loading={back.isPending}
          aria-label={`Take it back${about}`}
          onClick={() => back.mutate({ params: { id: of.id } }, { onError: refused })}
        >
          Take it back
        </Button>
      )}
      {doing === 'act' && <Act of={of} close={close} />}
      {doing === 'accept' && <Accept of={of} close={close} />}
    </Group>
  )
}

function Act({ of, close }: { of: Item; close: () => void }) {
  const typed = useActionTyped(of.suggestion)
  const act = useAct(actOnItem, () => {
    told('It is an action now. It closes when its drill has passed.')
    close()
  })
  return (
    <ActionForm
      title="Make an action"
      act="Make the action"
      of={act}
      typed={typed}
      send={() => act.mutate({ params: { id: of.id }, body: typed.body() })}
      close={close}
    />
  )
}

const MONTH = 30 * 86_400_000

function Accept({ of, close }: { of: Item; close: () => void }) {
  const reason = useTyped()
  const until = useTyped(() => toLocalInput(serverNow() + 3 * MONTH))
  const accept = useAct(acceptLuck, () => {
    told('Accepted. On that day it is open again, and you are told.')
    close()
  })
  const send = () =>
    accept.mutate({
      params: { id: of.id },
      body: { until: fromLocalInput(until.value) ?? '', reason: reason.value },
    })
  return (
    <FormDialog title="Accept the risk" of={accept} act="Accept it" send={send} close={close}>
      <blockquote className="accepted-risk">{of.text}</blockquote>
      <LongField
        label="Why we live with it"
        description="It stands beside the risk, with your name."
        at="reason"
        required
        data-autofocus
        of={reason}
      />
      <TimeField
        label="Look at it again on"
        description="Within a year. On that day it is open again."
        at="until"
        required
        of={until}
      />
    </FormDialog>
  )
}
