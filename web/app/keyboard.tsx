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
        const to = event.key === '/' ? '/search' : PLACES.find(({ key }) => key === event.key)?.to
        if (to) {
          event.preventDefault()
          void navigate(to)
        }
      } else if (event.key === 'g') {
        going.current = window.setTimeout(() => {
          going.current = undefined
        }, CHORD_MS)
      } else if (event.key === '/') {
        event.preventDefault()
        // That of the list where there is one; it is what the reader looks at.
        const search = ['[data-search]', '[data-search-everywhere]']
          .flatMap((box) => [...document.querySelectorAll<HTMLInputElement>(box)])
          .find((box) => box.offsetParent !== null)
        if (!search) void navigate('/search')
        search?.focus()
        search?.select()
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
            <Table.Td>Search in this list; where there is none, search everything</Table.Td>
          </Table.Tr>
          <Table.Tr>
            <Table.Td>
              <Kbd>g</Kbd> <Kbd>/</Kbd>
            </Table.Td>
            <Table.Td>Search everything</Table.Td>
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
