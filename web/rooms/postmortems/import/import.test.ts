import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  CORRECTED_TOPICS,
  type ImportedDocument,
  type ImportedIncident,
} from '../../../../src/contract/postmortem-imports.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { change, type Doc, type Documents, NO_DOCUMENTS, standingOf, toLookAt } from './documents.ts'
import { segmentsOf, sentencesOf, unitsOf, within } from './segments.ts'
import { CHOICES } from './topics.ts'
import { chosenWith, freshValues, sayConfidence, type Value, valuesOf } from './values.ts'

function value(id: number, from: number, to: number, topic: Value['topic'] = 'summary'): Value {
  return { id, from, to, places: [{ from, to }], topic, text: `${id}`, confidence: 0.9, doubt: false }
}

const NOTHING: ImportedIncident = {
  title: null,
  sections: {},
  timeline: [],
  wentWell: [],
  wentWrong: [],
  lucky: [],
  actions: [],
  references: [],
  severity: null,
  span: { from: 0, to: 0 },
}

describe('marks in the source', () => {
  test('the narrowest value is drawn, and the others are known', () => {
    const segments = segmentsOf([
      value(0, 0, 100),
      value(1, 10, 20, 'time'),
      value(2, 12, 30, 'finding'),
      value(3, 40, 40),
    ])
    assert.deepEqual(
      segments.map(({ from, to, ids }) => [from, to, ids]),
      [
        [0, 10, [0]],
        [10, 12, [1, 0]],
        [12, 20, [1, 0, 2]],
        [20, 30, [0, 2]],
        [30, 100, [0]],
      ],
    )
    assert.deepEqual(
      within(segments, { from: 15, to: 25 }).map(({ from, to }) => [from, to]),
      [
        [15, 20],
        [20, 25],
      ],
    )
    assert.deepEqual(within(segments, { from: 100, to: 120 }), [])
  })

  test('a value of several parts is marked at each of them, and parts side by side are one', () => {
    const source = 'One. Two.\n\nNot this. Three.'
    const places = ['One.', 'Two.', 'Three.'].map((text) => {
      const from = source.indexOf(text)
      return { from, to: from + text.length }
    })
    const incident = {
      sections: { impact: { value: 'x', span: { from: 0, to: source.length }, confidence: 1, places } },
    }
    const { all } = valuesOf([{ ...NOTHING, ...incident }], [], source)
    assert.deepEqual(all[0]!.places, [{ from: 0, to: 9 }, places[2]])
    assert.deepEqual(
      segmentsOf(all).map(({ from, to }) => source.slice(from, to)),
      ['One. Two.', 'Three.'],
    )
  })

  test('a proposal is drawn above what is read', () => {
    const [segment] = segmentsOf([value(0, 0, 9), value(1, 0, 9, 'proposal')])
    assert.deepEqual(segment!.ids, [1, 0])
  })

  test('whatever the values: segments do not overlap, and each place has the values that hold it', () => {
    const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 12 })
    fc.assert(
      fc.property(spans, (given) => {
        const values = given.map(([a, b], i) => value(i, Math.min(a, b), Math.max(a, b)))
        const segments = segmentsOf(values)
        for (let at = 0; at < 60; at++) {
          const here = segments.filter(({ from, to }) => from <= at && at < to)
          assert.ok(here.length <= 1)
          const held = values.filter(({ from, to }) => from <= at && at < to).map(({ id }) => id)
          assert.deepEqual([...(here[0]?.ids ?? [])].sort(), held.sort())
        }
      }),
    )
  })
})

describe('parts that are clicked', () => {
  const texts = (source: string) => unitsOf(source).map(({ from, to }) => source.slice(from, to))
  test('a paragraph is one, an item, a row and a heading are each one', () => {
    const source =
      '# Head\nText that\ngoes on.\n\n- one\n- two\n  and more\n\n| a | b |\n| c | d |\n10:00 it began\n'
    assert.deepEqual(texts(source), [
      '# Head',
      'Text that\ngoes on.',
      '- one',
      '- two\n  and more',
      '| a | b |',
      '| c | d |',
      '10:00 it began',
    ])
    assert.deepEqual(
      unitsOf(source).map(({ gap }) => gap),
      [false, false, true, false, true, false, false],
    )
    assert.deepEqual(texts('<p>One</p>\n<p>Two</p>'), ['<p>One</p>', '<p>Two</p>'])
    assert.deepEqual(unitsOf('\n \n'), [])
  })

  test('a line without end is cut where words or tags end', () => {
    const units = texts(`<p>${'word '.repeat(4_000)}</p>`)
    assert.ok(units.length > 4)
    assert.ok(units.every((text) => text.length <= 4_000))
    assert.ok(units.slice(0, -1).every((text) => text.endsWith(' ')))
  })

  test('of every text, units hold all but white space, in order', () => {
    const line = fc.oneof(
      fc.constant(''),
      fc.constant('- x'),
      fc.constant('# h'),
      fc.string(),
      fc.constant('\r'),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const source = lines.join('\n')
        const units = unitsOf(source)
        let at = 0
        const between: string[] = []
        for (const { from, to } of units) {
          assert.ok(from >= at && to > from)
          between.push(source.slice(at, from))
          at = to
        }
        between.push(source.slice(at))
        assert.equal(between.join('').trim(), '')
      }),
    )
  })

  test('sentences end with their sign, not at a number or a name of a file', () => {
    const text = 'It rose to 1.5 GB. Then app.log was full!\nWhy? Nobody knows'
    assert.deepEqual(
      sentencesOf(text).map(({ from, to }) => text.slice(from, to)),
      ['It rose to 1.5 GB.', 'Then app.log was full!', 'Why?', 'Nobody knows'],
    )
  })
})

