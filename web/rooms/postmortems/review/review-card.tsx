import { ActionIcon, Alert, Button, Group, MultiSelect, Stack } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { listPeople } from '../../../../src/contract/catalog.ts'
import {
  askReviewers,
  giveVerdict,
  type Review,
  type Reviewer,
  withdrawReviewer,
} from '../../../../src/contract/postmortem-review.ts'
import type { PostmortemDetail } from '../../../../src/contract/postmortems.ts'
import { ROLES } from '../../../../src/contract/route.ts'
import { useAct, useList } from '../../../api/hooks.ts'
import { useMay, useMe } from '../../../app/session.tsx'
import { refused, told } from '../../../parts/feedback.tsx'
import { FormDialog, LongField, useTyped } from '../../../parts/form.tsx'
import { ExactMoment, Moment } from '../../../parts/moment.tsx'
import { Card, Facts } from '../../../parts/page.tsx'
import { State } from '../../../parts/state.tsx'
import { useNow } from '../../../times/now.ts'

/** Who reviews it until when, what they said, and what stands against the end of the review. */
export function ReviewCard({ of, review }: { of: PostmortemDetail; review: Review }) {
  const may = useMay('responder')
  const [asking, { open, close }] = useDisclosure()
  const isOpen = of.state !== 'closed'
  return (
    <Card
      title="Review"
      lead={review.need === 0 ? undefined : `${review.have} of ${review.need} approved`}
      aside={
        may &&
        isOpen && (
          <Button size="xs" variant="default" onClick={open}>
            Ask for a review
          </Button>
        )
      }
    >
      <Stack gap="sm">
        <Due of={of} review={review} />
        {review.reviewers.length === 0 && (
          <p className="sub" style={{ margin: 0 }}>
            Nobody is asked to review it yet.
          </p>
        )}
        {review.reviewers.length > 0 && (
          <ul className="plain-list">
            {review.reviewers.map((one) => (
              <ReviewerRow key={one.personId} of={one} review={review} postmortem={of} />
            ))}
          </ul>
        )}
        <MyVerdict of={of} review={review} />
        {of.state === 'in review' && review.blockers.length > 0 && (
          <div className="review-blockers">
            <strong>Before it counts as reviewed</strong>
            <ul>
              {review.blockers.map(({ kind, text }) => (
                <li key={kind}>{text}</li>
              ))}
            </ul>
          </div>
        )}
        {of.state === 'in review' && review.blockers.length === 0 && (
          <p className="sub" style={{ margin: 0 }}>
            Nothing stands against it: it can be marked as reviewed.
          </p>
        )}
        {of.state === 'reviewed' && review.blockers.some(({ kind }) => kind === 'approvals') && (
          <p className="sub" style={{ margin: 0 }}>
            The text was changed after its review: {review.have} of {review.need} approved what it says now.
          </p>
        )}
        {review.overruled && (
          <p className="sub" style={{ margin: 0 }}>
            {review.overruled.by} ended the review of version {review.overruled.version} although{' '}
            {review.overruled.blockers.join('; ')} (<Moment at={review.overruled.at} />
            ): “{review.overruled.reason}”
          </p>
        )}
      </Stack>
      {asking && <Ask of={of} review={review} close={close} />}
    </Card>
  )
}

function Due({ of, review }: { of: PostmortemDetail; review: Review }) {
  const now = useNow()
  const awaited = of.state === 'draft' ? review.draftDueAt : of.state === 'in review' ? review.dueAt : null
  const late = awaited !== null && Date.parse(awaited) < now
  const facts: [string, React.ReactNode][] = []
  const mark = (of: boolean) => (of && late ? <State is="late" /> : null)
  if (review.draftDueAt)
    facts.push([
      'Draft due',
      <span key="draft" className="said">
        {mark(of.state === 'draft')} <ExactMoment at={review.draftDueAt} />
      </span>,
    ])
  if (review.dueAt)
    facts.push([
      'Review due',
      <span key="review" className="said">
        {mark(of.state === 'in review')} <ExactMoment at={review.dueAt} />
      </span>,
    ])
  if (review.authors.length > 0) facts.push(['Written by', review.authors.map(({ name }) => name).join(', ')])
  return facts.length > 0 ? <Facts of={facts} /> : null
}

const STANDINGS = {
  counts: null,
  'text-changed': 'the text has changed since',
  'only-author': 'does not count: they alone wrote it',
  'no-longer-asked': 'no longer asked',
}

