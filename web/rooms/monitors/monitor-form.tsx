import { Button, Drawer, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import {
  changeMonitor,
  createMonitor,
  listMonitorKinds,
  type MonitorDetail,
  type MonitorInput,
  type MonitorKind,
  tryMonitor,
} from '../../../src/contract/monitors.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { byField } from '../../api/problem.ts'
import { useFocusReturn } from '../../parts/dialog.tsx'
import { Awaited, ProblemNote, told } from '../../parts/feedback.tsx'
import { PickService } from '../../parts/pick.tsx'
import { formFields } from '../../schema-form/fields.ts'
import { SchemaFields } from '../../schema-form/schema-fields.tsx'
import { keepFields, type Values } from '../../schema-form/values.ts'
import { ObservationNote } from './observation-note.tsx'

/** Settings that every kind has, drawn here and not from the schema of the kind. */
const COMMON = ['service', 'type', 'name', 'confirm', 'enabled', 'id']

/** Adds a monitor, or changes one; the settings are those of its kind. */
export function MonitorForm({ of, close }: { of?: MonitorDetail; close: () => void }) {
  const kinds = useRead(listMonitorKinds)
  useFocusReturn()
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title={of ? `Change ${of.name}` : 'Add a monitor'}
      closeOnClickOutside={false}
    >
      <Awaited of={kinds}>{(data) => <Form kinds={data.items} of={of} close={close} />}</Awaited>
    </Drawer>
  )
}

function Form({
  kinds,
  of,
  close,
}: {
  kinds: MonitorKind[]
  of: MonitorDetail | undefined
  close: () => void
}) {
  const navigate = useNavigate()
  const [id, setId] = useState(of?.id ?? '')
  const [settings, setSettings] = useState<Values>(() =>
    of ? { ...of.spec, service: of.serviceId, type: of.kind } : { type: kinds[0]?.kind },
  )
  const kind = kinds.find((one) => one.kind === settings.type)
  const fields = kind ? formFields(kind.schema, COMMON) : []
  const done = (monitor: MonitorDetail) => {
    told(of ? 'Saved; the next check uses it.' : 'Added; the first check is under way.')
    close()
    void navigate(`/monitors/${encodeURIComponent(monitor.id)}`)
  }
  const create = useAct(createMonitor, done)
  const change = useAct(changeMonitor, done)
  const attempt = useAct(tryMonitor)
  const input = {
    ...settings,
    ...(kind ? keepFields(settings, fields, [...COMMON, 'every']) : {}),
  } as MonitorInput
  const saving = of ? change : create
  const problem = saving.error ?? attempt.error
  const problems = { ...byField(problem?.problems ?? []), ...byField(problem?.problems ?? [], 'settings.') }
  const set = (name: string, value: unknown) =>
    setSettings(({ [name]: _, ...rest }) =>
      value === undefined || value === '' ? rest : { ...rest, [name]: value },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (of) change.mutate({ params: { id: of.id }, body: { settings: input } })
    else create.mutate({ body: { id, settings: input } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {!of && (
          <TextInput
            label="Id"
            description="Lower-case letters, digits and hyphens; it stays for good."
            required
            pattern="[a-z0-9][a-z0-9\-]*"
            error={problems.id}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
            data-autofocus
          />
        )}
        <Select
          label="Kind"
          description={kind?.description}
          data={kinds.map((one) => ({ value: one.kind, label: one.title }))}
          value={String(settings.type ?? '')}
          onChange={(value) => {
            const next = kinds.find((one) => one.kind === value)
            if (next)
              setSettings((before) => ({
                ...keepFields(before, formFields(next.schema, COMMON), [
                  'service',
                  'name',
                  'confirm',
                  'enabled',
                ]),
                type: next.kind,
              }))
          }}
          disabled={of !== undefined}
        />
        <PickService
          label="Service"
          required
          value={typeof settings.service === 'string' ? settings.service : null}
          onChange={(value) => set('service', value ?? undefined)}
          error={problems.service}
        />
        <SchemaFields
          key={kind?.kind}
          fields={fields}
          values={settings}
          onChange={setSettings}
          problems={problems}
        />
        <Group grow align="flex-start">
          {!fields.some(({ path }) => path === 'every') && (
            <TextInput
              label="Every"
              description="Time between two checks"
              placeholder="60s"
              error={problems.every}
              value={String(settings.every ?? '')}
              onChange={(event) => set('every', event.currentTarget.value)}
            />
          )}
          <NumberInput
            label="Confirm"
            description="Bad checks before it turns"
            min={1}
            max={20}
            error={problems.confirm}
            value={typeof settings.confirm === 'number' ? settings.confirm : ''}
            onChange={(value) => set('confirm', typeof value === 'number' ? value : undefined)}
          />
        </Group>
        <Switch
          label="Watch it"
          checked={settings.enabled !== false}
          onChange={(event) => set('enabled', event.currentTarget.checked ? undefined : false)}
        />
        <ProblemNote of={problem} />
        {attempt.data && <ObservationNote of={attempt.data} />}
        <Group justify="flex-end">
          {kind?.kind !== 'heartbeat' && (
            <Button
              variant="default"
              loading={attempt.isPending}
              onClick={() => {
                saving.reset()
                attempt.mutate({ body: { settings: input } })
              }}
            >
              Try it now
            </Button>
          )}
          <Button type="submit" loading={saving.isPending}>
            {of ? 'Save' : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
