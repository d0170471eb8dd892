import { Button, FileButton, Group, Textarea, TextInput } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { asProblem } from '../../../api/problem.ts'
import { refused } from '../../../parts/feedback.tsx'
import { filesOf } from './read-file.ts'

/** The ways in: files dropped or chosen, and text that is pasted. */
export function Intake(props: {
  addFiles: (files: File[]) => void
  addText: (name: string, text: string) => void
  /** There are documents already: they need the room. */
  small: boolean
}) {
  const [over, setOver] = useState(false)
  const [pasting, setPasting] = useState(false)
  const drop = async (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    try {
      props.addFiles(await filesOf(event.dataTransfer))
    } catch (error) {
      refused(asProblem(error))
    }
  }
  return (
    <section
      className="card intake"
      aria-label="Documents to import"
      data-over={over || undefined}
      data-small={props.small || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <IconUpload size={22} aria-hidden="true" />
      <p>
        Drop documents or folders here: Markdown, mails, pages, wikis, feeds, PDF, slide text.{' '}
        <span className="sub">They are only looked at; nothing is kept until you import it.</span>
      </p>
      <Group gap="xs">
        <FileButton multiple onChange={props.addFiles}>
          {(button) => <Button {...button}>Choose files</Button>}
        </FileButton>
        <Button variant="default" aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
          Paste a text
        </Button>
      </Group>
      {pasting && (
        <Paste
          add={(name, text) => {
            props.addText(name, text)
            setPasting(false)
          }}
        />
      )}
    </section>
  )
}

const LONG = 50_000

function Paste({ add }: { add: (name: string, text: string) => void }) {
  const [name, setName] = useState('Pasted text')
  const [text, setText] = useState('')
  return (
    <form
      className="intake-paste"
      onSubmit={(event) => {
        event.preventDefault()
        add(name.trim() || 'Pasted text', text)
      }}
    >
      <TextInput
        label="What to call it"
        description="A date in it helps where the text gives none; an end such as .md or .eml tells its format."
        maxLength={500}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="Text"
        rows={9}
        maxLength={3_000_000}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData('text/plain')
          if (pasted.length < LONG) return
          // A browser takes its time to type thousands of lines into a field; put there at once they are quick.
          event.preventDefault()
          const { selectionStart: from, selectionEnd: to } = event.currentTarget
          setText(text.slice(0, from) + pasted + text.slice(to))
        }}
      />
      <Button type="submit" disabled={text.trim() === ''}>
        Read it
      </Button>
    </form>
  )
}
