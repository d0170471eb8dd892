import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer } from 'react'
import { importPostmortem } from '../../../../src/contract/postmortem-imports.ts'
import { call } from '../../../api/client.ts'
import { asProblem } from '../../../api/problem.ts'
import { type Correction, change, type Doc, NO_DOCUMENTS } from './documents.ts'
import { type FileContent, readFile } from './read-file.ts'

/** How many are read at once. */
const AT_ONCE = 2

/** The documents on their way in: each is looked at as soon as it is its turn, and again after each correction. */
export function useDocuments() {
  const [documents, dispatch] = useReducer(change, NO_DOCUMENTS)
  const client = useQueryClient()
  const { list } = documents
  const contentOf = async (doc: Doc): Promise<FileContent> => {
    if (doc.content) return doc.content
    const content = await readFile(doc.file!)
    dispatch({ what: 'loaded', key: doc.key, content })
    return content
  }
  const send = async (doc: Doc, importing: boolean) => {
    const { key, question, name, corrections } = doc
    dispatch({ what: 'reading', key, importing })
    try {
      const content = await contentOf(doc)
      const body = { name, ...content, corrections, dryRun: !importing }
      const answer = await call(importPostmortem, { body })
      dispatch({ what: 'answered', key, question, answer, importing })
      if (answer.outcome === 'imported') {
        void client.invalidateQueries({ queryKey: [importPostmortem.room] })
        void client.invalidateQueries({ queryKey: ['system'] })
      }
    } catch (error) {
      dispatch({ what: 'failed', key, question, problem: asProblem(error) })
    }
  }
  const busy = list.filter(({ state }) => state === 'reading' || state === 'importing').length
  const due = busy < AT_ONCE ? list.find(({ state }) => state === 'waiting') : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next one is due when another one becomes the first that waits
  useEffect(() => {
    if (due) void send(due, false)
  }, [due?.key, due?.question])
  return {
    list,
    chosen: list.find(({ key }) => key === documents.chosen) ?? null,
    busy: list.filter(({ state }) => ['waiting', 'reading', 'importing'].includes(state)).length,
    addFiles: (files: readonly File[]) =>
      dispatch({ what: 'add', given: files.map((file) => ({ name: nameOf(file), file, content: null })) }),
    addText: (name: string, content: string) =>
      dispatch({ what: 'add', given: [{ name, file: null, content: { content, encoding: 'text' } }] }),
    choose: (key: number) => dispatch({ what: 'choose', key }),
    remove: (key: number) => dispatch({ what: 'remove', key }),
    correct: (doc: Doc, corrections: Correction[]) =>
      dispatch({ what: 'correct', key: doc.key, corrections }),
    settle: (doc: Doc, at: number, take: boolean) => dispatch({ what: 'settled', key: doc.key, at, take }),
    /** One after the other, so that a long list does not stand in anybody's way. */
    async importAll(docs: readonly Doc[]) {
      for (const doc of docs) await send(doc, true)
    },
    async ask(doc: Doc) {
      const { key, name, corrections } = doc
      dispatch({ what: 'asking', key })
      try {
        const body = { name, ...(await contentOf(doc)), corrections, dryRun: true, propose: true }
        const { proposals } = await call(importPostmortem, { body })
        dispatch({ what: 'proposed', key, proposals, problem: null })
      } catch (error) {
        dispatch({ what: 'proposed', key, proposals: null, problem: asProblem(error) })
      }
    },
  }
}

/** Files of a folder keep their path, so that two of the same name stay two. */
const nameOf = (file: File) => file.webkitRelativePath || file.name
