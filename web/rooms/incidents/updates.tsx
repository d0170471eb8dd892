import { Button, Group, Select, Stack, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { listUpdates, publishUpdate, type Update } from '../../../src/contract/comms.ts'
import type { Incident } from '../../../src/contract/incidents.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

const STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const

/** What the public has been told, and the box to tell it more. */
export function Updates({ incident }: { incident: Incident }) {
  const updates = useList(listUpdates, { params: { id: incident.id } })
  const may = useMay('responder')
  return (
    <Card
      title="Public updates"
      lead="shown on the status page"
      aside={
        <a className="sub" href="/status">
          Status page
        </a>
      }
    >
      <Stack gap="sm">
        {updates.error && <ProblemNote of={updates.error} />}
        {!updates.items && !updates.error && <Loading rows={2} />}
        {updates.items?.length === 0 && (
          <span className="sub">The public has not been told anything yet.</span>
        )}
        {updates.items?.map((update) => (
          <div key={update.id}>
            <State is={update.status} />{' '}
            <span className="sub">
              <ExactMoment at={update.at} /> by {update.by}
            </span>
            <p className="prose-text" style={{ margin: '3px 0 0' }}>
              {update.body}
            </p>
          </div>
        ))}
        {may && <Compose incidentId={incident.id} last={updates.items?.[0]?.status} />}
      </Stack>
    </Card>
  )
}

function Compose({ incidentId, last }: { incidentId: string; last: Update['status'] | undefined }) {
  const [chosen, setChosen] = useState<Update['status'] | null>(null)
  const [body, setBody] = useState('')
  const status = chosen ?? last ?? 'investigating'
  const publish = useAct(publishUpdate, () => {
    told('Published.')
    setBody('')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    publish.mutate({ params: { id: incidentId }, body: { status, body } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Select
          label="Status for the public"
          value={status}
          onChange={(value) => setChosen(value as Update['status'])}
          data={STATUSES.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))}
        />
        <Textarea
          label="Message to the public"
          description="What users see, what they can do meanwhile, when you write again."
          autosize
          minRows={2}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <ProblemNote of={publish.error} />
        <Group justify="flex-end">
          <Button size="xs" type="submit" loading={publish.isPending} disabled={body.trim() === ''}>
            Publish
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