function ReviewerRow({
  of,
  review,
  postmortem,
}: {
  of: Reviewer
  review: Review
  postmortem: PostmortemDetail
}) {
  const may = useMay('responder')
  const withdraw = useAct(withdrawReviewer)
  const { said } = of
  const old = said !== null && said.version !== review.version
  const note = said?.verdict === 'approved' ? STANDINGS[said.standing] : null
  return (
    <li className="reviewer">
      <div>
        <State
          is={
            said === null ? 'asked' : said.verdict === 'approved' && note ? 'approved-before' : said.verdict
          }
        />{' '}
        <strong>{of.name}</strong>
        <div className="sub">
          {said === null ? (
            <>
              asked by {of.askedBy} <Moment at={of.askedAt} />
            </>
          ) : (
            <>
              {old && `version ${said.version}, `}
              <Moment at={said.at} />
              {note && `: ${note}`}
            </>
          )}
          {of.told === 'failed' && (said === null || note) && ` · could not be told: ${of.toldReason}`}
        </div>
        {said?.reason && <p className="prose-text said-reason">{said.reason}</p>}
      </div>
      {may && postmortem.state !== 'closed' && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          loading={withdraw.isPending}
          aria-label={`Ask ${of.name} no longer`}
          onClick={() =>
            withdraw.mutate({ params: { id: postmortem.id, person: of.personId } }, { onError: refused })
          }
        >
          <IconX size={14} />
        </ActionIcon>
      )}
    </li>
  )
}

/** What whoever is asked can say. */
function MyVerdict({ of, review }: { of: PostmortemDetail; review: Review }) {
  const me = useMe()
  const [asking, { open, close }] = useDisclosure()
  const give = useAct(giveVerdict, () => {
    told('Your review is given.')
    close()
  })
  const reason = useTyped()
  const mine = review.reviewers.find(({ personId }) => personId === me.personId)
  if (!mine || of.state !== 'in review') return null
  const alone = review.authors.length === 1 && review.authors[0]!.personId === me.personId
  const counts = mine.said?.verdict === 'approved' && mine.said.standing === 'counts'
  const send = (verdict: 'approved' | 'changes-asked') =>
    give.mutate(
      {
        params: { id: of.id },
        body: { verdict, version: of.version, reason: verdict === 'approved' ? '' : reason.value },
      },
      { ...(verdict === 'approved' ? { onError: refused } : {}) },
    )
  return (
    <Alert color="bronze" variant="light" title="Your review is asked for" className="my-verdict">
      <Group gap="xs">
        {!alone && !counts && (
          <Button size="xs" loading={give.isPending && !asking} onClick={() => send('approved')}>
            Approve
          </Button>
        )}
        <Button size="xs" variant="default" onClick={open}>
          Ask for changes
        </Button>
      </Group>
      {alone && (
        <p className="sub" style={{ margin: '6px 0 0' }}>
          You alone wrote this text: somebody else has to approve it.
        </p>
      )}
      {asking && (
        <FormDialog
          title="Ask for changes"
          of={give}
          act="Ask"
          send={() => send('changes-asked')}
          close={close}
        >
          <LongField
            label="What must change"
            description="Its authors are told. It holds the review up until you approve."
            at="reason"
            required
            data-autofocus
            of={reason}
          />
        </FormDialog>
      )}
    </Alert>
  )
}

function Ask({ of, review, close }: { of: PostmortemDetail; review: Review; close: () => void }) {
  const { items = [] } = useList(listPeople, {}, { all: true })
  const [chosen, setChosen] = useState<string[]>([])
  const ask = useAct(askReviewers, () => {
    told(of.state === 'in review' ? 'They are told.' : 'They will be told when it is sent to review.')
    close()
  })
  const asked = new Set(review.reviewers.map(({ personId }) => personId))
  const data = items
    .filter(({ id, state, role }) => state === 'active' && !asked.has(id) && ROLES.indexOf(role) >= 1)
    .map(({ id, name }) => ({ value: id, label: name }))
  return (
    <FormDialog
      title="Ask for a review"
      of={ask}
      act="Ask"
      send={() => ask.mutate({ params: { id: of.id }, body: { personIds: chosen } })}
      close={close}
    >
      <MultiSelect
        label="Who"
        description="By mail where they have a verified address. Whoever alone wrote the text cannot approve it."
        searchable
        required
        data-autofocus
        nothingFoundMessage="Nobody of that name"
        data={data}
        value={chosen}
        onChange={setChosen}
      />
    </FormDialog>
  )
}
