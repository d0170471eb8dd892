import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import {
  exportPostmortemHtml,
  exportPostmortemJson,
  exportPostmortemPdf,
} from '../../../src/contract/postmortem-exports.ts'
import { exportPostmortem } from '../../../src/contract/postmortems.ts'
import type { Route } from '../../../src/contract/route.ts'
import { addressOf } from '../../api/client.ts'
import { asProblem, problemFrom } from '../../api/problem.ts'
import { refused } from '../../parts/feedback.tsx'

const FORMATS: { route: Route; label: string; about: string }[] = [
  {
    route: exportPostmortem as unknown as Route,
    label: 'Markdown',
    about: 'with front matter, for a repository',
  },
  {
    route: exportPostmortemHtml as unknown as Route,
    label: 'HTML',
    about: 'one file, opens anywhere',
  },
  { route: exportPostmortemPdf as unknown as Route, label: 'PDF', about: 'for printing and sending' },
  {
    route: exportPostmortemJson as unknown as Route,
    label: 'JSON',
    about: 'everything, for another Tocsin',
  },
]

/** A post-mortem as a file, in the form that somebody needs. */
export function Exports({ id }: { id: string }) {
  const [under, setUnder] = useState(false)
  const save = async (route: Route) => {
    setUnder(true)
    try {
      await saveFile(addressOf(route, { id }))
    } catch (error) {
      refused(asProblem(error))
    } finally {
      setUnder(false)
    }
  }
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button variant="default" loading={under} leftSection={<IconDownload size={15} aria-hidden="true" />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ route, label, about }) => (
          <Menu.Item key={route.id} onClick={() => void save(route)}>
            {label} <span className="sub">{about}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Fetches a file before it is saved, so that a refusal is told and not saved in its place. */
async function saveFile(address: string): Promise<void> {
  const response = await fetch(address, { credentials: 'same-origin' })
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => undefined))
  const name = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name ?? 'post-mortem'
  link.click()
  // The browser has taken it over by then.
  requestAnimationFrame(() => requestAnimationFrame(() => URL.revokeObjectURL(url)))
}
