import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { internalNames, leaveOutNames } from './internal-names.rules.ts'

const names = internalNames({
  people: [{ name: 'Ana Lindqvist' }, { name: 'Jean-Luc de Wit' }, { name: '李雷' }, { name: 'Bo' }],
  services: [
    { id: 'docs', name: 'Documentation', isPublic: true },
    { id: 'ledger', name: 'Ledger', isPublic: false },
    { id: 'pay-7', name: 'Payment back end', isPublic: false },
    { id: 'shop', name: 'Shop', isPublic: true },
  ],
  monitors: [
    {
      id: 'docs-front',
      name: 'Front of the documentation',
      target: 'https://user@docs-7.example.org:8443/x',
    },
    { id: 'shop', name: 'Shop', target: 'db:5432' },
    { id: 'ping', name: 'ping', target: '[2001:db8::7]:443' },
  ],
})
const without = (text: string, keep: string[] = []) => leaveOutNames(text, names, keep)

describe('names from inside', () => {
  const cases: [string, string, string][] = [
    ['a whole name', 'ANA LINDQVIST saw it', '[name left out] saw it'],
    ['a name over two lines', 'Ana\nLindqvist saw it', '[name left out] saw it'],
    ['a first name', 'Ana restarted; Luc did not', '[name left out] restarted; Luc did not'],
    ['a name of two letters', 'Bo looked', '[name left out] looked'],
    ['a name of another script', '李雷 looked', '[name left out] looked'],
    ['a genitive', "Lindqvist's laptop", "[name left out]'s laptop"],
    ['no part of a word', 'Anabolic bananas, Boston', 'Anabolic bananas, Boston'],
    ['a word that is a name only with a capital', 'the bo and the ana', 'the bo and the ana'],
    [
      'a service that is not public',
      'the ledger and the Payment back end',
      'the [service left out] and the [service left out]',
    ],
    ['an id of several parts', 'on pay-7', 'on [service left out]'],
    ['a name escaped for Markdown', 'on pay\\-7', 'on [service left out]'],
    ['what is public', 'Documentation and Shop, docs', 'Documentation and Shop, docs'],
    ['a monitor and its host', 'docs-front saw docs-7.example.org', '[monitor left out] saw [host left out]'],
    [
      'an address',
      '10.0.0.1, 2001:db8::7 and fe80:1:2:3::9',
      '[address left out], [host left out] and [address left out]',
    ],
    ['a name of a network of one’s own', 'web-3.rack2.internal.', '[host left out].'],
    ['a mail address', 'mail Ana.L+x@sub.example.org.', 'mail [address left out].'],
    ['a version', 'since 1.2.3', 'since 1.2.3'],
    ['a longer name before a shorter one', 'Ana Lindqvist', '[name left out]'],
  ]
  for (const [what, text, expected] of cases) test(what, () => assert.equal(without(text).text, expected))

  test('those that are let through stay, and are counted apart', () => {
    const { text, leftOut, kept } = without('Ana, ana lindqvist and Bo; Bo', ['bo'])
    assert.equal(text, '[name left out], [name left out] and Bo; Bo')
    assert.deepEqual(kept, [{ name: 'Bo', kind: 'person', times: 2 }])
    assert.deepEqual(
      leftOut.map(({ name, times }) => [name, times]),
      [
        ['Ana', 1],
        ['ana lindqvist', 1],
      ],
    )
  })

  test('many names and a long text take no time to speak of', () => {
    const many = internalNames({
      people: [],
      services: [],
      monitors: Array.from({ length: 10_000 }, (_, i) => ({
        id: `monitor-${i}`,
        name: `Monitor number ${i}`,
        target: `node-${i}.example.org:443`,
      })),
    })
    const text = `${'a.b.c.d 1.1.1 x@ 1:2:3 aa-bb. '.repeat(6_000)} node-77.example.org`
    assert.deepEqual(
      leaveOutNames(text, many, []).leftOut.map(({ name }) => name),
      ['node-77.example.org'],
    )
  })

  test('a sign that is one of a pattern is a sign', () => {
    const odd = internalNames({ people: [{ name: 'A.*(b' }], services: [], monitors: [] })
    assert.equal(leaveOutNames('A.*(b and Axx(b', odd, []).text, '[name left out] and Axx(b')
  })
})
