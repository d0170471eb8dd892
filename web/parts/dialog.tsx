import { Modal, type ModalProps } from '@mantine/core'
import { useEffect, useState } from 'react'

/** Gives the focus back to what opened this, once this is gone. */
export function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    },
    [opener],
  )
}

/** A dialog that is open for as long as it is there. */
export function Dialog({ close, ...rest }: { close: () => void } & Omit<ModalProps, 'opened' | 'onClose'>) {
  useFocusReturn()
  return <Modal opened onClose={close} {...rest} />
}
