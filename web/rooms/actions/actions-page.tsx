import { Select } from '@mantine/core'
import { IconListCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Action, listActions } from '../../../src/contract/postmortems.ts'
import { useList } from '../../api/hooks.ts'
import { useMe } from '../../app/session.tsx'
import { ActionState } from '../../parts/evidence/action-state.tsx'
import { Empty } from '../../parts/feedback.tsx'
import { Choose, Filters, Listed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { ExactMoment, Moment } from '../../parts/moment.tsx'
import { PageHead } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { State } from '../../parts/state.tsx'
import { useNow } from '../../times/now.ts'
import { IssueLink } from './issue-link.tsx'
import { isLate, isPromiseBroken, isShown, sayCriterion, sayNth } from './narrow-actions.ts'
import { byNeed } from './sort-actions.ts'

const TYPES = ['detect', 'mitigate', 'prevent', 'repair', 'process']
const DUE = [
  { value: 'late', label: 'Late' },
  { value: 'week', label: 'Within a week' },
  { value: 'none', label: 'No date' },
  { value: 'broken', label: 'Promise not kept' },
]

/** What was promised, and whether it has been proved. */
export function ActionsPage() {
  const now = useNow()
  const search = useFilter('q')
  const which = useFilter('state', 'waiting')
  const [type, setType] = useFilter('type')
  const [owner, setOwner] = useFilter('owner')
  const [counterpart, setCounterpart] = useFilter('with')
  const [due, setDue] = useFilter('due')
  const actions = useList(listActions, { query: { limit: 500 } }, { all: true })
  const by = { words: search[0], state: which[0], type, owner, with: counterpart, due }
  const found = actions.items?.filter((one) => isShown(one, by, now)).sort(byNeed)
  const isNarrowed = Boolean(search[0] || type || owner || counterpart || due)
  return (
    <>
      <PageHead title="Actions" lead="An action closes when a drill has replayed the failure and passed." />
      <Filters search="Search actions" by={search}>
        <Choose
          label="Which"
          of={which}
          among={{ waiting: 'Waiting for proof', proved: 'Proved', all: 'All' }}
        />
        <Narrow label="Kind" of={[type, setType]} among={TYPES} />
        <Narrow label="Owner" of={[owner, setOwner]} among={useOwners(actions.items)} />
        <Narrow label="With" of={[counterpart, setCounterpart]} among={counterparts(actions.items)} />
        <Narrow label="Due" of={[due, setDue]} among={DUE} />
      </Filters>
      <div className="card">
        <Listed
          of={actions}
          found={found}
          heads={['State', 'Action and criterion', 'Owner', 'Due', 'Drill']}
          nothing={
            <Empty
              icon={<IconListCheck />}
              title={
                which[0] === 'waiting' && !isNarrowed ? 'No action waits for proof' : 'No action matches'
              }
            >
              Actions are added in a <Link to="/post-mortems">post-mortem</Link>, with what must be seen
              before they count as done.
            </Empty>
          }
        >
          {(action) => <Row of={action} now={now} />}
        </Listed>
      </div>
    </>
  )
}

type Choice = string | { value: string; label: string }

function Narrow(props: { label: string; of: [string, (value: string) => void]; among: readonly Choice[] }) {
  const [value, set] = props.of
  return (
    <Select
      aria-label={props.label}
      placeholder={props.label}
      size="xs"
      w={126}
      clearable
      allowDeselect
      // Its clear button is for the mouse; with the keyboard the same option is chosen once more.
      searchable={props.among.length > 8}
      data={[...props.among]}
      value={value || null}
      onChange={(next) => set(next ?? '')}
    />
  )
}

/** The owners there are, whoever reads it first, then everybody else, and what nobody owns. */
function useOwners(actions: readonly Action[] | undefined): Choice[] {
  const me = useMe()
  const nameOf = usePersonName()
  const ids = [...new Set((actions ?? []).map(({ owner }) => owner).filter((id) => id !== null))]
  const others = ids
    .filter((id) => id !== me.personId)
    .map((value) => ({ value, label: nameOf(value) }))
    .sort((a, b) => a.label.localeCompare(b.label))
  return [
    ...(me.personId ? [{ value: me.personId, label: 'Mine' }] : []),
    { value: 'nobody', label: 'Nobody' },
    { value: 'unmatched', label: 'Named, not known' },
    ...others,
  ]
}

function counterparts(actions: readonly Action[] | undefined): Choice[] {
  const names = new Set(
    (actions ?? []).map((action) => action.with?.name).filter((name) => name !== undefined),
  )
  return [{ value: 'us', label: 'Us alone' }, ...[...names].sort((a, b) => a.localeCompare(b))]
}

function Row({ of, now }: { of: Action; now: number }) {
  return (
    <tr>
      <td className="tight">
        <ActionState of={of} />
      </td>
      <td className="wide">
        <Link className="row-title" to={`/actions/${of.id}`}>
          {of.title}
        </Link>
        <div className="sub">{sayCriterion(of)}</div>
        <div className="sub action-marks">
          <span>{of.type}</span>
          {of.with && <WithWhom of={of} now={now} />}
          {of.issue && <IssueLink of={of.issue} />}
        </div>
      </td>
      <td data-label="owner">
        <Owner of={of} />
      </td>
      <td data-label="due">
        <span className="said">
          {isLate(of, now) && <State is="stale" say="Late" />}
          <ExactMoment at={of.dueAt} missing="no date" />
        </span>
      </td>
      <td data-label="drill">
        {of.drillId ? (
          <Link to={`/drills/${encodeURIComponent(of.drillId)}`}>{of.drillId}</Link>
        ) : (
          <span className="dim">none yet</span>
        )}
      </td>
    </tr>
  )
}

function WithWhom({ of, now }: { of: Action; now: number }) {
  const last = of.promises.findLast(({ by }) => by === of.with?.name)
  return (
    <span>
      with {of.with!.name}
      {last && (
        <>
          , promised <Moment at={last.promisedAt} />
          {of.promises.length > 1 && ` (${sayNth(of.promises.length)})`}{' '}
          {isPromiseBroken(of, now) && <State is="stale" say="Not kept" />}
        </>
      )}
    </span>
  )
}

function Owner({ of }: { of: Action }) {
  const nameOf = usePersonName()
  if (of.owner) return <>{nameOf(of.owner)}</>
  if (of.ownerWritten === null) return <span className="dim">nobody</span>
  return (
    <span>
      “{of.ownerWritten}” <span className="dim">as written</span>
    </span>
  )
}
