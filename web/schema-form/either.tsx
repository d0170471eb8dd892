import { Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { Written } from './control.tsx'
import { Entry, isRecord, type Several } from './entry.tsx'
import { beginningOf, fits, isEmpty, variantOf } from './values.ts'

/** One of several shapes: which, and then its own control. */
export function Either({ field, value, set, problems, Part }: Several) {
  // A group in which nothing stands yet could be any of them.
  const [chosen, choose] = useState<number | null>(() =>
    isRecord(value) && isEmpty(value) ? null : variantOf(field, value),
  )
  // What somebody chose stays, also while nothing is written in it yet.
  const picked = chosen === null ? undefined : field.variants[chosen]
  const isStill = picked !== undefined && fits(picked, value)
  const now = isStill || isEmpty(value) ? chosen : variantOf(field, value)
  const variant = now === null ? undefined : field.variants[now]
  const names = field.variants.map(({ title }, place) => ({ value: String(place), label: title }))
  const standing = field.variants.find(
    ({ constant }) => constant !== undefined && String(constant) === field.fallback,
  )
  return (
    <Stack gap={6}>
      <Select
        label={field.title}
        description={field.description ? <Written text={field.description} /> : undefined}
        required={field.required}
        placeholder={standing?.title ?? (field.fallback || 'Not set')}
        error={variant && variant.control !== 'constant' ? undefined : Object.values(problems)[0]}
        data={names}
        value={now === null ? null : String(now)}
        clearable={!field.required}
        onChange={(next) => {
          choose(next === null ? null : Number(next))
          set(next === null ? undefined : beginningOf(field.variants[Number(next)]!))
        }}
      />
      {variant && variant.control !== 'constant' && (
        <div className="entry">
          <Entry
            key={now}
            field={
              variant.control === 'group'
                ? variant
                : { ...variant, title: `${field.title}: ${variant.title.toLowerCase()}` }
            }
            value={value}
            set={set}
            problems={problems}
            Part={Part}
          />
        </div>
      )}
    </Stack>
  )
}
