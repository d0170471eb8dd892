import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  type FoundName,
  type PublicStanding,
  previewPublication,
  publishPostmortem,
} from '../../../src/contract/postmortem-exports.ts'
import type { PostmortemDetail } from '../../../src/contract/postmortems.ts'
import { call } from '../../api/client.ts'
import { useAct } from '../../api/hooks.ts'
import { type ApiProblem, asProblem } from '../../api/problem.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Loading, ProblemNote, told } from '../../parts/feedback.tsx'
import { Preview } from './preview.tsx'
import './publication.css'

const WHY_NOT = { written: '', empty: 'nothing is written', 'prompt-left': 'a prompt is left in it' } as const
const KINDS: Record<FoundName['kind'], string> = {
  person: 'a person',
  service: 'a service that is not public',
  monitor: 'a monitor',
  host: 'a host',
  address: 'an address',
  'e-mail': 'an e-mail address',
}

/** What becomes public is chosen on the left and read on the right; what was read is what is published. */
export function PublishForm(props: { of: PostmortemDetail; standing: PublicStanding; close: () => void }) {
  const { of, standing, close } = props
  const before = standing.published ?? standing.withdrawn
  const [sections, setSections] = useState<string[]>(() =>
    standing.choices
      .filter(({ title, content, suggested }) =>
        before ? content === 'written' && before.sections.includes(title) : suggested,
      )
      .map(({ title }) => title),
  )
  const [keepNames, setKeepNames] = useState<string[]>(() => before?.namesKept ?? [])
  const [title, setTitle] = useState('')
  const [asked] = useDebouncedValue({ sections, keepNames, title: title.trim() }, 250)
  const choice = {
    sections: asked.sections,
    keepNames: asked.keepNames,
    ...(asked.title === '' ? {} : { title: asked.title }),
  }
  const isCurrent = JSON.stringify(asked) === JSON.stringify({ sections, keepNames, title: title.trim() })
  const preview = useQuery({
    queryKey: ['postmortems', previewPublication.id, of.id, of.version, choice],
    queryFn: async ({ signal }) => {
      try {
        return await call(previewPublication, { params: { id: of.id }, body: choice, signal })
      } catch (error) {
        throw asProblem(error)
      }
    },
    enabled: asked.sections.length > 0,
    placeholderData: keepPreviousData,
  })
  const publish = useAct(publishPostmortem, () => {
    told('Published. The page follows within seconds.')
    close()
  })
  const ready = isCurrent && preview.data !== undefined && !preview.isPlaceholderData && sections.length > 0
  const toggle = (list: string[], one: string) =>
    list.includes(one) ? list.filter((other) => other !== one) : [...list, one]
  const names = [...(preview.data?.leftOut ?? []), ...(preview.data?.kept ?? [])].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  const isKept = (name: string) => keepNames.some((kept) => kept.toLowerCase() === name.toLowerCase())
  return (
    <Dialog title="Publish on the status page" size={1040} close={close}>
      <div className="publish">
        <Stack gap="md">
          <TextInput
            label="Title for the public"
            placeholder={preview.data?.title ?? ''}
            maxLength={120}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <fieldset>
            <legend>Sections</legend>
            {standing.choices.map(({ title, content }) => (
              <Checkbox
                key={title}
                label={title}
                description={WHY_NOT[content] || undefined}
                disabled={content !== 'written'}
                checked={sections.includes(title)}
                onChange={() => setSections(toggle(sections, title))}
              />
            ))}
          </fieldset>
          {names.length > 0 && (
            <fieldset>
              <legend>Names from inside</legend>
              <p className="sub">They are left out. Tick those that the public may read.</p>
              {names.map((one) => (
                <Checkbox
                  key={`${one.kind} ${one.name}`}
                  label={<span style={{ overflowWrap: 'anywhere' }}>{one.name}</span>}
                  description={`${KINDS[one.kind]}${one.times > 1 ? `, ${one.times} times` : ''}`}
                  checked={isKept(one.name)}
                  onChange={() =>
                    setKeepNames(
                      isKept(one.name)
                        ? keepNames.filter((name) => name.toLowerCase() !== one.name.toLowerCase())
                        : [...keepNames, one.name],
                    )
                  }
                />
              ))}
            </fieldset>
          )}
        </Stack>
        <section className="publish-read" aria-label="What the public will read" aria-busy={!ready}>
          <p className="sub">What the public will read</p>
          {sections.length === 0 && <p className="dim">Choose at least one section.</p>}
          {sections.length > 0 && preview.error && <ProblemNote of={preview.error as ApiProblem} />}
          {sections.length > 0 && !preview.error && !preview.data && <Loading rows={4} />}
          {sections.length > 0 && !preview.error && preview.data && (
            <>
              <h2>{preview.data.title}</h2>
              <Preview text={preview.data.body} />
            </>
          )}
        </section>
      </div>
      <ProblemNote of={publish.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          Not now
        </Button>
        <Button
          disabled={!ready}
          loading={publish.isPending}
          onClick={() =>
            publish.mutate({ params: { id: of.id }, body: { ...choice, seen: preview.data!.seen } })
          }
        >
          Publish this
        </Button>
      </Group>
    </Dialog>
  )
}
