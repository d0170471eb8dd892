import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findHints, type KnownNames, maskQuoted } from './hints.rules.ts'
import { looksLikeName } from './read-hints.ts'

const KNOWN: KnownNames = {
  people: [
    { id: 'ana', name: 'Ana Lindqvist' },
    { id: 'bo', name: 'Bo Okafor' },
    { id: 'mark', name: 'Mark Hill' },
    { name: 'Zoë Łukasik' },
    { name: 'Mercury' },
  ],
  things: ['Mercury'],
}

const hits = (text: string, section = 'Root cause') =>
  findHints(`## ${section}\n\n${text}\n`, KNOWN).map(({ kind, text: found }) => `${kind}: ${found}`)

describe('what reads as blame', () => {
  const table: [text: string, ...hits: string[]][] = [
    // Names in statements of cause.
    ['Ana deployed on a Friday.', 'name: Ana'],
    ['The change by Ana Lindqvist went in.', 'name: Ana Lindqvist'],
    ['Lindqvist’s change went in.', 'name: Lindqvist'],
    ['It was merged by @bo without a test.', 'name: @bo'],
    ['Zoë restarted it.', 'name: Zoë'],
    ['Mark Hill rebooted half of the pool.', 'name: Mark Hill'],
    // What did not happen.
    ['We should have tested the restore.', 'should-have: should have'],
    ['The operator should never have rebooted it.', 'should-have: should never have'],
    ["They shouldn't have been told.", "should-have: shouldn't have"],
    ['The name should have been checked.', 'should-have: should have'],
    ['It should have been checked by the team.', 'should-have: should have'],
    ['Somebody ought to have looked.', 'should-have: ought to have'],
    ['This could have been prevented.', 'could-have: could have'],
    ['The engineer could have looked at the log.', 'could-have: could have'],
    ['The operator failed to notice the message.', 'failed-to: failed to'],
    ['Bo failed to escalate.', 'name: Bo', 'failed-to: failed to'],
    ['We fail to follow the list.', 'failed-to: fail to'],
    ['The cause was a failure to check the name.', 'failed-to: failure to'],
    ['If only the list had been read.', 'if-only: If only'],
    ['Had we known the limit, it would not have filled.', 'if-only: Had we'],
    ['If the operator had looked, the pool would be up.', 'if-only: If the operator had'],
    // Where the search ends.
    ['It was human error.', 'blame: human error'],
    ['A careless command removed it.', 'blame: careless'],
    ['The engineer forgot to renew it.', 'blame: forgot to'],
    ['The shift ignored the warnings.', 'blame: ignored the warnings'],
    ['The team did not follow the runbook.', 'blame: did not follow the runbook'],
    ['The operator mistakenly removed it.', 'blame: mistakenly'],
    ['The cause was obvious.', 'hindsight: obvious'],
    ['In hindsight the graph was plain.', 'hindsight: In hindsight'],
  ]
  for (const [text, ...expected] of table) test(text, () => assert.deepEqual(hits(text), expected))
})

describe('what is left alone', () => {
  const table: [text: string, section?: string][] = [
    // Machines that did not do what they were made for.
    ['The service failed to start.'],
    ['Two nodes failed to rejoin, and the pool failed to drain them.'],
    ['A failure to start was logged.'],
    ['The node should have been drained automatically.'],
    ['It should have been renewed by the nightly job.'],
    ['The alert should have fired at 10:00.'],
    ['The certificate should have been replaced by certbot.'],
    ['The rule mistakenly matched every host.'],
    ['The client ignored the rules of the proxy.'.replace('client', 'job')],
    ['The disk could have filled within the hour.'],
    ['Nobody could have known that the bus was shared.'],
    ['They failed to rejoin.'],
    ['If the disk had filled, the log would have stopped.'],
    ['If we had to restart it, it took an hour.'],
    // Words that are names as well, things that bear one, and parts of words.
    ['The mark was set on Monday.'],
    ['Mark the node as gone. It will be drained.'],
    ['Mercury went down.'],
    ['Anaconda and Boost were installed on host-Ana and ana.'],
    // Quoted, code, addresses, prompts, comments.
    ['> We should have tested it, said Ana.'],
    ['The note read "human error by Ana".'],
    ['It was “careless”, wrote a user.'],
    ['The log said `failed to: operator error by Ana`.'],
    ['```\nif only Ana had known\n```'],
    ['See [the thread](https://chat.example.org/Ana/should-have).'],
    ['See https://chat.example.org/human-error/Ana now.'],
    ['_Not yet written: why Ana should have._'],
    ['<!-- Ana should have -->'],
    // Where they belong.
    ['Ana restarted the proxy and should have been thanked.', 'Timeline'],
    ['Ana will write what we should have had.', 'Actions'],
    ['Ana found it within minutes.', 'What went well'],
    ['Ana restarted it, which ended it.', 'Resolution'],
    ['Bo found it on his own phone.', 'Detection'],
    ['It could have been noticed only the next morning.', 'Where we got lucky'],
    ['We were not there, and it could have been all of it.', 'Where we got lucky'],
  ]
  for (const [text, section] of table)
    test(`${section ? `${section}: ` : ''}${text}`, () => assert.deepEqual(hits(text, section), []))
})

