import { Button, Group, Stack, TextInput } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { Mend } from '../../../src/contract/cases.ts'
import { createMonitor, type MonitorInput, tryMonitor } from '../../../src/contract/monitors.ts'
import { createDrill, runDrill } from '../../../src/contract/proofs.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { State } from '../../parts/state.tsx'
import { toYaml } from '../../parts/yaml.ts'
import { leavesOf, withTyped } from './leaves.ts'

/** One thing that would mend a blind spot, with the button that begins it. */
export function MendCard({ of, service }: { of: Mend; service: string }) {
  return (
    <article className="mend">
      <h4>{of.title}</h4>
      <p>{of.detail}</p>
      <Act of={of} service={service} />
    </article>
  )
}

function Act({ of, service }: { of: Mend; service: string }) {
  switch (of.kind) {
    case 'adopt-case':
      return (
        <GoTo
          to={`/cases/${encodeURIComponent(of.caseId!)}?service=${encodeURIComponent(service)}`}
          say="See what it would create"
        />
      )
    case 'change-monitor':
      return <GoTo to={`/monitors/${encodeURIComponent(of.monitorId!)}`} say={`Go to ${of.monitorId}`} />
    case 'add-monitor':
      return <AddMonitor settings={of.settings ?? {}} service={service} />
    case 'create-drill':
      return <CreateDrill of={of} />
    case 'run-drill':
      return <RunDrill id={of.drillId!} />
    default:
      return of.settings ? <pre className="mend-settings">{toYaml(of.settings)}</pre> : null
  }
}

function GoTo({ to, say }: { to: string; say: string }) {
  return (
    <Button component={Link} to={to} size="xs" variant="light" rightSection={<IconArrowRight size={14} />}>
      {say}
    </Button>
  )
}

function CreateDrill({ of }: { of: Mend }) {
  const may = useMay('editor')
  const navigate = useNavigate()
  const run = useAct(runDrill)
  const create = useAct(createDrill, (drill) => {
    told('Added; it is being played now.')
    run.mutate({ params: { id: drill.id } })
    void navigate(`/drills/${encodeURIComponent(drill.id)}`)
  })
  const kind = String(of.settings?.kind ?? 'monitor-faults')
  // The server knows which id is free.
  const id = of.drillId ?? `${of.monitorId}-drill`
  if (!may) return <p className="sub">An editor can create it.</p>
  return (
    <>
      <Button
        size="xs"
        variant="light"
        loading={create.isPending}
        onClick={() => create.mutate({ body: { id, settings: { ...of.settings, kind }, actionId: null } })}
      >
        Create the drill and play it
      </Button>
      <ProblemNote of={create.error} />
    </>
  )
}

function RunDrill({ id }: { id: string }) {
  const may = useMay('responder')
  const run = useAct(runDrill, () => told('It is being played; the map follows by itself.'))
  return (
    <Group gap="xs">
      {may && (
        <Button
          size="xs"
          variant="light"
          loading={run.isPending}
          onClick={() => run.mutate({ params: { id } }, { onError: refused })}
        >
          Play it now
        </Button>
      )}
      <GoTo to={`/drills/${encodeURIComponent(id)}`} say="Go to the drill" />
    </Group>
  )
}

/** Settings to begin with: what is in them can be changed, tried and added. */
function AddMonitor({ settings, service }: { settings: Record<string, unknown>; service: string }) {
  const may = useMay('editor')
  const navigate = useNavigate()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [id, setId] = useState(`${service}-${String(settings.type)}`)
  const attempt = useAct(tryMonitor)
  const create = useAct(createMonitor, (monitor) => {
    told('Added; the first check is under way.')
    void navigate(`/monitors/${encodeURIComponent(monitor.id)}`)
  })
  const input = withTyped(settings, typed) as MonitorInput
  const fields = leavesOf(settings).filter(({ path }) => path !== 'type' && path !== 'service')
  if (!may) return <pre className="mend-settings">{toYaml(settings)}</pre>
  return (
    <Stack gap="xs">
      <TextInput size="xs" label="Id" value={id} onChange={(event) => setId(event.currentTarget.value)} />
      {fields.map(({ path, value }) => (
        <TextInput
          key={path}
          size="xs"
          label={path}
          value={typed[path] ?? String(value)}
          onChange={(event) => {
            const { value: text } = event.currentTarget
            setTyped((before) => ({ ...before, [path]: text }))
          }}
        />
      ))}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={attempt.isPending}
          onClick={() => attempt.mutate({ body: { settings: input } })}
        >
          Try it
        </Button>
        <Button
          size="xs"
          variant="light"
          loading={create.isPending}
          onClick={() => create.mutate({ body: { id, settings: input } })}
        >
          Add this {String(settings.type)} monitor
        </Button>
      </Group>
      {attempt.data && (
        <p role="status">
          <State is={attempt.data.verdict} /> {attempt.data.summary}
        </p>
      )}
      <ProblemNote of={create.error ?? attempt.error} />
    </Stack>
  )
}
