import { Button } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { type Alert, acknowledgeAlert } from '../../../src/contract/alerts.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused, told } from '../../parts/feedback.tsx'

/** One tap: I am on it. Everything pending stops. */
export function AcknowledgeButton({
  of,
  size,
  fullWidth,
}: {
  of: Alert
  size?: string
  fullWidth?: boolean
}) {
  const may = useMay('responder')
  const acknowledge = useAct(acknowledgeAlert, () => told('It is yours. Nobody else is paged about it.'))
  if (!may || of.state !== 'open') return null
  return (
    <Button
      size={size ?? 'sm'}
      fullWidth={fullWidth ?? false}
      leftSection={<IconHandStop size={size === 'xs' ? 14 : 18} aria-hidden="true" />}
      loading={acknowledge.isPending}
      aria-label={size === 'xs' ? `Acknowledge ${of.title}` : undefined}
      onClick={() => acknowledge.mutate({ params: { id: of.id } }, { onError: refused })}
    >
      Acknowledge
    </Button>
  )
}
