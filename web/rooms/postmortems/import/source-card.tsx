import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { readPostmortemSource } from '../../../../src/contract/postmortem-imports.ts'
import { useRead } from '../../../api/hooks.ts'
import { ProblemNote } from '../../../parts/feedback.tsx'
import { ExactMoment } from '../../../parts/moment.tsx'
import { Card } from '../../../parts/page.tsx'
import { Legend } from './legend.tsx'
import { SideBySide } from './side-by-side.tsx'
import { valuesOf } from './values.ts'

/** The document that a post-mortem was imported from, beside what was read in it; nothing where it was written here. */
export function SourceCard({ id }: { id: string }) {
  // What was imported does not change any more.
  const source = useRead(readPostmortemSource, { params: { id } }, { refetchInterval: false })
  const [open, setOpen] = useState(false)
  const values = useMemo(
    () => (source.data ? valuesOf([source.data.reading], source.data.findings, source.data.text) : null),
    [source.data],
  )
  if (!source.data || !values)
    return source.error && source.error.status !== 404 ? <ProblemNote of={source.error} /> : null
  const { name, format, importedAt, importedBy, text } = source.data
  return (
    <div className="source-card">
      <Card
        title="Where this came from"
        bare
        lead={
          <>
            {name} · {format} · imported by {importedBy} · <ExactMoment at={importedAt} />
          </>
        }
        aside={
          <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide the document' : 'Show the document'}
          </Button>
        }
      >
        {open && <SideBySide source={text} values={values} />}
      </Card>
      {open && <Legend />}
    </div>
  )
}
