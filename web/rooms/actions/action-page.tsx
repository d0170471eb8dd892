import { Alert, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconHandStop } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { type Action, claimAction, readAction, readPostmortem } from '../../../src/contract/postmortems.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { ActionState } from '../../parts/evidence/action-state.tsx'
import { DrillEvidence } from '../../parts/evidence/drill-evidence.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts, PageHead } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { sayReason } from '../../parts/states.ts'
import { useNow } from '../../times/now.ts'
import { sayExact } from '../../times/say-time.ts'
import { Change, Leave, sayBack } from './change-action.tsx'
import { CounterpartCard } from './counterpart-card.tsx'
import { IssueCard } from './issue-card.tsx'
import { isLate, sayCriterion, sayIssue } from './narrow-actions.ts'
import { OtherProofs } from './other-proofs.tsx'
import { Owner } from './owner.tsx'
import { RemindersCard } from './reminders-card.tsx'
import { leavesTo } from './sort-actions.ts'

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

function meaning({ state, provedBy }: Action): string {
  if (state !== 'proved' || !provedBy || provedBy.kind === 'drill') return MEANS[state]
  const until = provedBy.until
    ? ` It holds until ${sayExact(Date.parse(provedBy.until))}, then somebody must look again.`
    : ''
  return provedBy.kind === 'witness'
    ? `Somebody looked and says so. That is weaker than a drill: no machine has seen it.${until}`
    : `A machine’s report says so. It is not repeated by itself.${until}`
}

function Detail({ of }: { of: Action }) {
  const now = useNow()
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
  const mayDrop = useMay('editor') && leavesTo(of.state, 'dropped')
  const mayTakeBack = may && leavesTo(of.state, 'open')
  const [leaving, leave] = useState<'open' | 'dropped' | null>(null)
  const mayClaim = may && ['open', 'refuted', 'stale'].includes(of.state)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/actions', label: 'Actions' }}
        lead={
          <span className="said">
            <ActionState of={of} large />
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
            {mayTakeBack && (
              <Button variant="default" onClick={() => leave('open')}>
                {sayBack(of.state)}
              </Button>
            )}
            {mayDrop && (
              <Button variant="default" onClick={() => leave('dropped')}>
                Drop
              </Button>
            )}
          </>
        }
      />
      <div className="columns">
        <div className="stack">
          <Card title="Acceptance criterion" lead="written before the work">
            <p className="prose-text said-largely">{sayCriterion(of)}</p>
            <p className="sub" style={{ margin: '10px 0 0' }}>
              {meaning(of)}
            </p>
          </Card>
          {of.drillId ? (
            <DrillEvidence drillId={of.drillId} provedByRunId={of.provedByRunId} />
          ) : of.provedBy ? null : (
            <Alert color="bronze" variant="light" title="No drill decides this yet">
              Nothing can prove it until one does. Make a <Link to={`/drills?for=${of.id}`}>drill</Link> that
              replays the failure, or choose one under “Change”.
            </Alert>
          )}
          {!of.drillId && <OtherProofs of={of} />}
          <RemindersCard of={of} />
        </div>
        <div className="stack">
          <Card title="About it">
            <Facts
              of={[
                ['Kind', of.type],
                ['Owner', <Owner key="owner" of={of} />],
                [
                  'Due',
                  <span key="due" className="said">
                    {isLate(of, now) && <State is="stale" say="Late" />}{' '}
                    <ExactMoment at={of.dueAt} missing="no date" />
                  </span>,
                ],
                ['Claimed by', sayClaimer(of, nameOf)],
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
          <CounterpartCard of={of} />
          <IssueCard of={of} />
        </div>
      </div>
      {changing && <Change of={of} close={close} />}
      {leaving && <Leave of={of} to={leaving} close={() => leave(null)} />}
    </>
  )
}

function sayClaimer({ claimedBy, issue }: Action, nameOf: (id: string) => string): string {
  if (!claimedBy) return 'nobody'
  if (claimedBy === 'system:trackers')
    return issue ? `the closing of ${sayIssue(issue)}` : 'the closing of its issue'
  return nameOf(claimedBy.replace(/^person:/, ''))
}
