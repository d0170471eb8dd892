import { Button, CopyButton, Group } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** A text to take along, with a button that copies it. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <code
        className="mono"
        style={{ flex: 1, background: 'var(--sunken)', padding: '6px 8px', borderRadius: 4 }}
      >
        {text}
      </code>
      <CopyButton value={text} timeout={2_000}>
        {({ copied, copy }) => (
          <Button
            size="xs"
            variant="default"
            onClick={copy}
            aria-label={`Copy ${label}`}
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}
