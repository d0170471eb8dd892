/** The page of the cases tells all of them and what they say; a case that is added or changed without it turns this red. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { parse } from 'yaml'
import { casesPage, PAGE, type PlayedCase, whyNot } from '../../scripts/cases.ts'
import { casesConfig, shippedCases } from '../../src/proofs/index.ts'

const page = readFileSync(resolve(import.meta.dirname, '../..', PAGE), 'utf8')

const played = (): PlayedCase[] =>
  shippedCases().map((incident) => ({
    incident,
    before: { outcome: 'failed', reason: 'nobody looks' },
    after: {
      outcome: 'passed',
      reason: 'noticed',
      faults: [
        {
          fault: 'a',
          title: 'A',
          monitorId: 'm',
          kind: 'tls',
          reason: 'r',
          detectedMs: 80_000,
          pagedMs: 80_000,
        },
        {
          fault: 'b',
          title: 'B',
          monitorId: 'm',
          kind: 'tls',
          reason: 'r',
          detectedMs: 60_000,
          pagedMs: 120_000,
        },
      ],
    },
  }))

describe('the page of the cases', () => {
  for (const { title, what, lesson, monitors, past } of shippedCases())
    test(`tells ${title}`, () => {
      const part = page.split(`\n### ${title}\n`)[1]?.split(/\n##+ /)[0]
      assert.ok(part, 'it has no section; run sh bin/run scripts/generate-cases.ts')
      for (const said of [what, lesson, past!.how]) assert.ok(part.includes(said), said)
      for (const { sees } of Object.values(monitors))
        for (const fault of sees)
          assert.match(
            part,
            new RegExp(`\\(\`${fault}\`\\) \\| \\w+ \\| \`[a-z.-]+\` \\| [\\d.]+ min \\| [\\d.]+ min \\|`),
          )
      assert.match(part, /\*\*Before\*\*, with .* The drill fails: /)
      assert.match(part, /\*\*After\*\*, .* it passes: /)
      const row = page.split('\n').find((line) => line.startsWith(`| [${title}](`))
      assert.match(row ?? '', /\| \d+ min, by .* \| [\d.]+ min \| [\d.]+ min \| \d+ min \|$/)
    })

  test('shows a case that one could write, and that is taken', () => {
    const { cases } = parse(/```yaml\n([\s\S]*?)```/.exec(page)![1]!)
    assert.equal(casesConfig.safeParse(cases).success, true)
  })

  test('counts the slowest fault, until somebody knew who could act', () => {
    const made = casesPage(shippedCases(), played())
    const row = made.split('\n').find((line) => line.startsWith('| [The renewal hangs'))
    assert.match(row!, /\| 301 min, by users \| 1 min \| 2 min \| 299 min \|$/)
  })

  test('is not made where a drill does not say what it should', () => {
    const change = (how: (one: PlayedCase) => void) => {
      const all = played()
      how(all[0]!)
      return whyNot(shippedCases(), all)
    }
    assert.equal(whyNot(shippedCases(), played()), null)
    assert.match(change((one) => (one.before.outcome = 'passed'))!, /before, the drill passed/)
    assert.match(change((one) => (one.after.outcome = 'inconclusive'))!, /after, the drill inconclusive/)
    assert.match(whyNot(shippedCases(), played().slice(1))!, /was not played/)
    assert.throws(() => casesPage(shippedCases(), []), /was not played/)
  })
})
