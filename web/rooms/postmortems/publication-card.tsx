import { Button, Group, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  type PublicStanding,
  readPublication,
  withdrawPostmortem,
} from '../../../src/contract/postmortem-exports.ts'
import type { PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote, told } from '../../parts/feedback.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { PublishForm } from './publish-form.tsx'

/** Whether the public reads it, and which text; nothing is published by itself. */
export function PublicationCard({ of }: { of: PostmortemDetail }) {
  const standing = useRead(readPublication, { params: { id: of.id } }, { enabled: of.incidentId !== null })
  if (of.incidentId === null) return null
  return (
    <Card title="Status page">
      {standing.error && <ProblemNote of={standing.error} />}
      {standing.data && <Standing of={of} standing={standing.data} />}
    </Card>
  )
}

function Standing({ of, standing }: { of: PostmortemDetail; standing: PublicStanding }) {
  const may = useMay('editor')
  const [publishing, publish] = useDisclosure()
  const [withdrawing, withdraw] = useDisclosure()
  const { published, withdrawn, newerText, path } = standing
  const reviewed = of.state === 'reviewed' || of.state === 'closed'
  return (
    <Stack gap="xs">
      {published ? (
        <>
          <p style={{ margin: 0 }}>{path ? <a href={path}>{published.title}</a> : published.title}</p>
          <p className="sub" style={{ margin: 0 }}>
            Version {published.version}, published by {published.by} · <ExactMoment at={published.at} />
            <br />
            {published.sections.join(', ')}
          </p>
          {newerText && (
            <p style={{ margin: 0, color: 'var(--warn)' }}>
              Newer text not published: the public reads version {published.version}, this is version{' '}
              {of.version}.
            </p>
          )}
        </>
      ) : (
        <p className="sub" style={{ margin: 0 }}>
          {withdrawn ? (
            <>
              Taken off the page; it was published by {withdrawn.by} · <ExactMoment at={withdrawn.at} />
            </>
          ) : reviewed ? (
            'The public does not read it. You choose which sections become public.'
          ) : (
            'The public does not read it. It can be published once it has been reviewed.'
          )}
        </p>
      )}
      {may && (reviewed || published) && (
        <Group gap="xs">
          {reviewed && (
            <Button size="xs" variant={published && !newerText ? 'default' : 'filled'} onClick={publish.open}>
              {published ? 'Publish again' : 'Publish'}
            </Button>
          )}
          {published && (
            <Button size="xs" variant="default" onClick={withdraw.open}>
              Take it off
            </Button>
          )}
        </Group>
      )}
      {publishing && <PublishForm of={of} standing={standing} close={publish.close} />}
      {withdrawing && <Withdraw id={of.id} close={withdraw.close} />}
    </Stack>
  )
}

function Withdraw({ id, close }: { id: string; close: () => void }) {
  const act = useAct(withdrawPostmortem, () => {
    told('Taken off the status page.')
    close()
  })
  return (
    <Dialog title="Take it off the status page" close={close}>
      <Stack gap="sm">
        <p style={{ margin: 0 }}>
          The page of the post-mortem and its entry in the feed go away. Whoever has read it has read it.
        </p>
        <ProblemNote of={act.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button color="red" loading={act.isPending} onClick={() => act.mutate({ params: { id } })}>
            Take it off
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
