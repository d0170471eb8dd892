import { Button, Group, Modal, Stack, TagsInput, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import {
  createMaintenance,
  endMaintenance,
  listMaintenance,
  listMonitors,
} from '../../../src/contract/monitors.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Confirmed } from '../../parts/confirm.tsx'
import { Empty, Loading, ProblemNote, refused, told } from '../../parts/feedback.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { PickServices } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

/** Windows in which nobody is paged about what is being worked on. */
export function MaintenanceTab() {
  const windows = useList(listMaintenance)
  const may = useMay('responder')
  const [planning, { open, close }] = useDisclosure()
  const end = useAct(endMaintenance, () => told('The window is over; monitors page again.'))
  const add = may && (
    <Button size="xs" onClick={open}>
      Plan a window
    </Button>
  )
  return (
    <Card title="Maintenance windows" aside={add} bare>
      {windows.error && <ProblemNote of={windows.error} />}
      {!windows.items && !windows.error && <Loading />}
      {windows.items?.length === 0 && (
        <Empty title="No window is planned">
          Plan one before you reboot something, so that nobody is woken by it.
        </Empty>
      )}
      {windows.items && windows.items.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              <th>State</th>
              <th>Window</th>
              <th>From</th>
              <th>To</th>
              <th>
                <span className="sub">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {windows.items.map((one) => (
              <tr key={one.id}>
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
                  {one.managedBy === 'file' ? (
                    <ByFile />
                  ) : (
                    may &&
                    one.state !== 'over' && (
                      <Confirmed
                        size="xs"
                        label="End now"
                        question="End this window now?"
                        consequence="Monitors inside it page again at their next verdict."
                        act="End it"
                        onConfirm={() => end.mutate({ params: { id: one.id } }, { onError: refused })}
                      />
                    )
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {planning && <Plan close={close} />}
    </Card>
  )
}

function Plan({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [services, setServices] = useState<string[]>([])
  const [monitors, setMonitors] = useState<string[]>([])
  const [from, setFrom] = useState(() => toLocalInput(serverNow()))
  const [to, setTo] = useState(() => toLocalInput(serverNow() + 3_600_000))
  const { items = [] } = useList(listMonitors, { query: { limit: 500 } }, { all: true })
  const plan = useAct(createMaintenance, () => {
    told('The window is planned.')
    close()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const start = fromLocalInput(from)
    const end = fromLocalInput(to)
    if (start && end) plan.mutate({ body: { name, services, monitors, from: start, to: end } })
  }
  return (
    <Modal opened onClose={close} title="Plan a maintenance window">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="What is being done"
            required
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
          />
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
          <Group grow>
            <TextInput
              label="From"
              type="datetime-local"
              required
              value={from}
              onChange={(e) => setFrom(e.currentTarget.value)}
            />
            <TextInput
              label="To"
              type="datetime-local"
              required
              value={to}
              onChange={(e) => setTo(e.currentTarget.value)}
            />
          </Group>
          <ProblemNote of={plan.error} />
          <Button type="submit" loading={plan.isPending}>
            Plan it
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
