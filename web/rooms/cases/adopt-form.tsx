import { Alert, Button, Drawer, Group, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { adoptCase, type CasePlan, type IncidentCase } from '../../../src/contract/cases.ts'
import { listServices } from '../../../src/contract/catalog.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useFocusReturn } from '../../parts/dialog.tsx'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { State } from '../../parts/state.tsx'
import { toYaml } from '../../parts/yaml.ts'

type Values = Record<string, Record<string, string>>

/** Services are picked, values are given, what would be created is shown; then it is created. */
export function AdoptForm({
  of,
  first,
  close,
}: {
  of: IncidentCase
  first: string | null
  close: () => void
}) {
  useFocusReturn()
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      title="This could happen to us"
      closeOnClickOutside={false}
    >
      <Steps of={of} first={first} close={close} />
    </Drawer>
  )
}

function Steps({ of, first, close }: { of: IncidentCase; first: string | null; close: () => void }) {
  const navigate = useNavigate()
  const services = useList(listServices, { query: { limit: 500 } }, { all: true })
  const [chosen, choose] = useState<string[]>(
    first ? [first] : of.exposed.slice(0, 1).map((one) => one.serviceId),
  )
  const [values, setValues] = useState<Values>({})
  const [plans, setPlans] = useState<CasePlan[] | null>(null)
  const plan = useAct(adoptCase, ({ plans: found }) => setPlans(found))
  const create = useAct(adoptCase, ({ plans: made }) => {
    told('Created; the drill is being played now.')
    close()
    const drill = made[0]?.drill
    void navigate(made.length === 1 && drill ? `/drills/${encodeURIComponent(drill.id)}` : '/drills')
  })
  const give = (serviceId: string, key: string, text: string) =>
    setValues((before) => ({ ...before, [serviceId]: { ...before[serviceId], [key]: text } }))
  const exposed = new Set(of.exposed.map(({ serviceId }) => serviceId))
  const input = { params: { id: of.id }, body: { serviceIds: chosen, values } }
  const ready = plans?.every((one) => one.ready) ?? false
  return (
    <Stack gap="md">
      <MultiSelect
        label="Services"
        description="Those that could be struck stand first."
        searchable
        data={(services.items ?? [])
          .map(({ id, name }) => ({ value: id, label: exposed.has(id) ? `${name}, could be struck` : name }))
          .toSorted((a, b) => Number(exposed.has(b.value)) - Number(exposed.has(a.value)))}
        value={chosen}
        onChange={(ids) => {
          choose(ids)
          setPlans(null)
        }}
        // Where something is chosen already, the list of all others would stand in the way.
        data-autofocus={chosen.length === 0 || undefined}
      />
      {plans?.map((one) => (
        <PlanOf
          key={one.serviceId}
          of={one}
          incident={of}
          typed={values[one.serviceId] ?? {}}
          give={(key, text) => give(one.serviceId, key, text)}
        />
      ))}
      <ProblemNote of={create.error ?? plan.error} />
      <Group gap="xs">
        <Button
          variant={ready ? 'default' : 'filled'}
          disabled={chosen.length === 0}
          loading={plan.isPending}
          onClick={() => plan.mutate({ ...input, body: { ...input.body, dryRun: true } })}
        >
          {plans ? 'Show it again' : 'Show what would be created'}
        </Button>
        {plans && (
          <Button disabled={!ready} loading={create.isPending} onClick={() => create.mutate(input)}>
            Create it
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Settings({ of }: { of: Record<string, unknown> }) {
  return (
    <details>
      <summary className="sub">Its settings</summary>
      <pre className="plan-settings">{toYaml(of)}</pre>
    </details>
  )
}

function PlanOf(props: {
  of: CasePlan
  incident: IncidentCase
  typed: Record<string, string>
  give: (key: string, text: string) => void
}) {
  const { of, incident, typed, give } = props
  const missing = new Set(
    of.monitors.flatMap(({ state, missing: keys }) => (state === 'needs-values' ? keys : [])),
  )
  return (
    <section className="plan" aria-label={of.serviceName}>
      <h3>{of.serviceName}</h3>
      <div className="plan-values">
        {incident.values.map(({ key, title, example, kind, optional }) => (
          <TextInput
            key={key}
            size="xs"
            type={kind === 'secret' ? 'password' : 'text'}
            autoComplete="off"
            label={title}
            withAsterisk={!optional}
            placeholder={example}
            error={missing.has(key) ? 'Is needed' : undefined}
            value={typed[key] ?? (kind === 'secret' ? '' : (of.values[key] ?? ''))}
            onChange={(event) => give(key, event.currentTarget.value)}
          />
        ))}
      </div>
      <ul className="plan-monitors">
        {of.monitors.map((monitor) => (
          <li key={monitor.key}>
            <State is={monitor.state} />
            <span>
              <strong>{monitor.state === 'left-out' ? monitor.key : monitor.id}</strong>{' '}
              <span className="sub">
                {monitor.because}
                {monitor.state === 'left-out' && ' Nothing was given for it.'}
              </span>
              {monitor.state === 'create' && <Settings of={monitor.settings} />}
            </span>
          </li>
        ))}
        {of.drill && (
          <li>
            <State is={of.drill.state} />
            <span>
              <strong>{of.drill.id}</strong>{' '}
              <span className="sub">
                The drill: each fault must be noticed, and somebody paged within {incident.drill.within}.
              </span>
            </span>
          </li>
        )}
      </ul>
      {missing.size > 0 && (
        <Alert variant="light" color="bronze" title="Some values are needed">
          Give them above, and show it again.
        </Alert>
      )}
    </section>
  )
}
