import { Button, FileButton, Group, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconEye, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import type { Action } from '../../../src/contract/postmortems.ts'
import { giveProof, listProofs } from '../../../src/contract/proofs.ts'
import { useAct, useList } from '../../api/hooks.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Empty, refused, told } from '../../parts/feedback.tsx'
import { FormDialog, LongField, TimeField, useTyped } from '../../parts/form.tsx'
import { Listed } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { serverNow } from '../../times/now.ts'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

const KINDS = {
  witness: 'a witness',
  'junit-report': 'a test report',
  'chaos-journal': 'a chaos experiment',
} as const

/** Proofs other than a drill, and the ways to hand one in. */
export function OtherProofs({ of }: { of: Action }) {
  const me = useMe()
  const proofs = useList(listProofs, { params: { id: of.id }, query: { limit: 20 } })
  const [saying, { open, close }] = useDisclosure()
  const may = useMay('responder') && of.state !== 'open' && of.state !== 'dropped'
  const own = me.personId !== null && [of.owner, of.claimedBy].includes(me.personId)
  const hand = useAct(giveProof, () => told('Taken. It has decided.'))
  const upload = async (file: File | null) => {
    if (!file) return
    const text = await file.text()
    const body = text.trimStart().startsWith('{')
      ? ({ kind: 'chaos-journal', journal: text } as const)
      : ({ kind: 'junit-report', report: text } as const)
    hand.mutate({ params: { id: of.id }, body }, { onError: refused })
  }
  return (
    <Card
      title="Other proofs"
      lead="for what no drill can play"
      aside={
        may && (
          <Group gap={8}>
            <FileButton onChange={(file) => void upload(file)} accept=".xml,.json">
              {(props) => (
                <Button
                  {...props}
                  size="xs"
                  variant="default"
                  leftSection={<IconUpload size={14} />}
                  loading={hand.isPending}
                >
                  Test report or chaos journal
                </Button>
              )}
            </FileButton>
            {!own && (
              <Button size="xs" variant="default" leftSection={<IconEye size={14} />} onClick={open}>
                I looked
              </Button>
            )}
          </Group>
        )
      }
      bare
    >
      <Listed
        of={proofs}
        heads={['Says', 'What', 'Who', 'Seen', 'Holds until']}
        nothing={
          <Empty title="None was handed in">
            A drill is the stronger proof. Where none can be made, somebody other than whoever did the work
            looks and says so, for a time; or a machine’s report does.
          </Empty>
        }
        bars={2}
      >
        {(one) => (
          <tr>
            <td className="tight">
              <State is={one.outcome} />
            </td>
            <td className="wide">
              <span className="sub">{KINDS[one.kind]}</span> {one.summary}
            </td>
            <td data-label="who">{one.givenBy}</td>
            <td className="tight" data-label="seen">
              <ExactMoment at={one.seenAt} />
            </td>
            <td className="tight" data-label="until">
              <ExactMoment at={one.expiresAt} />
            </td>
          </tr>
        )}
      </Listed>
      {saying && <Say of={of} close={close} />}
    </Card>
  )
}

const MONTHS = 90 * 86_400_000

function Say({ of, close }: { of: Action; close: () => void }) {
  const statement = useTyped()
  const seen = useTyped(() => toLocalInput(serverNow()))
  const until = useTyped(() => toLocalInput(serverNow() + MONTHS))
  const [met, setMet] = useState(true)
  const say = useAct(giveProof, () => {
    told('Your word is kept, with your name.')
    close()
  })
  const send = () =>
    say.mutate({
      params: { id: of.id },
      body: {
        kind: 'witness',
        met,
        statement: statement.value,
        // A field of minutes may name one that has not quite begun.
        seenAt: new Date(Math.min(Date.parse(fromLocalInput(seen.value) ?? ''), serverNow())).toISOString(),
        until: fromLocalInput(until.value) ?? undefined,
      },
    })
  return (
    <FormDialog title="What did you see?" of={say} act="Give my word" send={send} close={close}>
      <p className="sub" style={{ margin: 0 }}>
        Asked for: {of.criterion}
      </p>
      <Switch
        label="It is as the criterion asks"
        checked={met}
        onChange={(event) => setMet(event.currentTarget.checked)}
      />
      <LongField label="What you did and saw" at="statement" required of={statement} data-autofocus />
      <TimeField label="When you looked" at="seenAt" required of={seen} />
      <TimeField
        label="Until when it holds"
        description="Then somebody must look again."
        at="until"
        required
        of={until}
      />
    </FormDialog>
  )
}
