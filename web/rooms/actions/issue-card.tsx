import { Alert, Button, Group, Select } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { type Action, readAction } from '../../../src/contract/postmortems.ts'
import {
  type ActionIssue,
  createIssue,
  listTrackers,
  syncIssue,
  type Tracker,
  unlinkIssue,
} from '../../../src/contract/trackers.ts'
import { useAct, useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { refused, told } from '../../parts/feedback.tsx'
import { FormDialog, TextField, useTyped } from '../../parts/form.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { sayReason } from '../../parts/states.ts'
import { useNow } from '../../times/now.ts'
import { IssueLink } from './issue-link.tsx'
import { awaitsProof } from './sort-actions.ts'

/** The issue of the action in a tracker, and whether the two are in step. */
export function IssueCard({ of }: { of: Action }) {
  const trackers = useList(listTrackers, {}, { all: true })
  const may = useMay('responder')
  const [asking, { open, close }] = useDisclosure()
  // Where there is neither a tracker nor an issue there is nothing to say.
  if (!of.issue && !trackers.items?.length) return null
  const mayAsk = may && !of.issue && awaitsProof(of)
  return (
    <Card
      title="Issue"
      lead="closing it only claims"
      aside={
        mayAsk && (
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={open}>
            Issue
          </Button>
        )
      }
    >
      {of.issue ? (
        <Linked actionId={of.id} of={of.issue} trackers={trackers.items ?? []} may={may} />
      ) : (
        <p className="sub" style={{ margin: 0 }}>
          None. An issue carries the criterion to where the work is done; it is opened again when the drill
          refutes it.
        </p>
      )}
      {asking && <Ask actionId={of.id} trackers={trackers.items ?? []} close={close} />}
    </Card>
  )
}

function Linked(props: { actionId: string; of: ActionIssue; trackers: readonly Tracker[]; may: boolean }) {
  const { actionId, of, trackers, may } = props
  const params = { id: actionId }
  const look = useAct(syncIssue, () => told('Looking at it now.'))
  const forget = useAct(unlinkIssue, () => told('The link is gone. The issue stays as it is.'))
  // Until it has been looked at; no fact tells of a look that found nothing new.
  const now = useNow()
  const isUnderWay =
    of.failure === null && (of.lookedAt === null || (of.nextAt !== null && Date.parse(of.nextAt) <= now))
  useRead(readAction, { params }, { refetchInterval: isUnderWay ? 1_500 : false })
  const tracker = trackers.find(({ name }) => name === of.tracker)
  return (
    <>
      <Facts
        of={[
          ['Issue', <IssueLink key="issue" of={of} />],
          ...(of.title ? ([['Called', of.title]] as [string, string][]) : []),
          ['Tracker', tracker ? `${tracker.title} (${of.tracker})` : of.tracker],
          ['Looked at', <ExactMoment key="looked" at={of.lookedAt} missing="not yet" />],
          ['Next look', <ExactMoment key="next" at={of.nextAt} missing="now" />],
        ]}
      />
      {of.failure && (
        <Alert
          mt="sm"
          color="bronze"
          variant="light"
          title={`Not in step: ${sayReason(of.failure.reason)}`}
          role="status"
        >
          <p className="prose-text" style={{ margin: 0 }}>
            {of.failure.detail}
          </p>
          <p style={{ margin: '6px 0 0' }}>{of.failure.remedy}</p>
        </Alert>
      )}
      {may && (
        <Group gap={8} mt="sm">
          <Button
            size="xs"
            variant="default"
            loading={look.isPending}
            onClick={() => look.mutate({ params }, { onError: refused })}
          >
            Look now
          </Button>
          <Confirmed
            size="xs"
            label="Remove the link"
            question="Remove the link to the issue?"
            consequence="The issue stays in the tracker as it is. Tocsin says nothing more there, and its closing claims nothing."
            act="Remove it"
            busy={forget.isPending}
            onConfirm={() => forget.mutate({ params }, { onError: refused })}
          />
        </Group>
      )}
    </>
  )
}

function Ask(props: { actionId: string; trackers: readonly Tracker[]; close: () => void }) {
  const { actionId, trackers, close } = props
  const [tracker, setTracker] = useState<string | null>(trackers[0]?.name ?? null)
  const url = useTyped()
  const ask = useAct(createIssue, () => {
    told(url.value ? 'Linked. Tocsin looks at it now.' : 'It is being created.')
    close()
  })
  const send = () =>
    ask.mutate({
      params: { id: actionId },
      body: url.value.trim() ? { url: url.value.trim() } : { tracker: tracker ?? undefined },
    })
  return (
    <FormDialog
      title="An issue for this action"
      of={ask}
      act={url.value.trim() ? 'Link it' : 'Create it'}
      send={send}
      close={close}
    >
      <Select
        label="Create it in"
        data={trackers.map(({ name, title, project }) => ({ value: name, label: `${project} · ${title}` }))}
        value={tracker}
        onChange={setTracker}
        disabled={url.value.trim() !== ''}
        data-autofocus
      />
      <TextField
        label="Or link one that is there"
        description="Its address, as it stands in the browser."
        placeholder="https://github.com/acme/site/issues/12"
        at="url"
        of={url}
      />
    </FormDialog>
  )
}
