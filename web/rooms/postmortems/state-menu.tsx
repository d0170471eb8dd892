import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronDown } from '@tabler/icons-react'
import { type Review, readReview } from '../../../src/contract/postmortem-review.ts'
import { changePostmortemState, type PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused } from '../../parts/feedback.tsx'
import { FormDialog, LongField, useTyped } from '../../parts/form.tsx'
import { MOVES } from './moves.ts'

/** Where it may go; what others hold open is overruled with a reason only. */
export function StateMenu({ of }: { of: PostmortemDetail }) {
  const mayOverrule = useMay('editor')
  const review = useRead(readReview, { params: { id: of.id } })
  const change = useAct(changePostmortemState)
  const [overruling, { open, close }] = useDisclosure()
  const blockers = review.data?.blockers ?? []
  const waivable = mayOverrule && blockers.length > 0 && blockers.every((one) => one.waivable)
  return (
    <>
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
              onClick={() => {
                if (to === 'reviewed' && of.state === 'in review' && waivable) open()
                else change.mutate({ params: { id: of.id }, body: { to } }, { onError: refused })
              }}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {overruling && <Overrule of={of} blockers={blockers} close={close} />}
    </>
  )
}

function Overrule(props: { of: PostmortemDetail; blockers: Review['blockers']; close: () => void }) {
  const reason = useTyped()
  const change = useAct(changePostmortemState, props.close)
  return (
    <FormDialog
      title="End the review although something is open?"
      of={change}
      act="Mark as reviewed"
      send={() =>
        change.mutate({ params: { id: props.of.id }, body: { to: 'reviewed', overrule: reason.value } })
      }
      close={props.close}
    >
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {props.blockers.map(({ kind, text }) => (
          <li key={kind}>{text}</li>
        ))}
      </ul>
      <LongField
        label="Why"
        description="It stands beside the review, with your name."
        at="overrule"
        required
        data-autofocus
        of={reason}
      />
    </FormDialog>
  )
}