describe('a hint', () => {
  test('says where it stands, why, and what to write instead', () => {
    const body = 'Before.\n\n## Summary\r\n\r\nAll fine.\n\n## Root cause\n\nOne.\nAna forgot to look.\n'
    const [name, slip, ...more] = findHints(body, KNOWN)
    assert.deepEqual(more, [])
    assert.equal(body.slice(name!.from, name!.to), 'Ana')
    assert.deepEqual([name!.kind, name!.line, name!.section], ['name', 10, 'Root cause'])
    assert.equal(body.slice(slip!.from, slip!.to), 'forgot to')
    for (const { why, instead } of [name!, slip!]) assert.ok(why.length > 30 && instead.length > 20)
  })

  test('is found before the first heading and in sections of any name', () => {
    assert.deepEqual(
      findHints('It broke because Ana pushed it.\n\n## Lessons of ours\n\nIt was human error.\n', KNOWN).map(
        ({ section, kind }) => [section, kind],
      ),
      [
        [null, 'name'],
        ['Lessons of ours', 'blame'],
      ],
    )
  })

  test('names count elsewhere only in a sentence that says why', () => {
    assert.deepEqual(hits('Ana wrote the summary. The outage was caused by Bo.', 'Summary'), ['name: Bo'])
    assert.deepEqual(hits('Ana looked, and the pager was silent because it was broken by Bo.', 'Detection'), [
      'name: Ana',
      'name: Bo',
    ])
  })

  test('is one where two would overlap', () => {
    assert.deepEqual(hits('If only we had looked, it would be up.'), ['if-only: If only'])
  })

  test('nobody known by name is no trouble', () => {
    assert.deepEqual(findHints('## Root cause\n\nAna did it.', { people: [] }), [])
  })

  test('places stay what they are where quotes are blanked, whatever the text', () => {
    const odd = ['```\nx', '~~~~\n```\n~~~\n~~~~\nAna', '`a', '"a\nb"', '<!-- a', '> a\r\n> b', '``a`b``']
    for (const text of odd) {
      const masked = maskQuoted(text)
      assert.equal(masked.length, text.length)
      assert.equal(masked.split('\n').length, text.split('\n').length)
    }
    assert.match(maskQuoted('~~~~\n```\n~~~\n~~~~\nAna'), /Ana$/)
  })

  test('a long text of odd signs is read in a moment', () => {
    const signs = [
      '"',
      '`',
      '[',
      '<!--',
      '> ',
      '~~~\n',
      'we should have ',
      'If we had ',
      'Had we ',
      'x been ',
      'Ana ',
      '](',
    ]
    for (const sign of signs) {
      const text = sign.repeat(200_000 / sign.length)
      const hints = findHints(`## Root cause\n\n${text}`, KNOWN)
      assert.ok(hints.length <= 200, sign)
    }
  })
})

test('owners of a document that are people, and those that are teams', () => {
  for (const name of ['Nigel Babu', 'Zoë Łukasik', 'J. Doe', 'Deepshikha'])
    assert.ok(looksLikeName(name), name)
  for (const name of ['infra team', 'SRE', 'Core Team', 'DevOps', 'who knows', 'all of us', ''])
    assert.ok(!looksLikeName(name), name)
})
