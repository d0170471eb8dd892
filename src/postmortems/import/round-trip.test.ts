import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { person, type ResponseWorld, responseWorld } from '../../../test/harness/response.ts'
import { openStore } from '../../store/open-store.ts'
import { exportMarkdown } from '../export/export-postmortem.ts'
import { importPostmortem } from './import-postmortem.ts'
import { toInterchange } from './interchange.ts'
import { readText } from './read-document.ts'

const FOLDER = resolve(import.meta.dirname, '../../../test/fixtures/postmortems')
const ana = person('ana')

describe('what Tocsin writes, it reads', () => {
  let it: ResponseWorld
  before(async () => {
    it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
  })
  after(() => it.close())

  for (const name of readdirSync(FOLDER).filter((file) => !file.endsWith('.expected.json')))
    test(`${name}, imported, exported as Markdown and read again`, async () => {
      const content = readFileSync(join(FOLDER, name))
      const { reading, postmortemIds } = await importPostmortem(it.world, ana, { name, content })
      for (const [i, postmortemId] of postmortemIds.entries()) {
        const markdown = await exportMarkdown(it.world, ana, { postmortemId })
        const again = readText(markdown, { name: 'export.md', today: { year: 2026, month: 1, day: 31 } })
        assert.equal(again.incidents.length, 1)
        const { references, title, actions, ...told } = toInterchange(reading).incidents[i]!
        const {
          references: referencesAgain,
          title: titleAgain,
          actions: actionsAgain,
          ...toldAgain
        } = toInterchange(again).incidents[0]!
        assert.deepEqual(toldAgain, told)
        assert.deepEqual(new Set(referencesAgain), new Set(references))
        assert.equal(titleAgain, title || name)
        // An action of which the document says nothing is open once it is ours.
        assert.deepEqual(
          actionsAgain,
          actions.map(({ text, status }) => ({ text, status: status === 'unknown' ? 'open' : status })),
        )
      }
    })
})
