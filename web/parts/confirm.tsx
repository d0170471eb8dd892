import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'

/** A button that asks once more before it does what cannot be taken back. */
export function Confirmed(props: {
  label: ReactNode
  /** For a button that shows a sign only. */
  name?: string
  question: string
  consequence: string
  act: string
  busy?: boolean
  onConfirm: () => void
  variant?: string
  size?: string
}) {
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