test('a reviewer may say everything that the API takes', () => {
  assert.deepEqual(CHOICES.map(({ as }) => as).sort(), [...CORRECTED_TOPICS].sort())
})

describe('what was read', () => {
  const found = (text: string, confidence = 0.9) => ({ value: text, span: { from: 0, to: 9 }, confidence })
  const incident = (more: Partial<ImportedIncident> = {}): ImportedIncident => ({
    ...NOTHING,
    title: found('Lamp'),
    sections: { summary: found('It was dark', 0.6) },
    timeline: [
      {
        at: found('2021-03-05T10:00Z'),
        end: found('2021-03-05T10:47+02:00'),
        approx: true,
        dateFrom: null,
        text: found('dark'),
        moment: { value: 'started', span: { from: 0, to: 9 }, confidence: 0.5 },
      },
    ],
    wentWrong: [found('No torch')],
    actions: [
      {
        text: found('Buy torch'),
        status: { value: 'in_progress', span: { from: 0, to: 9 }, confidence: 0.9 },
        owner: found('Bo'),
        due: null,
        tickets: [found('LAMP-1')],
      },
    ],
    ...more,
  })
  const answer = (more: Partial<ImportedDocument> = {}): ImportedDocument => ({
    outcome: 'read',
    name: 'lamp.md',
    format: 'markdown',
    hash: 'h',
    earlier: false,
    postmortemIds: [],
    languageModel: null,
    proposals: null,
    source: '# Lamp',
    incidents: [incident()],
    findings: [],
    ...more,
  })

  test('is told in groups; what is missing is named, times are said', () => {
    const { incidents, all } = valuesOf([incident()], [], '')
    const [{ groups, missing }] = incidents as [(typeof incidents)[number]]
    assert.deepEqual(
      groups.map(({ title, rows }) => [title, rows.map((row) => row.map(({ text }) => text).join(' | '))]),
      [
        ['Title', ['Lamp']],
        ['Times', ['Impact began 2021-03-05 10:00 UTC']],
        ['Summary', ['It was dark']],
        ['Timeline', ['~2021-03-05 10:00 UTC | – 2021-03-05 10:47 UTC+02:00 | dark']],
        ['What went wrong', ['No torch']],
        ['Actions', ['Buy torch | in progress | owner Bo | LAMP-1']],
      ],
    )
    assert.deepEqual(missing.slice(0, 2), ['Impact', 'Trigger'])
    assert.deepEqual(
      all.filter(({ doubt }) => doubt).map(({ topic }) => topic),
      ['summary'],
    )
  })

  test('with an event its time is chosen, with an owner the action; what stands far away is not', () => {
    const at = (from: number, to: number) => ({ value: 'x', span: { from, to }, confidence: 1 })
    const action = {
      text: at(100, 140),
      status: { ...at(9_000, 9_004), value: 'done' as const },
      owner: at(150, 154),
      due: null,
      tickets: [],
    }
    const entry = { at: at(0, 5), end: null, approx: false, dateFrom: null, text: at(8, 30), moment: null }
    const { groups } = valuesOf([{ ...NOTHING, actions: [action], timeline: [entry] }], [], '').incidents[0]!
    const [timeline, actions] = groups.map(({ rows }) => rows[0]!)
    assert.deepEqual(chosenWith(timeline![0]!, timeline!), [{ from: 0, to: 30 }])
    const [text, status, owner] = actions!
    assert.deepEqual(chosenWith(text!, actions!), [{ from: 100, to: 154 }])
    assert.deepEqual(chosenWith(owner!, actions!), [{ from: 100, to: 154 }])
    assert.deepEqual(chosenWith(status!, actions!), [{ from: 9_000, to: 9_004 }])
  })

  test('a confidence is told while it is low, with its number', () => {
    assert.deepEqual([0.95, 0.8, 0.6, null].map(sayConfidence), [null, '80 %', 'unsure, 60 %', null])
  })

  test('after a correction what is new is known, and nothing is new before one', () => {
    const before = valuesOf([incident()], [], '').all
    const now = valuesOf([incident({ lucky: [found('It was day')] })], [], '').all
    assert.deepEqual(
      [...freshValues(now, before)].map((id) => now[id]!.text),
      ['It was day'],
    )
    assert.equal(freshValues(now, null).size, 0)
  })

  test('findings of what is missing do not ask for a look; those of a doubt do, and stand first', () => {
    const finding = (code: string) => ({ code, message: code, span: null, incident: null })
    const findings = [finding('no-actions'), finding('date-guessed')]
    assert.equal(toLookAt(answer({ findings })), 2)
    assert.deepEqual(
      valuesOf([], findings, '').findings.rows.map(([one]) => one!.text),
      ['date-guessed', 'no-actions'],
    )
  })

  describe('documents on their way in', () => {
    const added = change(NO_DOCUMENTS, {
      what: 'add',
      given: ['a.md', 'b.md'].map((name) => ({
        name,
        file: null,
        content: { content: 'x', encoding: 'text' },
      })),
    })
    const first = (of: Documents): Doc => of.list[0]!
    const problem = new ApiProblem({ code: 'invalid-input', status: 400, title: 't', detail: 'd' })

    test('the first is chosen; taking it off chooses its neighbour', () => {
      assert.equal(added.chosen, first(added).key)
      const less = change(added, { what: 'remove', key: first(added).key })
      assert.deepEqual([less.list.length, less.chosen], [1, less.list[0]!.key])
      assert.equal(change(less, { what: 'remove', key: less.chosen! }).chosen, null)
      assert.equal(change(added, { what: 'remove', key: 99 }).list.length, 2)
    })

    test('an answer to an older question is not taken for the newest', () => {
      const { key } = first(added)
      const asked = change(added, { what: 'reading', key, importing: false })
      const corrected = change(asked, {
        what: 'correct',
        key,
        corrections: [{ from: 0, to: 1, as: 'impact' }],
      })
      const late = change(corrected, {
        what: 'answered',
        key,
        question: 0,
        answer: answer(),
        importing: false,
      })
      assert.equal(first(late).answer, null)
      assert.equal(first(late).state, 'waiting')
      const right = change(late, { what: 'answered', key, question: 1, answer: answer(), importing: false })
      assert.equal(first(right).state, 'read')
    })

    test('each state has its word; clean is only what nobody need look at', () => {
      const { key } = first(added)
      const after = (given: ImportedDocument, importing = false) =>
        standingOf(first(change(added, { what: 'answered', key, question: 0, answer: given, importing })))
      const sure = incident({ sections: { summary: found('Dark') }, timeline: [] })
      assert.equal(standingOf(first(added)).word, 'Waiting')
      assert.deepEqual(after(answer({ incidents: [sure] })), { word: 'Clean', tone: 'good', clean: true })
      assert.deepEqual(after(answer()), { word: '1 to look at', tone: 'warn', clean: false })
      assert.equal(after(answer({ outcome: 'nothing-found', incidents: [] })).word, 'Nothing found')
      assert.equal(after(answer({ outcome: 'known' })).word, 'Known already')
      assert.equal(after(answer({ outcome: 'imported' }), true).word, 'Imported')
      const failed = change(added, { what: 'failed', key, question: 0, problem })
      assert.equal(standingOf(first(failed)).word, 'Not read')
    })

    test('a proposal that is taken is a correction, one that is left out is gone', () => {
      const { key } = first(added)
      const proposals = {
        outcome: 'proposed' as const,
        message: '',
        discarded: 0,
        items: [
          { from: 0, to: 2, as: 'impact' as const },
          { from: 3, to: 4, as: 'lucky' as const },
        ],
      }
      const asked = change(change(added, { what: 'asking', key }), {
        what: 'proposed',
        key,
        proposals,
        problem: null,
      })
      const taken = first(change(asked, { what: 'settled', key, at: 1, take: true }))
      assert.deepEqual(taken.corrections, [{ from: 3, to: 4, as: 'lucky' }])
      assert.deepEqual([taken.proposals!.items.length, taken.state], [1, 'waiting'])
      const left = first(change(asked, { what: 'settled', key, at: 0, take: false }))
      assert.deepEqual([left.corrections.length, left.proposals!.items.length], [0, 1])
    })
  })
})
