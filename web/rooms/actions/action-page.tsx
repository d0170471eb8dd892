import { Alert, Button, Modal, Select, Stack, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { Link, useParams } from 'react-router'
import {
  type Action,
  changeAction,
  claimAction,
  readAction,
  readPostmortem,
} from '../../../src/contract/postmortems.ts'
import { listDrills } from '../../../src/contract/proofs.ts'
import { useAct, useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { DrillEvidence } from '../../parts/evidence/drill-evidence.tsx'
import { Awaited, ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { PickPerson, usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'

/** One action: what was promised, and the evidence. */
export function ActionPage() {
  const { id = '' } = useParams()
  const action = useRead(readAction, { params: { id } })
  return (
    <Awaited of={action} rows={8}>
      {(data) => <Detail of={data} />}
    </Awaited>
  )
}

/** What the state means and what is to be done. */
const MEANS: Record<Action['state'], string> = {
  open: 'The work is not done yet. When it is, claim it: its drill then decides.',
  claimed: 'Somebody says it is done. It closes when its drill has passed, not before.',
  proved:
    'A drill replayed the failure and it was seen. It goes on being drilled, and opens again if that fails.',
  refuted: 'The drill replayed the failure and it went by unseen. The work is not done.',
  stale: 'It was proved once, but no drill has confirmed it lately. Run the drill again.',
  dropped: 'It was given up.',
}

function Detail({ of }: { of: Action }) {
  const nameOf = usePersonName()
  const may = useMay('responder')
  const [changing, { open, close }] = useDisclosure()
  const postmortem = useRead(readPostmortem, { params: { id: of.postmortemId } })
  const claim = useAct(claimAction, (answer) =>
    told(
      answer.drillId
        ? 'Claimed. Its drill runs now and decides.'
        : 'Claimed. Choose a drill, or nothing can prove it.',
    ),
  )
  const mayClaim = may && ['open', 'refuted', 'stale'].includes(of.state)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/actions', label: 'Actions' }}
        lead={
          <span className="said">
            <State is={of.state} room="action" large />
            <span>
              since <ExactMoment at={of.since} />
            </span>
          </span>
        }
        actions={
          <>
            {mayClaim && (
              <Button
                leftSection={<IconHandStop size={16} />}
                loading={claim.isPending}
                onClick={() => claim.mutate({ params: { id: of.id } }, { onError: refused })}
              >
                Claim it is done
              </Button>
            )}
            {may && (
              <Button variant="default" onClick={open}>
                Change
              </Button>
            )}
          </>
        }
      />
      <div className="columns">
        <div className="stack">
          <Card title="Acceptance criterion" lead="written before the work">
            <p className="prose-text" style={{ margin: 0, fontSize: '0.9375rem' }}>
              {of.criterion}
            </p>
            <p className="sub" style={{ margin: '10px 0 0' }}>
              {MEANS[of.state]}
            </p>
          </Card>
          {of.drillId ? (
            <DrillEvidence drillId={of.drillId} provedByRunId={of.provedByRunId} />
          ) : (
            <Alert
              color="bronze"
              variant="light"
              title="No drill decides this yet"
              styles={{ message: { color: 'var(--mantine-color-text)' } }}
            >
              Nothing can prove it until one does. Make a <Link to={`/drills?for=${of.id}`}>drill</Link> that
              replays the failure, or choose one under “Change”.
            </Alert>
          )}
        </div>
        <Card title="About it">
          <Facts
            of={[
              ['Kind', of.type],
              ['Owner', of.owner ? nameOf(of.owner) : 'nobody'],
              ['Due', <ExactMoment key="due" at={of.dueAt} missing="no date" />],
              ['Claimed by', of.claimedBy ? nameOf(of.claimedBy.replace(/^person:/, '')) : 'nobody'],
              ['Reason', sayReason(of.reason)],
              [
                'Post-mortem',
                <Link key="pm" to={`/post-mortems/${of.postmortemId}`}>
                  {postmortem.data?.title ?? 'open it'}
                </Link>,
              ],
            ]}
          />
        </Card>
      </div>
      {changing && <Change of={of} close={close} />}
    </>
  )
}

function Change({ of, close }: { of: Action; close: () => void }) {
  const drills = useList(listDrills, {}, { all: true })
  const [criterion, setCriterion] = useState(of.criterion)
  const [owner, setOwner] = useState(of.owner)
  const [drillId, setDrillId] = useState(of.drillId)
  const fixed = !['open', 'refuted', 'dropped'].includes(of.state)
  const change = useAct(changeAction, () => {
    told('Changed.')
    close()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({
      params: { id: of.id },
      body: {
        ...(criterion === of.criterion ? {} : { criterion }),
        ...(owner === of.owner ? {} : { owner }),
        ...(drillId === of.drillId ? {} : { drillId }),
      },
    })
  }
  return (
    <Modal opened onClose={close} title="Change the action" size="lg">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Textarea
            label="Acceptance criterion"
            description={
              fixed
                ? 'It stands once the action is claimed, so that it is not written to fit the work.'
                : undefined
            }
            disabled={fixed}
            required
            autosize
            minRows={2}
            value={criterion}
            onChange={(e) => setCriterion(e.currentTarget.value)}
          />
          <PickPerson label="Owner" clearable value={owner} onChange={setOwner} />
          <Select
            label="Drill that decides"
            disabled={fixed}
            data={drills.items?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
            clearable
            searchable
            value={drillId}
            onChange={setDrillId}
          />
          <ProblemNote of={change.error} />
          <Button type="submit" loading={change.isPending}>
            Change it
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
