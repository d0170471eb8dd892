import { Button } from '@mantine/core'
import { type Action, changeAction } from '../../../src/contract/postmortems.ts'
import { useAct } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { refused, told } from '../../parts/feedback.tsx'
import { usePersonName } from '../../parts/pick.tsx'

/** Who owns it; where a document named somebody, their words, and whom they may mean. */
export function Owner({ of }: { of: Action }) {
  const nameOf = usePersonName()
  const may = useMay('responder')
  const change = useAct(changeAction, () => told('Changed.'))
  const { owner, ownerWritten, ownerMeant } = of
  return (
    <>
      {owner ? nameOf(owner) : 'nobody'}
      {ownerWritten !== null && <div className="sub">as written: “{ownerWritten}”</div>}
      {may && !owner && ownerMeant && (
        <Button
          size="xs"
          variant="default"
          mt={4}
          loading={change.isPending}
          onClick={() =>
            change.mutate({ params: { id: of.id }, body: { owner: ownerMeant } }, { onError: refused })
          }
        >
          That is {nameOf(ownerMeant)}
        </Button>
      )}
    </>
  )
}
