import { MultiSelect, Select } from '@mantine/core'
import { useState } from 'react'
import {
  type DetectedBy,
  type Factor,
  judgeRecord,
  type LearningRecord,
  type Mark,
  readVocabulary,
  type Trigger,
} from '../../../src/contract/learning.ts'
import { useAct, useRead } from '../../api/hooks.ts'
import { told } from '../../parts/feedback.tsx'
import { FormDialog, TimeField, useTyped } from '../../parts/form.tsx'
import { PickServices } from '../../parts/pick.tsx'
import { fromLocalInput, toLocalInput } from '../../times/say-time.ts'

const idsOf = (marks: readonly Mark[]) => marks.map(({ id }) => id)

/** Says what it was, where the text does not say it or says it wrongly. */
export function JudgeForm({ of, close }: { of: LearningRecord; close: () => void }) {
  const { data: words } = useRead(readVocabulary)
  const [classes, setClasses] = useState(idsOf(of.classes))
  const [trigger, setTrigger] = useState<string | null>(of.triggers[0]?.id ?? null)
  const [factors, setFactors] = useState(idsOf(of.factors))
  const [services, setServices] = useState(idsOf(of.services))
  const [detectedBy, setDetectedBy] = useState<string | null>(of.detectedBy?.id ?? null)
  const reportedAt = useTyped(of.reportedAt ? toLocalInput(Date.parse(of.reportedAt)) : '')
  const judge = useAct(judgeRecord, () => {
    told('Kept. What you said stands over what the text says.')
    close()
  })
  const send = () =>
    judge.mutate({
      params: { id: of.id },
      body: {
        classes,
        trigger: trigger as Trigger | null,
        factors: factors as Factor[],
        ...(of.incidentId === null ? { services } : {}),
        detectedBy: detectedBy as DetectedBy | null,
        reportedAt: fromLocalInput(reportedAt.value),
      },
    })
  const options = (list: readonly { id: string; title: string }[] | undefined) =>
    (list ?? []).map(({ id, title }) => ({ value: id, label: title }))
  return (
    <FormDialog title="What was it?" of={judge} act="Keep" send={send} close={close}>
      <MultiSelect
        label="Failure classes"
        description="How it failed, the main one first."
        searchable
        clearable
        maxValues={8}
        data={options(words?.classes)}
        value={classes}
        onChange={setClasses}
      />
      <Select
        label="Trigger"
        description="What set it off."
        searchable
        clearable
        data={options(words?.triggers)}
        value={trigger}
        onChange={setTrigger}
      />
      <MultiSelect
        label="Contributing factors"
        description="What made it likelier, worse or longer."
        searchable
        clearable
        data={options(words?.factors)}
        value={factors}
        onChange={setFactors}
      />
      {of.incidentId === null && (
        <PickServices
          label="Services"
          description="What it struck."
          value={services}
          onChange={setServices}
        />
      )}
      <Select
        label="Noticed by"
        clearable
        data={options(words?.detectedBy)}
        value={detectedBy}
        onChange={setDetectedBy}
      />
      <TimeField
        label="First report of a user"
        description="When the first customer or user said so; empty where nobody knows."
        at="reportedAt"
        of={reportedAt}
      />
    </FormDialog>
  )
}
