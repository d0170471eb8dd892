import { Alert, Button, EmptyState, Skeleton, Stack, VisuallyHidden } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ApiProblem } from '../api/problem.ts'

/** A refusal, with every place that is wrong and what to do about it. */
export function ProblemNote({ of, retry }: { of: ApiProblem | null | undefined; retry?: () => void }) {
  if (!of) return null
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={of.title}
      styles={{ title: { color: 'var(--bad)' } }}
    >
      <p style={{ margin: 0 }}>{of.message}</p>
      {of.problems.length > 0 && (
        <ul style={{ margin: '6px 0 0', paddingLeft: 18 }}>
          {of.problems.map((problem) => (
            <li key={`${problem.path} ${problem.message}`}>
              {problem.path && <code className="mono">{problem.path}</code>} {problem.message}
              {problem.remedy && <span> – {problem.remedy}</span>}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <Button size="xs" variant="default" mt="xs" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}

const WIDTHS = [92, 79, 66, 87, 74, 61, 90, 77, 64, 85]

/** Bars where the rows will stand. */
export function Loading({ rows = 5 }: { rows?: number }) {
  return (
    <Stack gap={10} p="sm" aria-busy="true">
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      {WIDTHS.slice(0, rows).map((width) => (
        <Skeleton key={width} height={18} width={`${width}%`} />
      ))}
    </Stack>
  )
}

/** Nothing here, and what to do about it. */
export function Empty(props: { title: string; children?: ReactNode; icon?: ReactNode; action?: ReactNode }) {
  return (
    <EmptyState size="sm" title={props.title} description={props.children} icon={props.icon} py="xl" px="md">
      {props.action && <EmptyState.Actions>{props.action}</EmptyState.Actions>}
    </EmptyState>
  )
}

/** One of three: what is being fetched, what went wrong, or what there is. */
export function Awaited<T>(props: {
  of: { data?: T | undefined; error: ApiProblem | null; refetch?: () => unknown }
  rows?: number
  children: (data: T) => ReactNode
}) {
  if (props.of.data !== undefined) return <>{props.children(props.of.data)}</>
  if (props.of.error) return <ProblemNote of={props.of.error} retry={() => void props.of.refetch?.()} />
  return <Loading rows={props.rows ?? 5} />
}

const CLOSE = { 'aria-label': 'Close this note' }

/** Says that something has been done. */
export function told(message: string): void {
  notifications.show({ message, color: 'bronze', autoClose: 4_000, closeButtonProps: CLOSE })
}

/** Says why something has not been done. */
export function refused(problem: ApiProblem): void {
  const places = problem.problems.map((p) => `${p.path} ${p.message}`).join('; ')
  notifications.show({
    title: problem.title,
    message: places || problem.message,
    color: 'red',
    autoClose: 10_000,
    role: 'alert',
    closeButtonProps: CLOSE,
  })
}
