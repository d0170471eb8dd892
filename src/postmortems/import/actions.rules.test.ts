import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readText } from './read-document.ts'

const today = { year: 2026, month: 1, day: 31 }

/** The actions of a document that has nothing else. */
function actions(body: string, heading = 'Action items') {
  const { incidents } = readText(`# Something broke\n\n## ${heading}\n\n${body}\n`, { name: 'x.md', today })
  return incidents.flatMap((incident) =>
    incident.actions.map(({ text, status, owner, due, tickets }) => ({
      text: text.value,
      status: status?.value ?? null,
      owner: owner?.value ?? null,
      due: due?.value ?? null,
      tickets: tickets.map(({ value }) => value),
    })),
  )
}
const one = (body: string) => actions(body)[0]!

describe('the state of an action', () => {
  for (const [line, status, text] of [
    ['- [DONE] Change the battery', 'done', 'Change the battery'],
    ['- [x] Change the battery', 'done', 'Change the battery'],
    ['- ✅ Change the battery', 'done', 'Change the battery'],
    ['- Change the battery (done)', 'done', 'Change the battery'],
    ['- Change the battery - fixed', 'done', 'Change the battery'],
    ['- Completed: change the battery', 'done', 'change the battery'],
    ['- **Done**: change the battery', 'done', 'change the battery'],
    ['- ~~Change the battery~~', 'done', 'Change the battery'],
    ['- Changed the battery', 'done', 'Changed the battery'],
    ['- [IN PROGRESS] Change the battery', 'in_progress', 'Change the battery'],
    ['- 🚧 Change the battery', 'in_progress', 'Change the battery'],
    ['- WIP: change the battery', 'in_progress', 'change the battery'],
    ['- We are changing the battery', 'in_progress', 'We are changing the battery'],
    ['- Change the battery [ongoing]', 'in_progress', 'Change the battery'],
    ['- [ ] Change the battery', 'open', 'Change the battery'],
    ['- TODO: change the battery', 'open', 'change the battery'],
    ['- [Planned] Change the battery', 'open', 'Change the battery'],
    ['- Change the battery (status: open)', 'open', 'Change the battery'],
    ['- Change the battery', null, 'Change the battery'],
    ['- Open the door when the battery is empty', null, 'Open the door when the battery is empty'],
    ['- Close connections when done', null, 'Close connections when done'],
    ['- Put a battery in', null, 'Put a battery in'],
    ['- Resolve names twice before giving up', null, 'Resolve names twice before giving up'],
  ] as const)
    test(`${line} is ${status ?? 'not said'}`, () => {
      const action = one(line)
      assert.deepEqual([action.text, action.status], [text, status])
    })
})

describe('whose an action is, until when, and its ticket', () => {
  for (const [line, expected] of [
    ['- Change it. Owner: Ada Lovelace', { owner: 'Ada Lovelace' }],
    ['- Change it (@ada)', { owner: '@ada' }],
    ['- Change it (Ada Lovelace)', { owner: 'Ada Lovelace' }],
    ['- Change it, assigned to ada', { owner: 'ada' }],
    ['- Ask who may change it', { owner: null }],
    ['- Change it (see below)', { owner: null }],
    ['- Change it by 2024-05-01', { due: '2024-05-01' }],
    ['- Change it, due: 1 May 2024', { due: '1 May 2024' }],
    ['- Change it (ETA Q3 2024)', { due: 'Q3 2024' }],
    ['- Change it by hand', { due: null }],
    ['- Change it (OPS-17)', { tickets: ['OPS-17'] }],
    ['- Change it [#71](https://example.org/71)', { tickets: ['#71'] }],
    ['- Change it, see PR #71', { tickets: [] }],
    ['- Change from UTF-8 to SHA-256 on port 443', { tickets: [] }],
  ] as const)
    test(line, () => {
      const action = one(line)
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(action[key as keyof typeof action], value)
    })
})

describe('where actions stand', () => {
  test('groups are no actions, what is below an action belongs to it', () => {
    assert.deepEqual(
      actions(
        '- Short term:\n  - Change the battery\n  - Change the lamp\n- Look at batteries\n  - with a meter\n',
      ).map(({ text }) => text),
      ['Change the battery', 'Change the lamp', 'Look at batteries with a meter'],
    )
  })
  test('below headings that group them', () => {
    assert.deepEqual(
      actions('### Detection\n\n- Alert on it\n\n### Prevention\n\n- Change it\n').map(({ text }) => text),
      ['Alert on it', 'Change it'],
    )
  })
  test('in paragraphs, where there is no list', () => {
    assert.deepEqual(
      actions('Change the battery.\n\nLook at it every spring.').map(({ text }) => text),
      ['Change the battery.', 'Look at it every spring.'],
    )
  })
  test('in prose, the sentences that say what is done or will be', () => {
    const prose =
      'We did not see it coming, and that was hard for everybody who waited. We are adding a meter to every battery. We will look at them each spring. The weather was cold. Batteries that we need to buy are expensive. We have started talking to the vendor about it.'
    assert.deepEqual(
      actions(prose, 'Next steps').map(({ text, status }) => [text, status]),
      [
        ['We are adding a meter to every battery.', 'in_progress'],
        ['We will look at them each spring.', null],
        ['We have started talking to the vendor about it.', 'in_progress'],
      ],
    )
  })
  test('actions that were taken are done', () => {
    assert.deepEqual(
      actions(
        'We did this:\n\n- The battery was changed at once.\n- A meter now shows its age.\n- We will buy more.\n',
        'Remediation',
      ).map(({ status }) => status),
      ['done', 'done', null],
    )
  })
  test('an introduction, a placeholder and a template are none', () => {
    assert.deepEqual(
      actions(
        'The following will be done:\n\n- TBD\n- {{ action }} [link to issue]\n- Change the battery\n',
      ).map(({ text }) => text),
      ['Change the battery'],
    )
  })
})
