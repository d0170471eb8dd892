import { Alert, Button, Group } from '@mantine/core'
import { IconArrowBackUp, IconSparkles } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link } from 'react-router'
import type { ImportedDocument, ImportProposals } from '../../../../src/contract/postmortem-imports.ts'
import { Loading, ProblemNote } from '../../../parts/feedback.tsx'
import { shortened } from './correct-bar.tsx'
import type { Correction, Doc } from './documents.ts'
import { SideBySide } from './side-by-side.tsx'
import { labelOf } from './topics.ts'
import { freshValues, valuesOf } from './values.ts'

interface Acts {
  correct: (corrections: Correction[]) => void
  importIt: () => void
  ask: () => void
  settle: (at: number, take: boolean) => void
}

/** One document: what was read in it beside its source, what the reviewer says of it, and the import. */
export function Review({ of, ...acts }: { of: Doc } & Acts) {
  const { answer, before, corrections, problem, proposals, state } = of
  const values = useMemo(
    () =>
      answer ? valuesOf(answer.incidents, answer.findings, answer.source, proposals?.items ?? []) : null,
    [answer, proposals],
  )
  const fresh = useMemo(() => {
    const former = before ? valuesOf(before.incidents, before.findings, before.source).all : null
    return freshValues(values?.all ?? [], former)
  }, [values, before])
  const again = () => acts.correct(corrections)
  if (!answer || !values)
    return problem ? (
      <ProblemNote of={problem} retry={again} />
    ) : (
      <section className="card">
        <Loading rows={8} />
      </section>
    )
  const settled = answer.outcome === 'imported' || answer.outcome === 'known'
  // What Tocsin exported comes back as it was: nothing in it was guessed.
  const exported = answer.format === 'tocsin'
  const { correct } = acts
  return (
    <section className="card review" aria-label={of.name}>
      <header>
        <h2 className="card-title">{of.name}</h2>
        <span className="sub">{answer.format}</span>
        <span className="sub" role="status">
          {state === 'waiting' || state === 'reading' ? 'Reading again' : sayFresh(fresh.size, corrections)}
        </span>
        <div className="aside">
          {answer.languageModel && !settled && !exported && (
            <Button
              size="xs"
              variant="default"
              loading={of.asking}
              leftSection={<IconSparkles size={14} aria-hidden="true" />}
              title={`The text is sent to ${answer.languageModel.model} at ${answer.languageModel.host}`}
              onClick={acts.ask}
            >
              Ask the language model
            </Button>
          )}
          {!settled && (answer.incidents.length > 0 || exported) && (
            <Button
              size="xs"
              loading={state === 'importing'}
              disabled={state !== 'read'}
              onClick={acts.importIt}
            >
              Import
            </Button>
          )}
        </div>
      </header>
      <div className="review-notes">
        <Outcome of={answer} corrected={corrections.length > 0} />
        <ProblemNote of={problem} retry={again} />
        {corrections.length > 0 && !settled && (
          <Corrections of={corrections} source={answer.source} change={correct} />
        )}
        {proposals && !settled && (
          <Proposed
            of={proposals}
            source={answer.source}
            model={answer.languageModel?.model ?? ''}
            settle={acts.settle}
          />
        )}
      </div>
      <SideBySide
        source={answer.source}
        values={values}
        fresh={fresh}
        onCorrect={settled || exported ? undefined : (more) => correct([...corrections, ...more])}
        onUndo={settled || corrections.length === 0 ? undefined : () => correct(corrections.slice(0, -1))}
      />
    </section>
  )
}

function sayFresh(count: number, corrections: readonly Correction[]): string {
  if (count > 0) return `Read again: ${count === 1 ? 'one value is' : `${count} values are`} new`
  return corrections.length > 0 ? 'Read again: nothing is new' : ''
}

/** What came of it, with the way to what was made. */
function Outcome({ of, corrected }: { of: ImportedDocument; corrected: boolean }) {
  const links = (
    <ul className="review-links">
      {of.postmortemIds.map((id, i) => (
        <li key={id}>
          <Link to={`/post-mortems/${id}`}>{of.incidents[i]?.title?.value ?? `Post-mortem ${i + 1}`}</Link>
        </li>
      ))}
    </ul>
  )
  if (of.outcome === 'imported')
    return (
      <Alert color="green" variant="light" title="Imported" role="status">
        {of.postmortemIds.length === 1
          ? 'It is a draft now, with its actions open: only a proof closes one.'
          : 'Each incident is a draft now, with its actions open: only a proof closes one.'}
        {links}
      </Alert>
    )
  if (of.outcome === 'known')
    return (
      <Alert color="gray" variant="light" title="Known already" role="status">
        This very text was imported before, so nothing was made anew.
        {corrected && ' Your corrections were not kept: change the post-mortem itself.'}
        {links}
      </Alert>
    )
  if (of.outcome === 'nothing-found')
    return (
      <Alert color="bronze" variant="light" title="Nothing found">
        Nothing in it looks like a post-mortem. If it is one, choose parts of the source and say what they
        are.
      </Alert>
    )
  if (of.format === 'tocsin')
    return (
      <Alert color="gray" variant="light" title="An export of Tocsin">
        It becomes a draft here with the same text and the same actions, and what only the other Tocsin can
        vouch for stands beside it. Nothing in it is guessed, so there is nothing to correct.
      </Alert>
    )
  if (of.earlier)
    return (
      <Alert color="bronze" variant="light" title="Another version is here">
        A document of this name was imported before, with another text. This one will stand beside it.
      </Alert>
    )
  return null
}

function Corrections(props: {
  of: readonly Correction[]
  source: string
  change: (corrections: Correction[]) => void
}) {
  const { of, source, change } = props
  return (
    <section aria-label="Your corrections" className="corrections">
      <h3>Your corrections</h3>
      <ul>
        {of.map((one, i) => {
          const said = shortened(source.slice(one.from, one.to), 90)
          return (
            <li key={`${one.from} ${one.to} ${one.as}`}>
              <span>
                <q>{said}</q> is <strong>{labelOf(one.as).toLowerCase()}</strong>
              </span>
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconArrowBackUp size={12} aria-hidden="true" />}
                aria-label={`Undo: ${said} is ${labelOf(one.as).toLowerCase()}`}
                onClick={() => change(of.filter((_, at) => at !== i))}
              >
                Undo
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Proposed(props: {
  of: ImportProposals
  source: string
  model: string
  settle: (at: number, take: boolean) => void
}) {
  const { of, source, model, settle } = props
  const failed = of.outcome !== 'proposed' && of.outcome !== 'nothing-proposed'
  return (
    <section aria-label="Proposals" className="corrections">
      <h3>Proposals of {model}</h3>
      <p className="sub" role={failed ? 'alert' : 'status'}>
        {of.message} {failed && 'What was read by itself is as it was.'}
      </p>
      <ul>
        {of.items.map((one, i) => {
          const said = shortened(source.slice(one.from, one.to), 140)
          return (
            <li key={`${one.from} ${one.as}`}>
              <span>
                <strong>{labelOf(one.as)}</strong>: <q>{said}</q>
              </span>
              <Group gap={6} wrap="nowrap">
                <Button
                  size="compact-xs"
                  aria-label={`Take: ${labelOf(one.as)}, ${said}`}
                  onClick={() => settle(i, true)}
                >
                  Take
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Leave out: ${labelOf(one.as)}, ${said}`}
                  onClick={() => settle(i, false)}
                >
                  Leave out
                </Button>
              </Group>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
