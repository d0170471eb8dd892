import { Stack } from '@mantine/core'
import { assignRole, type Incident } from '../../../src/contract/incidents.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused } from '../../parts/feedback.tsx'
import { Card, Facts } from '../../parts/page.tsx'
import { PickPerson } from '../../parts/pick.tsx'

/** Roles that an incident of any size needs; others that were given are shown beside them. */
const USUAL = ['commander', 'communications', 'scribe']

/** Who does what. */
export function Roles({ of }: { of: Incident }) {
  const may = useMay('responder')
  const assign = useAct(assignRole)
  const names = [...new Set([...USUAL, ...of.roles.map(({ role }) => role)])]
  const holder = (role: string) => of.roles.find((one) => one.role === role)
  if (!may)
    return (
      <Card title="Roles">
        <Facts of={names.map((role) => [role, holder(role)?.name ?? 'nobody'])} />
      </Card>
    )
  return (
    <Card title="Roles">
      <Stack gap="xs">
        {names.map((role) => (
          <PickPerson
            key={role}
            label={role.charAt(0).toUpperCase() + role.slice(1)}
            clearable
            value={holder(role)?.personId ?? null}
            onChange={(personId) =>
              assign.mutate({ params: { id: of.id, role }, body: { personId } }, { onError: refused })
            }
          />
        ))}
      </Stack>
    </Card>
  )
}
