import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cut, describeUrl, fingerprint, isMailbox, oneLine } from './address.ts'
import { composeMail } from './email/email.ts'
import { htmlPart, textPart } from './email/mail-parts.ts'
import { escapeMarkdown, mattermostPayload } from './mattermost/mattermost.ts'
import { escapeMrkdwn, slackPayload } from './slack/slack.ts'

// Text made of what means something somewhere, and of anything else.
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        '*',
        '_',
        '`',
        '[',
        ']',
        '(',
        ')',
        '|',
        '@',
        '\r',
        '\n',
        '\0',
        '\\',
        '!channel',
      ),
      fc.constantFrom(
        '<script>',
        '](javascript:x)',
        '{{7*7}}',
        '${x}',
        '\u202e',
        '\u2028',
        'Bcc: x@example.org',
        '@here',
        '😀',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))
const link = { label: 'Acknowledge', url: 'https://tocsin.example.org/a/1' }

test('a line is one line, whatever is in it, and not longer than it may be', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 80 }), (text, limit) => {
      const line = oneLine(text, limit)
      assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      assert.ok(line.length <= limit)
    }),
  )
})

test('what is cut is cut between characters', () => {
  assert.equal(cut('abc', 3), 'abc')
  assert.equal(cut('abcd', 3), 'ab…')
  assert.equal(cut('a😀😀', 3), 'a…')
})

test('Slack sees no control sequence but the link that was meant', () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (subject, text, label) => {
      const said = slackPayload({ subject, text, key: 'k', link: { ...link, label } }).text
      assert.deepEqual(said.match(/<[^>]*>/g)?.length, 1)
      assert.ok(said.split('\n').at(-1)!.startsWith(`<${link.url}|`))
      assert.equal(said.match(/</g)!.length, 1)
      assert.equal(said.match(/>/g)!.length, 1)
    }),
  )
  assert.equal(escapeMrkdwn('&lt; <a> & b'), '&amp;lt; &lt;a&gt; &amp; b')
})

test('Mattermost sees no Markdown and no mention in what people wrote', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const escaped = escapeMarkdown(text)
      // Whatever is left of the punctuation once each escaped pair is taken out could mean something.
      assert.doesNotMatch(escaped.replace(/\\[^A-Za-z0-9\s]/g, ''), /[\\`*_{}[\]()#+!|~<>]/)
      assert.doesNotMatch(escaped, /@\w/)
      assert.equal(
        escaped.replace(/\\([^A-Za-z0-9\s])/g, '$1').replaceAll('\u200b', ''),
        text.replaceAll('\u200b', ''),
      )
    }),
  )
})

test('a link in Mattermost cannot be closed from inside', () => {
  const url = 'https://tocsin.example.org/a?q=) [evil](https://evil.example'
  const said = mattermostPayload({ subject: 's', text: '', key: 'k', link: { label: 'a](b', url } }).text
  assert.equal(
    said.split('\n\n').at(-1),
    '[a\\]\\(b](https://tocsin.example.org/a?q=%29%20[evil]%28https://evil.example)',
  )
})

test('long messages stay within what the other side takes', () => {
  const long = { subject: '*'.repeat(5_000), text: '*'.repeat(100_000), key: 'k', link }
  assert.ok(mattermostPayload(long).text.length <= 16_383)
  assert.ok(slackPayload(long).text.length <= 4_000)
})

test('mail in HTML holds the tags that we wrote and none of others', () => {
  fc.assert(
    fc.property(hostile, hostile, (text, label) => {
      const html = htmlPart({ subject: 's', text, key: 'k', link: { ...link, label } })
      const tags = new Set([...html.matchAll(/<\/?([a-z!]+)/gi)].map(([, name]) => name))
      for (const tag of tags)
        assert.ok(['!doctype', 'html', 'body', 'p', 'br', 'a'].includes(tag!), String(tag))
      assert.equal(html.match(/<a /g)!.length, 1)
    }),
  )
})

test('a link that is no web address is not made one', () => {
  const message = { subject: 's', text: 't', key: 'k', link: { label: 'x', url: 'javascript:alert(1)' } }
  assert.doesNotMatch(htmlPart(message), /<a |javascript/)
  assert.match(textPart(message), /javascript:alert/, 'as text it does no harm, and hiding it would puzzle')
  assert.match(
    htmlPart({ ...message, link: { label: 'x', url: 'https://a.example/"onload="x' } }),
    /&quot;onload=&quot;/,
  )
})

test('no header of a mail holds a line break', () => {
  fc.assert(
    fc.property(hostile, hostile, (subject, key) => {
      const mail = composeMail(
        { name: 'Tocsin', address: 't@example.org' },
        'ana@example.org',
        { subject, text: '', key },
        0,
      )
      for (const value of [mail.subject, mail.messageId, mail.from.name, mail.to.address])
        assert.doesNotMatch(value, /[\r\n\0]/)
      assert.match(mail.messageId, /^<[0-9a-f]{40}@example\.org>$/)
    }),
  )
})

test('a mailbox is one mailbox', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const written of [text, `ana@example.org${text}`, `${text}@example.org`])
        if (isMailbox(written)) assert.match(written, /^[^\s,;:<>()[\]\\"@]+@[A-Za-z0-9.-]+$/)
    }),
  )
  for (const good of ['ana@example.org', 'a.b+c@x.example', "o'neil@localhost"])
    assert.ok(isMailbox(good), good)
  for (const bad of ['a@b@c', 'a@-b', 'a@b..c', `${'a'.repeat(65)}@b.example`, 'a@', '@b', 'a b@c'])
    assert.equal(isMailbox(bad), false, bad)
})

test('the description of an address keeps its middle to itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]{16,40}$/), (secret) => {
      const shown = describeUrl(`https://hooks.example.org/${secret}`)
      assert.equal(shown, `hooks.example.org …${secret.slice(-4)}`)
      assert.equal(describeUrl(`https://hooks.example.org/in?token=${secret}`).includes(secret), false)
    }),
  )
  assert.equal(describeUrl('nothing'), '…')
})

test('a fingerprint is the same for the same key only', () => {
  assert.equal(fingerprint('a'), fingerprint('a'))
  assert.notEqual(fingerprint('a'), fingerprint('b'))
})
