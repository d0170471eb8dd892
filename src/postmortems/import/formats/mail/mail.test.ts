import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { blocksAnywhere } from '../../blocks-for-tests.ts'
import { readText } from '../../read-document.ts'
import { mail } from './index.ts'
import { readableMail } from './mime.ts'

const today = { year: 2026, month: 1, day: 31 }
const read = (text: string) => readText(text, { name: 'a.eml', format: 'mail', today })
const HEAD =
  'From: a@example.org\nSubject: Post-mortem of the lamp, 5 March 2021\nDate: Sat, 6 Mar 2021 10:00:00 +0000\n'
const REPORT =
  'Summary:\nThe lamp was dark.\n\nAction items:\n- change the battery\n- look at batteries every spring, in each of\n  the rooms\n- ask the vendor\n'
const quoted = (text: string, sign = '> ') => text.replaceAll(/^/gm, sign)

describe('mails', () => {
  test('headers are no text, the subject is the title without what mailers put before it', () => {
    for (const subject of [
      'The lamp',
      'Re: The lamp',
      'Fwd: [infra] Re: The lamp',
      'AW: WG: The lamp',
      '[infra] The lamp',
    ]) {
      const { incidents } = read(`From: a@example.org\nSubject: ${subject}\n\n${REPORT}`)
      assert.equal(incidents[0]!.title?.value, 'The lamp')
    }
    assert.deepEqual(blocksAnywhere(mail, `${HEAD}\n${REPORT}`).slice(0, 2), [
      'heading2: Summary:',
      'paragraph: The lamp was dark.',
    ])
  })

  test('a reply within the quote belongs to the part above it', () => {
    const [first, second, third] = REPORT.slice(REPORT.indexOf('- change')).split(/\n(?=-)/)
    const text = `${HEAD.replace('Subject: ', 'Subject: Re: ')}\nRobin wrote:\n${quoted(REPORT.slice(0, REPORT.indexOf('- change')).trimEnd())}\n${quoted(first!)}\n\nThis is done.\n\n${quoted(second!)}\n\nI am working on it.\n\n${quoted(third!.trimEnd())}\n\n-- \nSam\n`
    const [incident] = read(text).incidents
    assert.deepEqual(
      incident!.actions.map(({ text, status }) => [text.value, status?.value ?? null]),
      [
        ['change the battery', 'done'],
        ['look at batteries every spring, in each of the rooms', 'in_progress'],
        ['ask the vendor', null],
      ],
    )
    const { source } = read(text)
    const { span } = incident!.actions[0]!.status!
    assert.equal(source.slice(span.from, span.to), 'This is done.')
  })

  for (const [said, status] of [
    ['Done.', 'done'],
    ['This has been fixed yesterday.', 'done'],
    ['I consider this done.', 'done'],
    ['Merged in the meantime.', 'done'],
    ['Not done yet.', 'open'],
    ['This is not fixed.', 'open'],
    ['We are looking into it.', 'in_progress'],
    ["I'll take care of it.", 'in_progress'],
    ['Good idea!', null],
    ['Was this done before? I wonder.', null],
  ] as const)
    test(`"${said}" is ${status ?? 'no state'}`, () => {
      const [incident] = read(
        `${HEAD}\nOn Monday, Robin wrote:\n${quoted('Summary:\nDark.\n\nAction items:\n- change the battery')}\n\n${said}\n`,
      ).incidents
      assert.equal(incident!.actions[0]!.status?.value ?? null, status)
    })

  test('a mailbox is as many documents as it has threads, and replies find what they quote', () => {
    const mbox = [
      `From a@example.org Sat Mar  6 10:00:00 2021\n${HEAD}\n${REPORT}`,
      `From b@example.org Sat Mar  6 11:00:00 2021\nFrom: b@example.org\nSubject: Re: Post-mortem of the lamp, 5 March 2021\n\nOn Saturday, a wrote:\n> - ask the vendor\n\nThe vendor was asked, done.\n`,
      `From c@example.org Sun Mar  7 11:00:00 2021\nFrom: c@example.org\nSubject: Post-mortem of the door\n\nSummary:\nThe door was shut.\n`,
    ].join('\n')
    const { incidents } = read(mbox)
    assert.deepEqual(
      incidents.map(({ title }) => title?.value),
      ['Post-mortem of the lamp, 5 March 2021', 'Post-mortem of the door'],
    )
    assert.deepEqual(
      incidents[0]!.actions.map(({ status }) => status?.value ?? null),
      [null, null, 'done'],
    )
  })

  test('footers and signatures are no text', () => {
    const [incident] = read(
      `${HEAD}\n${REPORT}\n-- \nRobin\nOps of the house\n\n_______________________________________________\ninfra mailing list\n`,
    ).incidents
    assert.equal(incident!.actions.length, 3)
    assert.doesNotMatch(JSON.stringify(incident), /mailing list|Ops of/)
  })

  test('the page of an archive has no headers: its first line is the title', () => {
    const page = `[infra] Post mortem of the lamp\n\nRobin robin at example.org\nSat Mar 6 10:00:00 UTC 2021\n\nLe samedi 6 mars 2021 à 09:00 +0100, Robin a écrit :\n${quoted(REPORT)}`
    const { incidents, format } = readText(page, { name: 'page.txt', today })
    assert.equal(format, 'mail')
    assert.equal(incidents[0]!.title?.value, 'Post mortem of the lamp')
    assert.equal(incidents[0]!.actions.length, 3)
  })
})

