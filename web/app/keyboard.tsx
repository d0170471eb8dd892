import { Kbd, Modal, Table } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { PLACES } from './places.ts'

/** How long `g` waits for the key that says where to. */
const CHORD_MS = 1_200

/** Keys for those who do not reach for the mouse: `/` search, `g` and a letter, `?` for this list. */
export function Keyboard() {
  const navigate = useNavigate()
  const [help, setHelp] = useState(false)
  const going = useRef<number | undefined>(undefined)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
        return
      if (going.current !== undefined) {
        window.clearTimeout(going.current)
        going.current = undefined
        const place = PLACES.find(({ key }) => key === event.key)
        if (place) {
          event.preventDefault()
          void navigate(place.to)
        }
      } else if (event.key === 'g') {
        going.current = window.setTimeout(() => {
          going.current = undefined
        }, CHORD_MS)
      } else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search]')
        if (!search) return
        event.preventDefault()
        search.focus()
        search.select()
      } else if (event.key === '?') setHelp(true)
    }
    document.addEventListener('keydown', press)
    return () => {
      document.removeEventListener('keydown', press)
      window.clearTimeout(going.current)
    }
  }, [navigate])
  return (
    <Modal opened={help} onClose={() => setHelp(false)} title="Keyboard">
      <Table verticalSpacing={5}>
        <Table.Tbody>
          {PLACES.map((place) => (
            <Table.Tr key={place.to}>
              <Table.Td>
                <Kbd>g</Kbd> <Kbd>{place.key}</Kbd>
              </Table.Td>
              <Table.Td>{place.label}</Table.Td>
            </Table.Tr>
          ))}
          <Table.Tr>
            <Table.Td>
              <Kbd>/</Kbd>
            </Table.Td>
            <Table.Td>Search in this list</Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Td>
              <Kbd>Ctrl</Kbd> <Kbd>S</Kbd>
            </Table.Td>
            <Table.Td>Save the post-mortem</Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Td>
              <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
            </Table.Td>
            <Table.Td>Send the note</Table.Td>
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </Modal>
  )
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
