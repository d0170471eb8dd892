import { MultiSelect, Select, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { listPeople, listServices } from '../../src/contract/catalog.ts'
import { listMonitors } from '../../src/contract/monitors.ts'
import { listDrills } from '../../src/contract/proofs.ts'
import { useList } from '../api/hooks.ts'

/** The search of a list; `/` brings the reader here. */
export function SearchBox({
  value,
  onChange,
  label,
}: {
  value: string
  onChange: (text: string) => void
  label: string
}) {
  return (
    <TextInput
      className="grow"
      type="search"
      aria-label={label}
      placeholder={`${label}  ( / )`}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-search
    />
  )
}

interface PickProps {
  label: string
  description?: ReactNode
  value: string | null
  onChange: (id: string | null) => void
  required?: boolean
  clearable?: boolean
  error?: string | undefined
}

/** One of the people who are active. */
export function PickPerson(props: PickProps) {
  const { items = [] } = useList(listPeople, {}, { all: true })
  const data = items
    .filter(({ state, id }) => state === 'active' || id === props.value)
    .map(({ id, name }) => ({ value: id, label: name }))
  return <Select searchable nothingFoundMessage="Nobody of that name" data={data} {...props} />
}

/** One of the services. */
export function PickService(props: PickProps) {
  const { items = [] } = useList(listServices, {}, { all: true })
  const data = items.map(({ id, name }) => ({ value: id, label: name }))
  return <Select searchable nothingFoundMessage="No such service" data={data} {...props} />
}

/** One of the monitors. */
export function PickMonitor(props: PickProps) {
  const { items = [] } = useList(listMonitors, {}, { all: true })
  const data = items.map(({ id, name }) => ({ value: id, label: name === id ? id : `${name} (${id})` }))
  return <Select searchable nothingFoundMessage="No such monitor" data={data} {...props} />
}

/** One of the drills. */
export function PickDrill(props: PickProps & { disabled?: boolean }) {
  const { items = [] } = useList(listDrills, {}, { all: true })
  const data = items.map(({ id, name }) => ({ value: id, label: name }))
  return <Select searchable clearable nothingFoundMessage="No drill yet" data={data} {...props} />
}

/** Any number of services. */
export function PickServices(props: {
  label: string
  value: string[]
  onChange: (ids: string[]) => void
  description?: string
}) {
  const { items = [] } = useList(listServices, {}, { all: true })
  return (
    <MultiSelect
      searchable
      clearable
      data={items.map(({ id, name }) => ({ value: id, label: name }))}
      {...props}
    />
  )
}

/** Says who an id is. */
export function usePersonName(): (id: string) => string {
  const { items } = useList(listPeople, {}, { all: true })
  return (id) => items?.find((one) => one.id === id)?.name ?? id
}
