import { Button, Drawer, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useEffect, useRef, useState } from 'react'
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
import { PickMonitor, PickService } from '../../parts/pick.tsx'
import type { Field } from '../../schema-form/fields.ts'
import { Fold, type Known, SchemaFields } from '../../schema-form/schema-fields.tsx'
import { carryOver, keepFields, type Values } from '../../schema-form/values.ts'
import { COMMON, fieldsOf, isChecked, SELDOM, seldomFields } from './common-settings.ts'
import { MemberCheck } from './member-check.tsx'
import { TriedNote } from './observation-note.tsx'

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

/** What is sent: common settings as far as the kind has them, and beside them those of the kind. */
function inputOf(settings: Values, kind: MonitorKind | undefined, fields: Field[]): MonitorInput {
  const common = isChecked(fields) ? [...COMMON, 'every', 'confirm', ...SELDOM] : COMMON
  return { ...(kind ? keepFields(settings, fields, common) : settings) } as MonitorInput
}

interface FormProps {
  kinds: MonitorKind[]
  of: MonitorDetail | undefined
  close: () => void
}

function Form({ kinds, of, close }: FormProps) {
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const [id, setId] = useState(of?.id ?? '')
  const [settings, setSettings] = useState<Values>(() =>
    of ? { ...of.spec, service: of.serviceId, type: of.kind } : { type: kinds[0]?.kind },
  )
  const kind = kinds.find((one) => one.kind === settings.type)
  const fields = kind ? fieldsOf(kind.schema) : []
  const done = (monitor: MonitorDetail) => {
    told(of ? 'Saved; the next check uses it.' : 'Added; the first check is under way.')
    close()
    void navigate(`/monitors/${encodeURIComponent(monitor.id)}`)
  }
  const create = useAct(createMonitor, done)
  const change = useAct(changeMonitor, done)
  const attempt = useAct(tryMonitor)
  const [tried, setTried] = useState('')
  const input = inputOf(settings, kind, fields)
  const saving = of ? change : create
  const problem = saving.error ?? attempt.error
  const problems = { ...byField(problem?.problems ?? []), ...byField(problem?.problems ?? [], 'settings.') }
  const set = (name: string, value: unknown) =>
    setSettings(({ [name]: _, ...rest }) =>
      value === undefined || value === '' ? rest : { ...rest, [name]: value },
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!attempt.isPending) attempt.reset()
    if (of) change.mutate({ params: { id: of.id }, body: { settings: input } })
    else create.mutate({ body: { id, settings: input } })
  }
  const tryNow = () => {
    saving.reset()
    setTried(JSON.stringify(input))
    attempt.mutate({ body: { settings: input, ...(of ? { id: of.id } : {}) } })
  }
  // The kinds came later than the drawer, which looked for its first field in vain.
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  }, [])
  // Whoever is told that something is wrong is brought to it, wherever in the form it is.
  useEffect(() => {
    if (!problem) return
    const frame = requestAnimationFrame(() => {
      const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid=true]')
      wrong?.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [problem])
  return (
    <form ref={form} onSubmit={submit}>
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
          searchable
          allowDeselect={false}
          nothingFoundMessage="No kind is called that"
          onChange={(value) => {
            const next = kinds.find((one) => one.kind === value)
            if (!next) return
            saving.reset()
            if (!attempt.isPending) attempt.reset()
            // What both kinds know is kept, and so is what every monitor has.
            const keep = [...COMMON, 'every', 'confirm', ...SELDOM]
            setSettings((before) => ({
              ...carryOver(before, fieldsOf(next.schema), keep),
              type: next.kind,
            }))
          }}
          disabled={of !== undefined}
        />
        {kind && <KindBlindness of={kind} />}
        <PickService
          label="Service"
          required
          value={typeof settings.service === 'string' ? settings.service : null}
          onChange={(value) => set('service', value ?? undefined)}
          error={problems.service}
        />
        <TextInput
          label="Name"
          description="What people call it; its id, where it is left out"
          error={problems.name}
          value={String(settings.name ?? '')}
          onChange={(event) => set('name', event.currentTarget.value)}
        />
        <SchemaFields
          key={kind?.kind}
          fields={fields}
          values={settings}
          onChange={setSettings}
          problems={problems}
          instead={knownTo(kinds)}
        />
        {isChecked(fields) && <Rhythm settings={settings} set={set} problems={problems} />}
        {isChecked(fields) && (
          <Fold
            title="Confirmation and places"
            says="seldom needed"
            begins={SELDOM.some((name) => settings[name] !== undefined)}
            forced={SELDOM.some((name) => Object.keys(problems).some((path) => path.split('.')[0] === name))}
          >
            <SchemaFields
              fields={seldomFields}
              values={settings}
              onChange={setSettings}
              problems={problems}
            />
          </Fold>
        )}
        <Switch
          label="Watch it"
          checked={settings.enabled !== false}
          onChange={(event) => set('enabled', event.currentTarget.checked ? undefined : false)}
        />
        <ProblemNote of={problem} />
        {attempt.data && kind && (
          <TriedNote
            of={attempt.data}
            kind={kind.kind}
            settings={input}
            isOld={tried !== JSON.stringify(input)}
          />
        )}
        {kind?.notTried && (
          <p className="sub" style={{ margin: 0 }}>
            It cannot be tried from here. {kind.notTried}
          </p>
        )}
        <Group justify="flex-end">
          {kind && !kind.notTried && (
            <Button variant="default" loading={attempt.isPending} onClick={tryNow}>
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

/** What somebody should know before choosing a kind. */
function KindBlindness({ of }: { of: MonitorKind }) {
  if (of.cannotSee.length === 0) return null
  return (
    <details>
      <summary className="sub">What no monitor of this kind can see</summary>
      <ul className="sub" style={{ margin: '4px 0 0', paddingLeft: 18 }}>
        {of.cannotSee.map(({ failureClass, why }) => (
          <li key={failureClass}>{why}</li>
        ))}
      </ul>
    </details>
  )
}

/** Controls that know more than the schema: other monitors, and the check of a pool's members. */
function knownTo(kinds: MonitorKind[]): Record<string, (known: Known) => React.ReactNode> {
  return {
    renews: ({ whole: _, ...known }) => <PickMonitor {...known} clearable />,
    check: ({ whole, required }) => <MemberCheck kinds={kinds} required={required} {...whole} />,
  }
}

function Rhythm(props: {
  settings: Values
  set: (name: string, value: unknown) => void
  problems: Record<string, string>
}) {
  const { settings, set, problems } = props
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Every"
        description="Time between two checks"
        placeholder="60s"
        error={problems.every}
        value={String(settings.every ?? '')}
        onChange={(event) => set('every', event.currentTarget.value)}
      />
      <NumberInput
        label="Confirm"
        description="Bad checks before it turns"
        placeholder="2"
        min={1}
        max={20}
        error={problems.confirm}
        value={typeof settings.confirm === 'number' ? settings.confirm : ''}
        onChange={(value) => set('confirm', typeof value === 'number' ? value : undefined)}
      />
    </Group>
  )
}
