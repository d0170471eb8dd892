import { Select } from '@mantine/core'
import { listServices } from '../../../src/contract/catalog.ts'
import { useList } from '../../api/hooks.ts'
import { useFilter } from '../../parts/list-state.ts'
import { serverNow } from '../../times/now.ts'

const DAY = 86_400_000
const SEVERITIES = ['SEV1', 'SEV2', 'SEV3', 'SEV4']
const PERIODS: Record<string, [label: string, days: number]> = {
  '90d': ['The last 90 days', 90],
  '1y': ['The last year', 365],
  '3y': ['The last three years', 3 * 365],
}

/** One of a few, or all of them. */
export function Pick(props: {
  label: string
  all: string
  of: [value: string, set: (value: string) => void]
  data: { value: string; label: string }[]
}) {
  return (
    <Select
      aria-label={props.label}
      size="xs"
      clearable
      searchable={props.data.length > 8}
      placeholder={props.all}
      value={props.of[0] || null}
      onChange={(value) => props.of[1](value ?? '')}
      data={props.data}
      clearButtonProps={{ 'aria-label': `${props.label}: any` }}
    />
  )
}

/** What a view is narrowed to, in the address: a service, a severity, a span of time. */
export function useNarrowing() {
  const service = useFilter('service')
  const severity = useFilter('severity')
  const period = useFilter('period')
  const days = PERIODS[period[0]]?.[1]
  // To the day, so that the same question is asked for as long as somebody looks at the answer.
  const from = days === undefined ? undefined : (Math.floor(serverNow() / DAY) - days) * DAY
  return {
    service,
    severity,
    period,
    query: {
      ...(service[0] ? { service: service[0] } : {}),
      ...(SEVERITIES.includes(severity[0]) ? { severity: severity[0] as 'SEV1' } : {}),
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    },
  }
}

/** The controls of it. */
export function Narrowing({ of }: { of: ReturnType<typeof useNarrowing> }) {
  const { items = [] } = useList(listServices, {}, { all: true })
  return (
    <>
      <Pick
        label="Service"
        all="Every service"
        of={of.service}
        data={items.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Pick
        label="Severity"
        all="Every severity"
        of={of.severity}
        data={SEVERITIES.map((value) => ({ value, label: value }))}
      />
      <Pick
        label="Period"
        all="All times"
        of={of.period}
        data={Object.entries(PERIODS).map(([value, [label]]) => ({ value, label }))}
      />
    </>
  )
}
