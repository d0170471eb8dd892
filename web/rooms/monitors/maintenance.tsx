import { Button, TagsInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import {
  createMaintenance,
  endMaintenance,
  listMaintenance,
  listMonitors,
} from '../../../src/contract/monitors.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { EndRow } from '../../parts/confirm.tsx'
import { Empty, told } from '../../parts/feedback.tsx'
import { FormDialog, FromTo, TextField, useSpan, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { PickServices } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'

/** Windows in which nobody is paged about what is being worked on. */
export function MaintenanceTab() {
  const windows = useList(listMaintenance)
  const may = useMay('responder')
  const [planning, { open, close }] = useDisclosure()
  const add = may && (
    <Button size="xs" onClick={open}>
      Plan a window
    </Button>
  )
  return (
    <Card title="Maintenance windows" aside={add} bare>
      <Listed
        of={windows}
        heads={['State', 'Window', 'From', 'To', { quiet: 'Actions' }]}
        nothing={
          <Empty title="No window is planned">
            Plan one before you reboot something, so that nobody is woken by it.
          </Empty>
        }
      >
        {(one) => (
          <tr>
            <td className="tight">
              <State is={one.state} />
            </td>
            <td className="wide">
              <strong>{one.name}</strong>
              <div className="sub">{[...one.services, ...one.monitors].join(', ')}</div>
            </td>
            <td data-label="from">
              <ExactMoment at={one.from} />
            </td>
            <td data-label="to">
              <ExactMoment at={one.to} />
            </td>
            <td className="tight">
              {one.managedBy === 'file' && <ByFile />}
              {one.managedBy === 'api' && may && one.state !== 'over' && (
                <EndRow
                  by={endMaintenance}
                  id={one.id}
                  label="End now"
                  question="End this window now?"
                  consequence="Monitors inside it page again at their next verdict."
                  act="End it"
                  done="The window is over; monitors page again."
                />
              )}
            </td>
          </tr>
        )}
      </Listed>
      {planning && <Plan close={close} />}
    </Card>
  )
}

function Plan({ close }: { close: () => void }) {
  const name = useTyped()
  const [services, setServices] = useState<string[]>([])
  const [monitors, setMonitors] = useState<string[]>([])
  const span = useSpan(1)
  const { items = [] } = useList(listMonitors, { query: { limit: 500 } }, { all: true })
  const plan = useAct(createMaintenance, () => {
    told('The window is planned.')
    close()
  })
  const send = () => {
    if (span.given) plan.mutate({ body: { name: name.value, services, monitors, ...span.given } })
  }
  return (
    <FormDialog title="Plan a maintenance window" of={plan} act="Plan it" send={send} close={close}>
      <TextField label="What is being done" at="name" required of={name} data-autofocus />
      <PickServices
        label="Services"
        value={services}
        onChange={setServices}
        description="All of their monitors"
      />
      <TagsInput
        label="Single monitors"
        data={items.map(({ id }) => id)}
        value={monitors}
        onChange={setMonitors}
      />
      <FromTo of={span} />
    </FormDialog>
  )
}
