import './learning.css'
import { Button, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from 'react-router'
import {
  type LearningRecord,
  type Mark,
  readRecord,
  readSimilar,
  type SimilarRecord,
} from '../../../src/contract/learning.ts'
import { useRead } from '../../api/hooks.ts'
import { useMay } from '../../app/session.tsx'
import { Awaited } from '../../parts/feedback.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Card } from '../../parts/page.tsx'
import { State } from '../../parts/state.tsx'
import { addressOfRecord } from './addresses.ts'
import { JudgeForm } from './judge-form.tsx'

/** What an incident or a post-mortem was about, and which others were like it. */
export function LearningCards({ id, most = 5 }: { id: string; most?: number }) {
  return (
    <div className="learning-cards">
      <About id={id} />
      <Similar id={id} most={most} />
    </div>
  )
}

function About({ id }: { id: string }) {
  const record = useRead(readRecord, { params: { id } })
  const may = useMay('responder')
  const [judging, { open, close }] = useDisclosure()
  return (
    <Card
      title="What it was"
      aside={
        may &&
        record.data && (
          <Button size="xs" variant="default" onClick={open}>
            Change
          </Button>
        )
      }
    >
      <Awaited of={record} rows={3}>
        {(of) => (
          <>
            <dl className="about">
              <Marks name="Failure class" of={of.classes} />
              <Marks name="Trigger" of={of.triggers} />
              <Marks name="Factors" of={of.factors} />
              <Marks name="Services" of={of.services} />
              <Marks name="Noticed by" of={of.detectedBy ? [of.detectedBy] : []} />
            </dl>
            <Origin of={of} />
            {judging && <JudgeForm of={of} close={close} />}
          </>
        )}
      </Awaited>
    </Card>
  )
}

function Marks({ name, of }: { name: string; of: Mark[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {of.length === 0 && <span className="dim">not known</span>}
        {of.map((mark) => (
          <MarkNote key={mark.id} of={mark} />
        ))}
      </dd>
    </div>
  )
}

function MarkNote({ of: { title, origin, because } }: { of: Mark }) {
  if (origin !== 'text' || because === '') return <span className="mark-note">{title}</span>
  return (
    <Tooltip
      label={`The text says: ${because}`}
      multiline
      maw={280}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it rests on is told to the keyboard too */}
      <span className="mark-note" data-origin="text" tabIndex={0}>
        {title}
      </span>
    </Tooltip>
  )
}

function Origin({ of }: { of: LearningRecord }) {
  const marks = [
    ...of.classes,
    ...of.triggers,
    ...of.factors,
    ...of.services,
    ...(of.detectedBy ? [of.detectedBy] : []),
  ]
  if (!marks.some(({ origin }) => origin === 'text')) return null
  return (
    <p className="sub">
      <span className="mark-note" data-origin="text">
        Dotted
      </span>{' '}
      is read from the text, until somebody says better.
    </p>
  )
}

function Similar({ id, most }: { id: string; most: number }) {
  const similar = useRead(readSimilar, { params: { id }, query: { limit: most } })
  return (
    <Card title="Others like it">
      <Awaited of={similar} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="sub">Nothing that was written before is like this.</p>
          ) : (
            <ol className="similar">
              {items.map((one) => (
                <Alike key={one.id} of={one} />
              ))}
            </ol>
          )
        }
      </Awaited>
    </Card>
  )
}

function Alike({ of }: { of: SimilarRecord }) {
  return (
    <li>
      <div className="similar-head">
        <Link className="row-title" to={addressOfRecord(of)}>
          {of.title}
        </Link>
        <span className="sub">
          {of.severity && <State is={of.severity} />} <Moment at={of.at} />
        </span>
      </div>
      <ul>
        {of.why.map(({ kind, text }) => (
          <li key={kind}>{text}</li>
        ))}
      </ul>
    </li>
  )
}
