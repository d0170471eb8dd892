import { Button } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import type { z } from 'zod'
import { type drillRun, listDrillRuns, readDrill, runDrill } from '../../../src/contract/proofs.ts'
import { useAct, useList, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Empty, refused, told } from '../feedback.tsx'
import { Listed } from '../list.tsx'
import { Moment } from '../moment.tsx'
import { Card } from '../page.tsx'
import { State } from '../state.tsx'
import { sayReason } from '../states.ts'
import { RunEvidence } from './run-evidence.tsx'

type DrillRun = z.infer<typeof drillRun>

/** The runs of a drill, and what the chosen one saw. */
export function DrillEvidence({
  drillId,
  provedByRunId,
}: {
  drillId: string
  provedByRunId?: string | null
}) {
  const drill = useRead(readDrill, { params: { id: drillId } })
  const runs = useList(listDrillRuns, { params: { id: drillId }, query: { limit: 20 } })
  const [chosen, choose] = useState<string | null>(null)
  const shown = runs.items?.find(({ id }) => id === chosen) ?? runs.items?.[0]
  return (
    <>
      <Card
        title="Drill"
        lead={<Link to={`/drills/${encodeURIComponent(drillId)}`}>{drill.data?.name ?? drillId}</Link>}
        aside={
          <RunButton
            drillId={drillId}
            busy={runs.items?.[0]?.state === 'running' || runs.items?.[0]?.state === 'queued'}
          />
        }
        bare
      >
        <Listed
          of={runs}
          heads={['Outcome', 'Why', 'Caused by', 'Finished', { quiet: 'Evidence' }]}
          nothing={<Empty title="It has never been run">Run it to learn what would happen today.</Empty>}
          bars={3}
        >
          {(run) => (
            <tr aria-current={run.id === shown?.id}>
              <td className="tight">
                <State is={run.state} />
              </td>
              <td className="wide">
                {sayReason(run.reason)}
                {run.id === provedByRunId && <span className="sub"> · this run proved the action</span>}
              </td>
              <td className="tight">{sayReason(run.trigger)}</td>
              <td className="tight">
                <Moment at={run.finishedAt} missing="not yet" />
              </td>
              <td className="tight">
                <button
                  type="button"
                  className="text-button"
                  aria-pressed={run.id === shown?.id}
                  onClick={() => choose(run.id)}
                >
                  {run.id === shown?.id ? 'shown below' : 'show'}
                </button>
              </td>
            </tr>
          )}
        </Listed>
      </Card>
      {shown && <Shown of={shown} />}
    </>
  )
}

function Shown({ of }: { of: DrillRun }) {
  if (of.state === 'queued' || of.state === 'running')
    return (
      <Card title="Evidence">
        <p style={{ margin: 0 }} role="status">
          <State is={of.state} /> The drill is being played; what it sees appears here by itself.
        </p>
      </Card>
    )
  return <RunEvidence of={of} />
}

/** Plays the drill now. */
export function RunButton({ drillId, busy }: { drillId: string; busy: boolean }) {
  const may = useMay('responder')
  const run = useAct(runDrill, () => told('The drill runs. Nobody outside it is paged.'))
  if (!may) return null
  return (
    <Button
      size="xs"
      leftSection={<IconPlayerPlay size={14} />}
      loading={run.isPending}
      disabled={busy}
      onClick={() => run.mutate({ params: { id: drillId } }, { onError: refused })}
    >
      Run the drill
    </Button>
  )
}
