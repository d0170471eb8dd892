import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findAnchor, readable } from './anchor.rules.ts'

const BODY = `Before all.

## Summary

The **front end** leaked [memory](https://example.org/x), and
\`systemd\` restarted it.

## Root *cause*

1. The pool kept \\*every\\* dialog.
2. Nobody watched its growth.

| When | What |
|---|---|
| 10:00 | a call failed |
`
const outcome = (section: string | null, quote: string | null, body = BODY) => {
  const anchor = findAnchor(body, { section, quote })
  return [anchor.outcome, 'section' in anchor ? anchor.section : anchor.reason]
}

describe('a quoted passage is found again', () => {
  test('as it reads, whatever Markdown stands in it', () => {
    assert.deepEqual(outcome('Summary', 'front end leaked memory, and systemd restarted it.'), [
      'there',
      'Summary',
    ])
    assert.deepEqual(outcome('Root cause', 'kept *every* dialog. Nobody watched'), ['there', 'Root *cause*'])
    assert.deepEqual(outcome('root CAUSE', '10:00\ta call   failed'), ['there', 'Root *cause*'])
    assert.deepEqual(outcome(null, 'Before all.'), ['there', null])
    assert.deepEqual(outcome(null, 'a call failed'), ['there', 'Root *cause*'])
  })

  test('after edits around it, after the section was renamed, and after it was moved', () => {
    const edited = BODY.replace('The **front end**', 'At noon the front *end*').replace(
      'restarted it',
      'restarted it all',
    )
    assert.deepEqual(outcome('Summary', 'front end leaked memory, and systemd', edited), ['there', 'Summary'])
    assert.deepEqual(outcome('Trigger', 'Nobody watched its growth.'), ['moved', 'Root *cause*'])
    assert.deepEqual(outcome('Summary', 'Nobody watched its growth.'), ['moved', 'Root *cause*'])
  })

  test('not where its words were changed: then the text has changed since', () => {
    assert.deepEqual(outcome('Summary', 'the back end leaked'), ['lost', 'text-changed'])
    assert.deepEqual(outcome('Impact', 'the back end leaked'), ['lost', 'section-gone'])
    assert.deepEqual(outcome('Summary', 'front end', ''), ['lost', 'section-gone'])
  })

  test('a comment without a passage is about the section, or about the whole', () => {
    assert.deepEqual(outcome(null, null), ['whole', 'no-quote'])
    assert.deepEqual(outcome('Summary', null), ['whole', 'no-quote'])
    assert.deepEqual(outcome('Impact', null), ['lost', 'section-gone'])
    assert.deepEqual(outcome('Summary', ' ** '), ['whole', 'no-quote'])
  })
})

test('Markdown as it reads', () => {
  const table: [string, string][] = [
    ['# One\n\ntwo  \nthree', 'One two three'],
    ['> > quoted\n> on', 'quoted on'],
    ['- a\n  - b\n10) c', 'a b c'],
    ['![alt](x.png) and ~~gone~~', 'alt and gone'],
    ['a \\# b \\| c \\\\ d', 'a # b c \\ d'],
    ['```js\nlet a\n```', 'let a'],
    ['| a | b |\n|---|:-:|\n| c | d |', 'a b c d'],
  ]
  for (const [markdown, text] of table) assert.equal(readable(markdown), text)
  // However odd: what is read twice reads the same.
  for (const [markdown] of table) assert.equal(readable(readable(markdown)), readable(markdown))
})

test('a text of one sign is read in a moment', () => {
  for (const sign of ['[', '](', '`', '> ', '- ', ' ', '|-', '\\\\', '*', '\t#'])
    assert.ok(readable(sign.repeat(200_000 / sign.length)).length <= 200_000)
})
