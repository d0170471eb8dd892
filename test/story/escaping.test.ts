/** What people and targets write stays text on every page and in every message, whatever is in it. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import MarkdownIt from 'markdown-it'
import { chromium } from 'playwright-core'
import { parse as parseYaml } from 'yaml'
import { assertUnevaluated, hostileLine, hostileText, textOfHtml, textsOfXml } from '../harness/hostile.ts'
import { needs, programOf } from '../harness/needs.ts'
import { type RunningSmtp, startSmtp } from '../harness/smtp.ts'
import { playHostileIncident, posted, type Seen } from './hostile-incident-for-tests.ts'

let smtp: RunningSmtp
let seen: Seen

before(async () => {
  smtp = await startSmtp()
  seen = await playHostileIncident(smtp)
})
after(() => smtp.stop())

const isMarked = (text: string, mark: string) => text.includes(`${mark}<script>hit()</script>`)

describe('on pages', () => {
  test('everything is text, and the text is whole', () => {
    for (const [where, page] of seen.html) assertUnevaluated(textOfHtml(page, where), where)
    const whole = [...seen.html.values()].map((page) => textOfHtml(page, '')).join('\n')
    for (const mark of ['Pn', 'Pd', 'Sn', 'Up', 'An', 'Mn', 'Di'])
      assert.ok(isMarked(whole, mark), `${mark} is shown nowhere`)
    assert.ok(seen.html.size > 12, [...seen.html.keys()].join(', '))
  })

  test('nothing runs in a browser that nothing protects', needs('chromium'), async () => {
    const browser = await chromium.launch({ executablePath: programOf('chromium')!, args: ['--no-sandbox'] })
    try {
      const page = await browser.newPage()
      const calls: string[] = []
      await page.exposeFunction('hit', () => void calls.push('hit'))
      await page.route('**', (route) => {
        calls.push(route.request().url())
        return route.abort()
      })
      // Without the headers and without the policy inside the pages: escaping alone has to hold.
      const pages = [...seen.html, ...smtp.mails.map((mail) => [`mail: ${mail.subject}`, mail.html] as const)]
      for (const [where, source] of pages) {
        await page.setContent(source.replace(/<meta http-equiv[^>]*>/, '').replace(/<link [^>]*>/g, ''))
        const active = await page.evaluate(
          `[...document.querySelectorAll('script, img, iframe, object, embed')].length + [...document.querySelectorAll('a')].filter((a) => /script:|data:/i.test(a.protocol)).length`,
        )
        assert.equal(active, 0, where)
      }
      assert.deepEqual(calls, [])
    } finally {
      await browser.close()
    }
  })
})

describe('in messages', () => {
  test('no mail has a header that Tocsin did not write, nor another recipient', () => {
    assert.ok(smtp.mails.length >= 6)
    for (const mail of smtp.mails) {
      assert.match(mail.to, /@lab\.example$/)
      assert.deepEqual(
        mail.headers.map(({ key }) => key).sort(),
        'auto-submitted content-type date from message-id mime-version subject to x-auto-response-suppress'.split(
          ' ',
        ),
        mail.subject,
      )
      assert.doesNotMatch(mail.subject, /[\r\n\u202e]/)
    }
  })

  test('every mail says it as text, in both its parts', () => {
    for (const mail of smtp.mails) {
      const text = textOfHtml(mail.html, mail.subject)
      assertUnevaluated(text, mail.subject)
      assertUnevaluated(mail.text, mail.subject)
    }
    const subjects = smtp.mails.map((mail) => mail.subject).join('\n')
    assert.ok(isMarked(subjects, 'Mn'), subjects)
  })

  test('a line of what a target said cannot pass for a line of Tocsin', () => {
    for (const mail of smtp.mails)
      for (const line of mail.text.split('\n')) assert.doesNotMatch(line, /^\s*(Bcc:|\[press\])/, mail.text)
  })

  test('Slack gets no mention, and one link, which is ours', () => {
    const said = posted
      .filter(({ path }) => path === '/slack')
      .map(({ body }) => JSON.parse(body).text as string)
    assert.ok(said.length >= 3)
    for (const text of said) {
      const controls = text.match(/<[^>]*>/g) ?? []
      for (const control of controls)
        assert.match(control, /^<https:\/\/tocsin\.lab\.example\/[\w/-]+\|[\w ]+>$/)
      assert.ok(controls.length <= 1, text)
    }
    assert.ok(said.some((text) => text.includes('Mn&lt;script&gt;')))
  })

  test('Mattermost renders no markup of theirs, and wakes nobody by a mention', () => {
    const said = posted
      .filter(({ path }) => path === '/mattermost')
      .map(({ body }) => JSON.parse(body).text as string)
    assert.ok(said.length >= 3)
    for (const text of said) {
      assert.doesNotMatch(text, /@(channel|all|here)/)
      const html = new MarkdownIt({ html: true, linkify: false }).render(text)
      textOfHtml(html, 'Mattermost')
      assert.ok((html.match(/<a /g) ?? []).length <= 1, html)
    }
  })

  test('a webhook gets JSON whose texts are as they were written', () => {
    const said = posted.filter(({ path }) => path === '/webhook')
    assert.ok(said.length >= 3)
    for (const { body, headers } of said) {
      assert.equal(headers['content-type'], 'application/json')
      assert.ok(!('bcc' in headers))
      assertUnevaluated(JSON.parse(body).text, 'webhook')
    }
    assert.ok(said.some(({ body }) => isMarked(JSON.parse(body).subject, 'Mn')))
  })
})

describe('in what machines read', () => {
  test('the feed is well-formed, and what it holds as HTML is text', () => {
    const texts = textsOfXml(seen.feed)
    const contents = [...(texts.get('content') ?? []), ...(texts.get('summary') ?? [])]
    assert.ok(contents.length > 0)
    const all = [...contents, ...(texts.get('title') ?? []).slice(1)].map((html) => textOfHtml(html, 'feed'))
    for (const text of all) assertUnevaluated(text, `feed: ${text}`)
    assert.ok(isMarked(all.join('\n'), 'Up') && isMarked(all.join('\n'), 'Sn'), all.join('\n'))
    assert.ok(isMarked(texts.get('title')![0]!, 'Pn'))
  })

  test('JSON is JSON, and gives back what was written', () => {
    for (const [where, text] of seen.json)
      if (!where.endsWith('/markdown') && text !== '') assert.doesNotThrow(() => JSON.parse(text), where)
    const all = [...seen.json.values()].join('\n')
    for (const mark of [
      'Sn',
      'Sd',
      'Tn',
      'On',
      'Mn',
      'Jn',
      'Kn',
      'Si',
      'In',
      'Ti',
      'No',
      'Nc',
      'Up',
      'Re',
      'Ac',
      'Cr',
    ])
      assert.ok(all.includes(`${mark}<script>hit()</script>\\"><img`), `${mark} is told nowhere`)
  })

  test('the exported Markdown has front matter that holds the very texts', () => {
    const [, front] = /^---\n([\s\S]*?)\n---\n/.exec(seen.exported)!
    const read = parseYaml(front!)
    assert.equal(read.title, hostileLine('Pt'))
    assert.equal(read.tocsin.actions[0].title, hostileLine('Ac'))
    assert.equal(
      read.tocsin.actions[0].criterion.replaceAll('\r', ''),
      hostileText('Cr').replaceAll('\r', ''),
    )
    assert.match(read.summary, /^Pb<script>/)
    assert.ok(!('Bcc' in read))
  })

  test('a draft is inert even for a reader that believes all HTML: every name and note in it is escaped', () => {
    const body = seen.drafted.replace(/^---\n[\s\S]*?\n---\n/, '')
    const text = textOfHtml(new MarkdownIt({ html: true }).render(body), 'the draft')
    for (const mark of ['Sn', 'No', 'Nc', 'Ac', 'Cr', 'An', 'Mn']) assert.ok(isMarked(text, mark), mark)
    assertUnevaluated(text, 'the draft')
  })
})
