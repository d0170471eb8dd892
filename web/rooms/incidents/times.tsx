import { ActionIcon, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil } from '@tabler/icons-react'
import { changeIncident, type Incident } from '../../../src/contract/incidents.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { told } from '../../parts/feedback.tsx'
import { FormDialog, TimeField, type Typed, useTyped } from '../../parts/form.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { sayReason } from '../../parts/states.ts'
import { fromLocalInput, NOT_RECORDED, sayDuration, toLocalInput } from '../../times/say-time.ts'
import { timeNamed } from './time-named.ts'

/** The six times and what follows from them, with the formula beside each number. */
export function Times({ of }: { of: Incident }) {
  const may = useMay('responder')
  const [editing, { open, close }] = useDisclosure()
  return (
    <Card
      title="Times"
      aside={
        may && (
          <Tooltip label="Set the times that only people know">
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={open}
              aria-label="Set impact start and mitigation"
            >
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
        )
      }
    >
      <Facts of={of.times.map(({ name, at }) => [sayReason(name), <ExactMoment key={name} at={at} />])} />
      <hr style={{ border: 0, borderTop: '1px solid var(--line)', margin: '10px 0' }} />
      <dl className="facts">
        {of.metrics.map((metric) => (
          <div key={metric.name} style={{ display: 'contents' }}>
            <dt>{metric.name}</dt>
            <dd>
              {metric.ms === null || metric.status !== 'recorded' ? (
                <span className="dim">
                  {metric.status === 'invalid' ? 'the times contradict each other' : NOT_RECORDED}
                </span>
              ) : (
                <strong className="numbers">{sayDuration(metric.ms)}</strong>
              )}
              <div className="sub">{metric.formula}</div>
            </dd>
          </div>
        ))}
      </dl>
      {editing && <SetTimes of={of} close={close} />}
    </Card>
  )
}

function SetTimes({ of, close }: { of: Incident; close: () => void }) {
  const local = (name: string) => {
    const at = timeNamed(of.times, name)
    return at ? toLocalInput(Date.parse(at)) : ''
  }
  const impact = useTyped(() => local('impact start'))
  const mitigated = useTyped(() => local('mitigated'))
  const change = useAct(changeIncident, () => {
    told('The times are set.')
    close()
  })
  const changed = (field: Typed, name: string, as: string) =>
    field.value === local(name) ? {} : { [as]: fromLocalInput(field.value) }
  const send = () =>
    change.mutate({
      params: { id: of.id },
      body: {
        ...changed(impact, 'impact start', 'impactStart'),
        ...changed(mitigated, 'mitigated', 'mitigatedAt'),
      },
    })
  return (
    <FormDialog title="Times that only people know" of={change} act="Set" send={send} close={close}>
      <TimeField
        label="Impact began"
        description="When users were first hit; empty where nobody knows"
        at="impactStart"
        of={impact}
      />
      <TimeField
        label="Mitigated"
        description="When users were no longer hit"
        at="mitigatedAt"
        of={mitigated}
      />
    </FormDialog>
  )
}
