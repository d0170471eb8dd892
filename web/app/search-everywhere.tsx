import { TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'

/** The way to the search from every page; the page of the search has its own. */
export function SearchEverywhere() {
  const [text, setText] = useState('')
  const navigate = useNavigate()
  return (
    <search>
      <form
        className="search-everywhere"
        onSubmit={(event) => {
          event.preventDefault()
          void navigate(`/search?q=${encodeURIComponent(text.trim())}`)
          setText('')
        }}
      >
        <TextInput
          type="search"
          size="xs"
          aria-label="Search everything"
          placeholder="Search everything"
          leftSection={<IconSearch size={14} aria-hidden="true" />}
          value={text}
          maxLength={1_000}
          onChange={(event) => setText(event.currentTarget.value)}
          data-search-everywhere
        />
      </form>
    </search>
  )
}
