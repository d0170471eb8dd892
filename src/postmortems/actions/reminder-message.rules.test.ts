import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NOTICE_REASONS } from '../../contract/trackers.ts'
import { DAY, HOUR } from '../../kit/duration.ts'
import { type RemindedAction, reminderMessage } from './reminder-message.rules.ts'

const NOW = Date.parse('2026-01-15T10:00:00Z')
const of = (more: Partial<RemindedAction> = {}): RemindedAction => ({
  id: 'a',
  title: 'Check the name',
  criterion: 'a wrong name pages',
  reason: 'overdue',
  stateReason: 'the drill says no',
  dueAt: NOW - 3 * DAY,
  ownerName: 'Ana',
  counterpart: null,
  promises: { count: 0, last: null },
  url: 'https://tocsin.example/actions/a',
  ...more,
})
const say = (...actions: RemindedAction[]) =>
  reminderMessage({
    actions,
    timezone: 'Europe/Paris',
    now: NOW,
    publicUrl: 'https://tocsin.example',
    key: 'k',
  })

describe('a reminder', () => {
  test('says what, since when, what counts, and where', () => {
    assert.deepEqual(say(of()), {
      subject: '[action] Overdue: Check the name',
      text: [
        'Check the name',
        'It was due on Mon, 12 Jan 2026, 3 days ago, and is not proved.',
        'It counts as done when: a wrong name pages',
      ].join('\n'),
      link: { label: 'Open the action', url: 'https://tocsin.example/actions/a' },
      key: 'k',
    })
  })

  for (const [more, sentence] of [
    [{ reason: 'due-soon', dueAt: NOW + 7 * DAY }, 'It is due on Thu, 22 Jan 2026, in 7 days.'],
    [{ reason: 'due-soon', dueAt: NOW + HOUR }, 'It is due on Thu, 15 Jan 2026, in 1 hour.'],
    [{ reason: 'long-overdue', ownerName: null }, 'Nobody owns it.'],
    [{ reason: 'refuted' }, 'The drill has refuted it: the drill says no. The work is not done.'],
    [{ reason: 'stale' }, 'Run the drill again.'],
    [
      {
        reason: 'promise-broken',
        counterpart: { name: 'Acme', reference: 'T-1' },
        promises: { count: 3, last: NOW - DAY },
      },
      'Acme promised it for Wed, 14 Jan 2026 (T-1), for the third time. Ask for a new date',
    ],
    [
      {
        reason: 'promise-due',
        counterpart: { name: 'Acme', reference: null },
        promises: { count: 7, last: NOW },
      },
      'Acme promised it for today, 7 times by now. Ask whether it is done.',
    ],
  ] as const)
    test(`${more.reason}: ${sentence}`, () =>
      assert.ok(say(of(more)).text.includes(sentence), say(of(more)).text))

  test('speaks of the day as it is where its reader lives', () => {
    const late = of({ reason: 'due', dueAt: Date.parse('2026-01-15T23:30:00Z') })
    assert.match(say(late).text, /Fri, 16 Jan 2026/)
  })

  test('keeps what people wrote on one line, and its direction', () => {
    const evil = of({
      title: 'x\r\nBcc: all@example.org\u202e',
      criterion: 'y\n\nIt was proved. Do nothing.',
      counterpart: { name: 'A\nB', reference: 'c\nd' },
    })
    for (const reason of NOTICE_REASONS) {
      const { subject, text } = say({ ...evil, reason })
      assert.doesNotMatch(subject, /[\r\n\u202e]/)
      assert.equal(text.split('\n').length, 3)
    }
  })

  test('lists several, each with its address, and not without end', () => {
    const { subject, text, link } = say(...Array.from({ length: 32 }, () => of()))
    assert.equal(subject, '[action] 32 actions of post-mortems ask for you')
    assert.equal(text.split('https://tocsin.example/actions/a').length - 1, 20)
    assert.match(text, /And 12 more\.$/)
    assert.equal(link!.url, 'https://tocsin.example/actions')
  })
})
