import './learning.css'
import { Button, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch, IconSearchOff } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import {
  readVocabulary,
  SEARCHED,
  type SearchAnswer,
  type Searched,
  type SearchHit,
  search,
} from '../../../src/contract/learning.ts'
import { useList, useRead } from '../../api/hooks.ts'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { Moment } from '../../parts/moment.tsx'
import { More } from '../../parts/more.tsx'
import { PageHead } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { addressOfHit } from './addresses.ts'
import { Narrowing, Pick, useNarrowing } from './narrowing.tsx'
import { Pieces } from './pieces.tsx'

const KINDS: Record<Searched, string> = {
  'post-mortem': 'Post-mortem',
  incident: 'Incident',
  case: 'Case',
  action: 'Action',
  update: 'Public update',
  entry: 'Timeline',
}

/** Everything that was written about incidents, by its words. */
export function SearchPage() {
  const [typed, type] = useFilter('q')
  const [q] = useDebouncedValue(typed, 200)
  const kind = useFilter('kind')
  const failureClass = useFilter('failureClass')
  const trigger = useFilter('trigger')
  const detectedBy = useFilter('detectedBy')
  const narrowing = useNarrowing()
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => box.current?.focus(), [])
  const { data: words } = useRead(readVocabulary)
  const options = (list: readonly { id: string; title: string }[] | undefined) =>
    (list ?? []).map(({ id, title }) => ({ value: id, label: title }))
  const found = useList(
    search,
    {
      query: {
        q,
        ...narrowing.query,
        ...(kind[0] ? { kind: kind[0] as Searched } : {}),
        ...(failureClass[0] ? { failureClass: failureClass[0] } : {}),
        ...(trigger[0] ? { trigger: trigger[0] as 'deploy' } : {}),
        ...(detectedBy[0] ? { detectedBy: detectedBy[0] as 'staff' } : {}),
      },
    },
    { keep: true },
  )
  const filters = [
    kind,
    failureClass,
    trigger,
    detectedBy,
    narrowing.service,
    narrowing.severity,
    narrowing.period,
  ]
  const asked = q.trim() !== '' || filters.some(([value]) => value !== '')
  const head = found.head as SearchAnswer | undefined
  return (
    <>
      <PageHead
        title="Search"
        lead="Post-mortems, incidents, timelines, public updates, actions and cases."
      />
      <search>
        <TextInput
          ref={box}
          type="search"
          size="md"
          aria-label="Search everything"
          placeholder="Words, “phrases”, -without, beginnings*"
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
          maxLength={1_000}
          data-search
          data-takes-focus
        />
        <div className="filters search-filters">
          <Pick
            label="Kind"
            all="Everything"
            of={kind}
            data={SEARCHED.map((one) => ({ value: one, label: KINDS[one] }))}
          />
          <Narrowing of={narrowing} />
          <Pick
            label="Failure class"
            all="Every failure class"
            of={failureClass}
            data={options(words?.classes)}
          />
          <Pick label="Trigger" all="Every trigger" of={trigger} data={options(words?.triggers)} />
          <Pick
            label="Noticed by"
            all="Noticed by anybody"
            of={detectedBy}
            data={options(words?.detectedBy)}
          />
        </div>
      </search>
      {found.error && <ProblemNote of={found.error} retry={() => void found.refetch()} />}
      {!found.items && !found.error && <Loading rows={6} />}
      {found.items && head && (
        <>
          <p className="sub found" role="status">
            {asked ? <Count of={head} /> : 'What was written last.'}
          </p>
          {found.items.length === 0 ? (
            <div className="card">
              <Empty
                icon={<IconSearchOff />}
                title="Nothing is written so"
                action={
                  filters.some(([value]) => value !== '') && (
                    <Button
                      variant="default"
                      onClick={() => {
                        for (const [, set] of filters) set('')
                      }}
                    >
                      Search without filters
                    </Button>
                  )
                }
              >
                All words must be there. Take fewer, or a beginning with a star: <code>certif*</code>
              </Empty>
            </div>
          ) : (
            <ol className="card hits">
              {found.items.map((hit) => (
                <Hit key={`${hit.kind} ${hit.id}`} of={hit} />
              ))}
            </ol>
          )}
          <More of={found} />
        </>
      )}
    </>
  )
}

function Count({ of: { total, understood } }: { of: SearchAnswer }) {
  const parts = [
    ...understood.words,
    ...understood.phrases.map((phrase) => `“${phrase}”`),
    ...understood.beginnings.map((word) => `${word}…`),
    ...understood.without.map((word) => `without ${word}`),
  ]
  return (
    <>
      {total === 1 ? 'One thing' : `${total.toLocaleString('en')} things`}
      {parts.length > 0 && ` with ${parts.join(', ')}`}
      {total > 1 && '; those with the words in their title first, then the newest.'}
    </>
  )
}

function Hit({ of }: { of: SearchHit }) {
  const titled = of.title.length > 0
  return (
    <li className="hit" data-kind={of.kind}>
      <div className="hit-head">
        <span className="hit-kind">{KINDS[of.kind]}</span>
        {of.severity && <State is={of.severity} />}
        <span className="sub">
          <Moment at={of.at} />
        </span>
      </div>
      <Link className="row-title" to={addressOfHit(of)}>
        {titled ? <Pieces of={of.title} /> : (of.of ?? KINDS[of.kind])}
      </Link>
      {of.snippet.length > 0 && (
        <p className="hit-text">
          <Pieces of={of.snippet} />
        </p>
      )}
      {(of.serviceIds.length > 0 || (titled && of.of && of.kind === 'action')) && (
        <p className="sub">
          {[...(titled && of.kind === 'action' && of.of ? [of.of] : []), ...of.serviceIds].join(' · ')}
        </p>
      )}
    </li>
  )
}