describe('encoded mails', () => {
  const encoded = (headers: string, body: string) =>
    readableMail(`From: a@example.org\nSubject: x\n${headers}\n\n${body}`)
  test('what is not encoded stays as it is', () => assert.equal(encoded('X: y', 'plain'), null))
  test('quoted-printable, with soft breaks and bytes of UTF-8', () =>
    assert.match(
      encoded('Content-Transfer-Encoding: quoted-printable', 'caf=C3=A9 is =\nshut =3D')!,
      /\n\ncafé is shut =$/,
    ))
  test('base64 in another character set', () =>
    assert.match(
      encoded(
        'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64',
        Buffer.from('café', 'latin1').toString('base64'),
      )!,
      /\n\ncafé$/,
    ))
  test('headers in words', () =>
    assert.match(
      readableMail('From: a\nSubject: =?utf-8?B?Y2Fmw6k=?= =?iso-8859-1?q?_und_T=E9?=\n\nx')!,
      /Subject: café und Té/,
    ))
  test('of several parts the plain one is read, within parts of parts', () => {
    const inner = '--in\nContent-Type: text/html\n\n<p>no</p>\n--in\nContent-Type: text/plain\n\nyes\n--in--'
    const text = `--out\nContent-Type: multipart/alternative; boundary=in\n\n${inner}\n--out\nContent-Type: image/png\n\nxxx\n--out--`
    assert.match(encoded('Content-Type: multipart/mixed; boundary="out"', text)!, /\n\nyes\n$/)
  })
  test('HTML alone is read as text', () =>
    assert.match(
      encoded('Content-Type: text/html', '<h2>Summary</h2><p>dark</p><ul><li>a</li></ul>')!,
      /Summary\n[\s\S]*dark\n[\s\S]*- a/,
    ))
  test('broken encodings break nothing', () => {
    for (const body of ['=', '=G1', '=C3', 'x=\n'])
      assert.ok(encoded('Content-Transfer-Encoding: quoted-printable', body) !== null)
    assert.ok(encoded('Content-Transfer-Encoding: base64', '!!!') !== null)
    assert.ok(encoded('Content-Type: multipart/mixed; boundary=b', 'no part') !== null)
    assert.ok(
      encoded(
        'Content-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: base64',
        'YQ==',
      )!.endsWith('a'),
    )
  })
})
