import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import { answerDrill, type DrillRun, readDrill, readDrillRun } from '../../../src/contract/proofs.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { RunEvidence } from '../../parts/evidence/run-evidence.tsx'
import { Awaited, refused, told } from '../../parts/feedback.tsx'
import { Card, PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'

/** One run by its own address: where the message of a drill leads whoever it was sent to. */
export function RunPage() {
  const { id = '' } = useParams()
  const run = useRead(readDrillRun, { params: { id } })
  return (
    <Awaited of={run} rows={4}>
      {(data) => <Run of={data} />}
    </Awaited>
  )
}

function Run({ of }: { of: DrillRun }) {
  const drill = useRead(readDrill, { params: { id: of.drillId } })
  const answer = useAct(answerDrill, () => told('Thank you. The drill knows that it reached you.'))
  const asks = of.state === 'running' && drill.data?.kind === 'page-a-human'
  return (
    <>
      <PageHead
        title={drill.data?.name ?? of.drillId}
        up={{ to: `/drills/${encodeURIComponent(of.drillId)}`, label: 'The drill' }}
        lead={
          <span className="said">
            <State is={of.state} large />
            <span>{of.reason}</span>
          </span>
        }
      />
      {asks ? (
        <Card title="This is a drill">
          <p style={{ marginTop: 0 }}>Nothing is broken. If the message brought you here, say so.</p>
          <Button
            size="lg"
            leftSection={<IconCheck size={20} />}
            loading={answer.isPending}
            onClick={() => answer.mutate({ params: { id: of.id } }, { onError: refused })}
          >
            It reached me
          </Button>
        </Card>
      ) : (
        <div className="stack">
          <RunEvidence of={of} />
        </div>
      )}
      <p className="sub">
        <Link to={`/drills/${encodeURIComponent(of.drillId)}`}>All runs of this drill</Link>
      </p>
    </>
  )
}
