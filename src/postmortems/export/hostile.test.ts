/** What people write must stay text, in every form in which a post-mortem leaves. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parse, parseAllDocuments } from 'yaml'
import { readText } from '../import/read-document.ts'
import { documentForTests } from './documents-for-tests.ts'
import { fileName } from './file-name.rules.ts'
import { writeHtml } from './write-html.ts'
import { shown, writeMarkdown } from './write-markdown.ts'

const URL = 'https://tocsin.example.org/post-mortems/x'
const today = { year: 2026, month: 1, day: 31 }
const BAD = [
  '<img src=x onerror=alert(1)>',
  '</style></title><script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt&#58;alert(1))',
  '[a](data:text/html;base64,PHNjcmlwdD4=)',
  '![x](https://evil.example/pixel.png)',
  '![x"onerror="alert(1)](https://evil.example/"onerror="alert(1))',
  '<https://evil.example/"onclick="alert(1)>',
  '[x]: https://evil.example/a "title\\" onclick=alert(1)"',
  '```html\n<script>alert(1)</script>\n```',
  '&lt;script&gt; &#60;script&#62;',
  '{{constructor.constructor("alert(1)")()}} ${alert(1)}',
  '<!--[if IE]><script>alert(1)</script><![endif]-->',
]
const everywhere = (bad: string) => {
  const base = documentForTests()
  const line = bad.replaceAll(/\s+/g, ' ').slice(0, 100)
  return documentForTests({
    title: line,
    company: bad,
    product: bad,
    keywords: [line],
    body: `## Summary\n\n${bad}\n\n## Impact\n\n- ${bad}\n\n| a |\n| --- |\n| ${line} |\n\n### ${line}\n\n> ${bad}\n\n## Actions\n`,
    source: null,
    incident: {
      ...base.incident!,
      title: bad,
      services: [{ id: bad, name: bad }],
      roles: [{ role: bad, name: bad }],
      timeline: base.incident!.timeline.map((entry) => ({ ...entry, text: bad })),
    },
    actions: base.actions.map((action) => ({
      ...action,
      title: line,
      criterion: bad,
      owner: { id: bad, name: bad },
      ownerWritten: bad,
      counterpart: { kind: 'vendor' as const, name: line, reference: bad },
      promises: [
        {
          counterpart: line,
          promisedAt: action.createdAt,
          note: bad,
          by: { id: bad, name: bad },
          at: action.createdAt,
        },
      ],
      issue: { tracker: bad, project: bad, number: bad, url: bad, state: null },
      standing: action.standing.map((one) => ({ ...one, at: bad, reason: bad })),
    })),
  })
}

/** The elements of a page and their attributes, as a browser would come to them. */
function elements(page: string): { name: string; attributes: string[] }[] {
  return [...page.matchAll(/<([a-z][a-z0-9]*)((?:\s+[^<>\s"'=]+(?:="[^"]*")?)*)\s*>/gi)].map((m) => ({
    name: m[1]!.toLowerCase(),
    attributes: [...m[2]!.matchAll(/([^\s"'=]+)(?:="[^"]*")?/g)].map((a) => a[1]!.toLowerCase()),
  }))
}

describe('hostile text in HTML', () => {
  for (const bad of BAD)
    test(`${bad.replaceAll('\n', ' ').slice(0, 50)} does nothing`, () => {
      const page = writeHtml(shown(everywhere(bad), URL, null))
      const allowed = new Set(
        'html head meta title style body main article header footer p h1 h2 h3 div dl dt dd small span a em strong s ul ol li table thead tbody tr th td blockquote code pre hr br'.split(
          ' ',
        ),
      )
      for (const { name, attributes } of elements(page)) {
        assert.ok(allowed.has(name), `<${name}>`)
        for (const attribute of attributes) assert.doesNotMatch(attribute, /^on|^style$|^src$/, `<${name}>`)
      }
      assert.doesNotMatch(page, /href="(?!https:|mailto:)/i)
      assert.equal(page.match(/<style>/g)!.length, 1)
      assert.equal(page.match(/<\/title>/g)!.length, 1)
      assert.match(
        page,
        /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"/,
      )
    })

  test('signs that turn the direction are seen, and end where their paragraph ends', () => {
    const page = writeHtml(
      shown(
        documentForTests({ body: '## Summary\n\nrun \u202egpj.exe\u202c now \u2067rtl\u2069\u0007\u0000\n' }),
        URL,
        null,
      ),
    )
    assert.match(page, /run ⟨U\+202E⟩gpj\.exe/)
    assert.doesNotMatch(page, /[\u202d\u202e\u0000\u0007]/)
    assert.match(page, /unicode-bidi:isolate/)
  })

  test('a wrong fence does not swallow the actions', () => {
    const page = writeHtml(
      shown(documentForTests({ body: '## Actions\n\n```\n## Takeaways\nnever ended' }), URL, null),
    )
    assert.match(page, /Page when the served certificate is older/)
  })

  test('deep nesting and long lines cost no more than their length', () => {
    for (const body of [
      '> '.repeat(20_000),
      `${'- '.repeat(5_000)}x`,
      '['.repeat(50_000),
      '*a _b '.repeat(20_000),
      `|${'a|'.repeat(20_000)}\n|${'-|'.repeat(20_000)}\n`,
    ])
      assert.ok(
        writeHtml(shown(documentForTests({ body: `## Summary\n\n${body}` }), URL, null)).length >
          body.length / 10,
      )
  })
})

describe('hostile text in Markdown', () => {
  const FRONT = /^---\n([\s\S]*?)\n---\n\n/
  const TRICKS = [
    '---\nuuid: "other"\n---',
    '...\n--- !!python/object/apply:os.system ["id"]',
    '&a [*a, *a]',
    '!!js/function "function(){}"',
    '"\n  tocsin:\n    state: proved\n',
    '? complex\n: key',
    '<<: {state: proved}',
    '%YAML 1.1\n---',
    '\u2028---\u2028state: proved',
    'null',
    'true',
    '0x1F',
    '2026-01-31',
    '~',
    '1e3',
    '- x',
    '# a heading of its own',
    ' leading and trailing ',
  ]
  for (const bad of [...TRICKS, ...BAD])
    test(`${JSON.stringify(bad).slice(0, 50)} stays a value of the front matter`, () => {
      const document = everywhere(bad)
      const text = writeMarkdown(shown(document, URL, null))
      const [, head] = FRONT.exec(text)!
      assert.equal(parseAllDocuments(head!).length, 1)
      const front = parse(head!)
      assert.equal(front.uuid, document.id)
      assert.deepEqual([front.title, front.company, front.product], [document.title, bad, bad])
      assert.deepEqual(front.tocsin.incident.services, [bad])
      assert.equal(front.tocsin.state, 'reviewed')
      assert.deepEqual(
        front.tocsin.actions.map(({ state, criterion }: { state: string; criterion: string }) => [
          state,
          criterion,
        ]),
        document.actions.map(({ standing, criterion }) => [standing[0]!.state, criterion]),
      )
      assert.deepEqual(front.tocsin.actions[0].with, document.actions[0]!.counterpart)
      assert.equal(front.tocsin.actions[0].owner_written, bad)
      // And what reads it again takes nothing of it for markup of its own.
      const { incidents, format } = readText(text, { name: 'export.md', today })
      assert.equal(format, 'markdown')
      assert.equal(incidents.length, 1)
      assert.doesNotMatch(incidents[0]!.title?.value ?? '', /^other$/)
    })
})

test('names of files are made of what every system and header takes', () => {
  const named = (title: string) => fileName({ ...documentForTests(), title }, 'markdown')
  assert.equal(named('../../etc/passwd\r\nX-Evil: 1'), '2026-01-08-etc-passwd-x-evil-1-3d4c5b6a.md')
  assert.equal(named('Überlast "im" Netz'), '2026-01-08-uberlast-im-netz-3d4c5b6a.md')
  assert.equal(named('障害'), '2026-01-08-post-mortem-3d4c5b6a.md')
  assert.ok(named('x'.repeat(120)).length < 100)
})

test('a witness is called one wherever the state shows', () => {
  const [first] = documentForTests().actions
  const proof = { kind: 'witness', run: null, evidence: 'e', until: '2026-07-01T00:00:00.000Z' }
  const actions = [{ ...first!, standing: [{ ...first!.standing[0]!, proof }] }]
  const of = shown(documentForTests({ actions }), URL, null)
  assert.match(writeMarkdown(of), /\| proved \(by witness, until 2026-07-01\) \|/)
  assert.match(writeHtml(of), /class="state proved">proved<span class="under">by witness, until 2026-07-01</)
})

test('with whom an action is, and what they promised last, stands beside it', () => {
  const all = documentForTests().actions
  const of = (change: object) =>
    shown(documentForTests({ actions: [{ ...all[2]!, ...change }, all[0]!] }), URL, null)
  const told = of({})
  assert.match(writeMarkdown(told), /\| nobody \| Paper \\& Seal Ltd, promised 2026-02-15 \| {2}\|/)
  assert.match(writeHtml(told), /nobody owns it · with Paper &amp; Seal Ltd, promised 2026-02-15</)
  const { tocsin } = parse(/^---\n([\s\S]*?)\n---\n/.exec(writeMarkdown(told))![1]!)
  assert.deepEqual(
    tocsin.actions[0].promised.map(({ for: day }: { for: string }) => day.slice(0, 10)),
    ['2026-01-20', '2026-02-15'],
  )
  assert.equal(tocsin.actions[0].issue.url, 'https://git.example.org/ops/docs/issues/12')
  // What somebody else promised, before it was handed on, is no promise of theirs.
  const handedOn = of({ counterpart: { kind: 'team', name: 'Networks', reference: null } })
  assert.match(writeMarkdown(handedOn), /\| nobody \| Networks \| {2}\|/)
  assert.match(writeHtml(handedOn), /· with Networks</)
  assert.doesNotMatch(writeHtml(of({ counterpart: null })), /promised/)
  assert.doesNotMatch(writeMarkdown(of({ counterpart: null })), /\| With \|/)
})
