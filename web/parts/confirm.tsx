import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import type { byId, Route } from '../../src/contract/route.ts'
import { useAct } from '../api/hooks.ts'
import { refused, told } from './feedback.tsx'

interface Question {
  label: ReactNode
  /** For a button whose label does not say what it is about. */
  name?: string
  question: string
  consequence: string
  act: string
  variant?: string
  size?: string
}

/** A button that asks once more before it does what cannot be taken back. */
export function Confirmed(props: Question & { busy?: boolean; onConfirm: () => void }) {
  const [asked, { open, close }] = useDisclosure()
  return (
    <>
      <Button
        variant={props.variant ?? 'default'}
        size={props.size ?? 'sm'}
        onClick={open}
        loading={props.busy ?? false}
        {...(props.name ? { 'aria-label': props.name } : {})}
      >
        {props.label}
      </Button>
      <Modal opened={asked} onClose={close} title={props.question}>
        <Text size="md">{props.consequence}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Not now
          </Button>
          <Button
            color="red"
            onClick={() => {
              close()
              props.onConfirm()
            }}
          >
            {props.act}
          </Button>
        </Group>
      </Modal>
    </>
  )
}

/** The button in a row that ends or removes what the row shows. */
export function EndRow<A extends z.ZodType>({
  by,
  id,
  done,
  ...question
}: Question & { by: Route<typeof byId, z.ZodObject, z.ZodUndefined, A>; id: string; done: string }) {
  const end = useAct(by, () => told(done))
  return (
    <Confirmed
      size="xs"
      busy={end.isPending}
      onConfirm={() => end.mutate({ params: { id } }, { onError: refused })}
      {...question}
    />
  )
}
