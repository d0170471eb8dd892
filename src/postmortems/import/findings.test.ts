import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { minutesIn } from './findings.rules.ts'
import { readText } from './read-document.ts'
import { FINDING_CODES, type Finding, type FindingCode } from './reading.ts'

const today = { year: 2026, month: 1, day: 31 }
const read = (text: string, name = 'x.md') => readText(text, { name, today })
const GOOD = `# The lamp, 5 March 2021

## Summary

The lamp was dark for 47 minutes.

## Root cause

The battery was empty.

## Timeline

All times in UTC.

- 10:00 The outage begins
- 10:05 An alert fires
- 10:47 The outage is resolved

## Action items

- Change the battery. Owner: Ada
`

/** Each way to spoil a good document, and what must be found then. \`at\` is what stands at the place of the finding. */
const SPOILT: Partial<Record<FindingCode, { text: string; at?: string; name?: string }>> = {
  'no-title': {
    text: GOOD.replace('# The lamp, 5 March 2021\n', '').replace('- 10:00', '- 2021-03-05 10:00'),
  },
  'no-summary': { text: GOOD.replace('## Summary\n\nThe lamp was dark for 47 minutes.\n', '') },
  'no-root-cause': { text: GOOD.replace('## Root cause', '## Weather') },
  'no-timeline': { text: GOOD.replace(/## Timeline[\s\S]*(?=## Action)/, '') },
  'no-start-time': { text: GOOD.replace('The outage begins', 'Nothing yet') },
  'no-detection-time': { text: GOOD.replace('An alert fires', 'Tea') },
  'no-end-time': { text: GOOD.replace('The outage is resolved', 'Lunch') },
  'no-actions': { text: GOOD.replace(/## Action[\s\S]*/, '') },
  'action-without-owner': { text: GOOD.replace(' Owner: Ada', ''), at: 'Change the battery.' },
  'actions-without-owner': {
    text: `${GOOD.replace(' Owner: Ada', '')}- Two of them\n- Three of them\n- Four of them\n`,
    at: 'Change the battery.',
  },
  'time-out-of-order': { text: GOOD.replace('10:47', '10:02'), at: '10:02' },
  'time-without-date': { text: GOOD.replace(', 5 March 2021', ''), at: '10:00' },
  'date-guessed': {
    text: GOOD.replace('10:00', '23:58').replace('10:05', '00:05').replace('10:47', '00:50'),
    at: '00:05',
  },
  'date-without-year': { text: GOOD.replace(' 2021', ''), at: '5 March' },
  'date-ambiguous': { text: GOOD.replace(', 5 March 2021', ', 05/06/2021'), at: '05/06/2021' },
  'zone-not-stated': { text: GOOD.replace('All times in UTC.\n', ''), at: '10:00' },
  'zone-against-daylight-saving': { text: GOOD.replace('March', 'July').replace('UTC', 'CET'), at: '10:00' },
  'doubled-entries': {
    text: GOOD.replace('- 10:05 An alert fires', '- 10:05 An alert fires\n- 10:05 An alert fires'),
    at: 'An alert fires',
  },
  contradiction: { text: GOOD.replace('47 minutes', '3 hours'), at: 'The lamp was dark for 3 hours.' },
  'template-text': {
    text: GOOD.replace('The battery was empty.', 'The battery was empty.\n\n_Describe what the cause was._'),
    at: 'Describe what the cause was.',
  },
  encoding: { text: GOOD.replace('empty', 'emp\ufffdty'), at: '\ufffd' },
  'nothing-found': { text: 'Milk and bread.' },
  'doubled-lines': {
    name: 'x.txt',
    text: [
      'Summary',
      'It was dark',
      'Timeline',
      '2021-03-05 10:00 It broke',
      '2021-03-05 10:30 It was whole',
      'Next steps',
      'Change the battery',
    ]
      .map((line) => `${line}\n\n${line}\n`)
      .join('\n'),
    at: 'Summary',
  },
  'cut-short': { text: `${GOOD}\n${'word '.repeat(650_000)}` },
}
describe('what is missing or odd', () => {
  test('a good document has no finding', () => assert.deepEqual(read(GOOD).findings, []))

  for (const [code, { text, at, name }] of Object.entries(SPOILT))
    test(`${code} is found${at ? ' at its place' : ''}`, () => {
      const reading = read(text, name)
      const found = reading.findings.find((finding: Finding) => finding.code === code)
      assert.ok(found, JSON.stringify(reading.findings.map((finding) => finding.code)))
      assert.ok(found.message.length > 10 && /[.]$/.test(found.message))
      if (at) assert.equal(reading.source.slice(found.span!.from, found.span!.to), at)
      else if (code.startsWith('no-')) assert.equal(found.span, null)
    })

  test('every finding that there is can be provoked', () => {
    assert.deepEqual(
      FINDING_CODES.filter((code) => !(code in SPOILT)),
      [],
    )
  })

  test('a length that agrees with the timeline is no contradiction, nor is one about something else', () => {
    for (const said of ['for about an hour', 'for 45 minutes', 'after 5 minutes', 'for 42 min'])
      assert.ok(
        !read(GOOD.replace('for 47 minutes', said)).findings.some(({ code }) => code === 'contradiction'),
        said,
      )
  })

  test('lengths of time are read as they are written', () => {
    for (const [text, minutes] of [
      ['5 hours and 26 minutes', 326],
      ['1h 50m', 110],
      ['6h', 360],
      ['1.5 hours', 90],
      ['2 days', 2880],
      ['90 min', 90],
      ['soon', null],
    ] as const)
      assert.equal(minutesIn(text), minutes, text)
  })
})
