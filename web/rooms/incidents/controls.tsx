import { Button, Group, Select, Stack } from '@mantine/core'
import { changeIncident, type Incident } from '../../../src/contract/incidents.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused } from '../../parts/feedback.tsx'
import { Card } from '../../parts/page.tsx'
import { SEVERITIES } from './incidents-page.tsx'
import { nextStates, SAYINGS } from './next-states.ts'

/** State and severity, each one press away. */
export function Controls({ of }: { of: Incident }) {
  const may = useMay('responder')
  const change = useAct(changeIncident)
  if (!may) return null
  const { usual, others } = nextStates(of.state)
  const move = (body: { state: Incident['state'] } | { severity: Incident['severity'] }) =>
    change.mutate({ params: { id: of.id }, body }, { onError: refused })
  return (
    <Card title="State and severity">
      <Stack gap="sm">
        {usual && (
          <Button fullWidth loading={change.isPending} onClick={() => move({ state: usual })}>
            {SAYINGS[usual]}
          </Button>
        )}
        {others.length > 0 && (
          <Group gap="xs">
            {others.map((state) => (
              <Button
                key={state}
                size="xs"
                variant="default"
                disabled={change.isPending}
                onClick={() => move({ state })}
              >
                {SAYINGS[state]}
              </Button>
            ))}
          </Group>
        )}
        <Select
          label="Severity"
          data={SEVERITIES}
          value={of.severity}
          disabled={of.state === 'closed'}
          onChange={(value) =>
            value && value !== of.severity && move({ severity: value as Incident['severity'] })
          }
        />
      </Stack>
    </Card>
  )
}
