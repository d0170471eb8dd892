import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import {
  changePostmortemState,
  exportPostmortem,
  type PostmortemDetail,
  readPostmortem,
} from '../../../src/contract/postmortems.ts'
import { addressOf } from '../../api/client.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited, refused } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { ActionsCard } from './actions-card.tsx'
import { Editor } from './editor.tsx'
import { MOVES } from './moves.ts'
import { Preview } from './preview.tsx'

/** One post-mortem: its text, its state, its actions. */
export function PostmortemPage() {
  const { id = '' } = useParams()
  const postmortem = useRead(readPostmortem, { params: { id } })
  return (
    <Awaited of={postmortem} rows={10}>
      {(data) => <Detail key={data.id} of={data} />}
    </Awaited>
  )
}

function Detail({ of }: { of: PostmortemDetail }) {
  const may = useMay('responder')
  const mayWrite = useMay('editor')
  const [editing, setEditing] = useState(false)
  return (
    <>
      <PageHead
        title={of.title}
        up={{ to: '/post-mortems', label: 'Post-mortems' }}
        lead={
          <span className="said">
            <State is={of.state} />
            {of.incidentId && <Link to={`/incidents/${of.incidentId}`}>Incident room</Link>}
            {of.dueAt && (
              <span>
                review due <ExactMoment at={of.dueAt} />
              </span>
            )}
          </span>
        }
        actions={
          <>
            {may && !editing && of.state !== 'closed' && (
              <Button onClick={() => setEditing(true)}>Edit</Button>
            )}
            {may && !editing && <StateMenu of={of} />}
            {mayWrite && !editing && (
              <Button component={Link} to={`/cases?from=${encodeURIComponent(of.id)}`} variant="default">
                Make a case
              </Button>
            )}
            <Button
              component="a"
              href={addressOf(exportPostmortem, { id: of.id })}
              download
              variant="default"
              leftSection={<IconDownload size={15} />}
            >
              Markdown
            </Button>
          </>
        }
      />
      {editing ? (
        <Editor of={of} close={() => setEditing(false)} />
      ) : (
        <div className="columns">
          <article className="card">
            <div className="body">
              <Preview text={of.body} />
            </div>
          </article>
          <ActionsCard of={of} />
        </div>
      )}
    </>
  )
}

function StateMenu({ of }: { of: PostmortemDetail }) {
  const change = useAct(changePostmortemState)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={change.isPending} rightSection={<IconChevronDown size={14} />}>
          State
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {MOVES[of.state].map(([to, label]) => (
          <Menu.Item
            key={to}
            onClick={() => change.mutate({ params: { id: of.id }, body: { to } }, { onError: refused })}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
