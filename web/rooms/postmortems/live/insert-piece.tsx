import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { LIVE_PIECES, type LivePieceKind } from '../../../../src/contract/live-pieces.ts'

const SAID: Record<LivePieceKind, string> = {
  timeline: 'Timeline of the incident',
  times: 'Times with their formulas',
  plot: 'How a monitor saw it',
  graph: 'Services and who depends on them',
  actions: 'Actions as they stand',
}

/** A block of this kind, to be put into a text. */
export function blockOf(kind: LivePieceKind): string {
  return `\`\`\`tocsin ${kind}\n${kind === 'plot' ? 'monitor: \n' : ''}\`\`\`\n`
}

/** Puts a live piece into the text where the writer stands. */
export function InsertPiece({ insert }: { insert: (block: string) => void }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
          Insert a live piece
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LIVE_PIECES.map((kind) => (
          <Menu.Item key={kind} onClick={() => insert(blockOf(kind))}>
            {SAID[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
