import { memo, useId } from 'react'
import { TOPICS } from './topics.ts'
import { useListbox } from './use-listbox.ts'
import {
  chosenWith,
  type Group,
  type Place,
  type ReadValues,
  type Row,
  sayConfidence,
  UNSURE,
  type Value,
} from './values.ts'

interface Shown {
  fresh: ReadonlySet<number>
  onPoint: (value: number | null, hard: boolean) => void
  onChoose: (parts: readonly Place[], act: boolean) => void
}

/** What was read, group by group; each value leads to its place in the source. */
export const ResultView = memo(function ResultView({ of, ...shown }: { of: ReadValues } & Shown) {
  return (
    <div className="read">
      {of.findings.rows.length > 0 && <OneGroup of={of.findings} all={of.all} {...shown} />}
      {of.incidents.map(({ title, groups, missing }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an incident is known by its place in the document
        <section key={i} aria-label={of.incidents.length > 1 ? `Incident ${i + 1}: ${title}` : title}>
          {of.incidents.length > 1 && (
            <h3 className="read-incident">
              Incident {i + 1} of {of.incidents.length}: {title}
            </h3>
          )}
          {groups.map((group) => (
            <OneGroup key={group.key} of={group} all={of.all} {...shown} />
          ))}
          {missing.length > 0 && (
            <p className="sub read-missing">Not in the document: {missing.join(', ')}.</p>
          )}
        </section>
      ))}
      {of.incidents.length === 0 && (
        <p className="sub read-empty">
          Nothing in it looks like a post-mortem. Choose parts of the source and say what they are.
        </p>
      )}
    </div>
  )
})

function OneGroup({ of, all, fresh, onPoint, onChoose }: { of: Group; all: readonly Value[] } & Shown) {
  const prefix = useId()
  const valueAt = (option: Element | null) => {
    const id = option?.closest<HTMLElement>('[data-value]')?.dataset.value
    return id === undefined ? null : all[Number(id)]!
  }
  const choose = (value: Value, act: boolean) => {
    const row = of.rows.find((values) => values.includes(value)) ?? []
    onChoose(chosenWith(value, row), act)
  }
  const list = useListbox({
    onMove: (option) => {
      onPoint(valueAt(option)!.id, true)
      option.scrollIntoView({ block: 'nearest' })
    },
    onEnter: (option) => choose(valueAt(option)!, true),
  })
  const many = of.rows.length > 3
  return (
    <section className="read-group" aria-label={of.title}>
      <h4>
        {of.title} {many && <span className="sub">{of.rows.length}</span>}
      </h4>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Enter does what a click does, in useListbox */}
      <div
        {...list.props}
        role="listbox"
        tabIndex={0}
        className="read-rows"
        aria-label={of.title}
        onPointerOver={(event) => {
          if (event.pointerType === 'mouse') onPoint(valueAt(event.target as Element)?.id ?? null, false)
        }}
        onPointerLeave={() => onPoint(null, false)}
        onClick={(event) => {
          const value = valueAt(event.target as Element)
          if (!value) return
          list.setCurrent(`${prefix}-${value.id}`)
          onPoint(value.id, true)
          choose(value, false)
        }}
      >
        {of.rows.map((row) => (
          <OneRow key={row[0]!.id} of={row} prefix={prefix} fresh={fresh} />
        ))}
      </div>
    </section>
  )
}

function OneRow({ of, prefix, fresh }: { of: Row; prefix: string; fresh: ReadonlySet<number> }) {
  return (
    <div className="read-row">
      {of.map((value) => {
        const sure = sayConfidence(value.confidence)
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and says which option is the current one
          <div
            key={value.id}
            id={`${prefix}-${value.id}`}
            role="option"
            aria-selected={false}
            className="read-value"
            data-value={value.id}
            data-v={value.id}
            data-topic={value.topic}
            data-doubt={value.doubt || undefined}
            data-family={TOPICS[value.topic].family}
          >
            {value.text}
            {sure && (
              <span className="sure" data-unsure={value.confidence! < UNSURE || undefined}>
                {' '}
                {sure}
              </span>
            )}
            {fresh.has(value.id) && <span className="fresh"> new</span>}
          </div>
        )
      })}
    </div>
  )
}
