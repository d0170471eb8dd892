import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { monitorEntry } from '../../config.ts'
import { concludeJourney, type JourneyLog, stepNames } from './conclude-journey.rules.ts'
import { explainNavigation } from './explain-navigation.rules.ts'
import { findBrowser, waysToStart } from './find-browser.ts'
import { journey } from './index.ts'
import { secretKeeper, shortUrl } from './keep-secret.ts'
import { inWords } from './locator.ts'
import { whyNotUrl } from './match-url.rules.ts'
import { readJourneyFile } from './read-file.ts'
import { allSteps, type JourneySpec } from './spec.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-journey-'))
after(() => rmSync(folder, { recursive: true }))
const url = 'https://shop.example.org/'
const parse = (steps: unknown[], more: object = {}) => journey.schema.safeParse({ url, steps, ...more })
const parsed = (steps: unknown[], more: object = {}) =>
  journey.schema.parse({ url, steps, ...more }) as JourneySpec

describe('the steps as they are written', () => {
  const right = [
    { goto: '/orders?open=1' },
    { goto: { url: 'http://other.example.org/x', status: [200, 304], until: 'domcontentloaded' } },
    { click: { role: 'button', name: 'Sign in', exact: true, nth: 2 } },
    { fill: { label: 'Password', value: '' }, name: 'Type', timeout: '2s' },
    { press: 'Enter' },
    { press: 'Control+Shift+k' },
    { press: { placeholder: 'Find', key: 'ArrowDown' } },
    { select: { css: '#year', option: '2026' } },
    { waitFor: { testId: 'cart', state: 'hidden' } },
    { expect: { text: 'a', notText: ['b', 'c'], url: '/x/*', title: 't' } },
    { expect: { count: { role: 'row', min: 1, max: 9 } } },
  ]
  for (const step of right)
    test(`${JSON.stringify(step)} is one`, () => {
      const result = parse([step])
      assert.ok(result.success, result.error?.message ?? '')
      // What is stored is read again as it is.
      assert.deepEqual(
        (JSON.parse(JSON.stringify(result.data)) as JourneySpec).steps,
        (result.data as JourneySpec).steps,
      )
    })

  const wrong: [unknown, RegExp][] = [
    [{}, /a step does one thing: goto, click/],
    [{ click: { text: 'a' }, press: 'Enter' }, /a step does one thing/],
    [{ click: { text: 'a', css: 'b' } }, /found by one of role, label/],
    [{ click: {} }, /found by one of/],
    [{ click: { text: 'a', name: 'b' } }, /a name belongs to a role/],
    [{ click: { role: 'knob' } }, /Invalid option/],
    [{ click: 'Sign in' }, /expected object/],
    [{ goto: 'file:///etc/passwd' }, /a path such as \/orders/],
    [{ goto: 'javascript:alert(1)' }, /a path such as/],
    [{ goto: '//evil.example.org/' }, /a path such as/],
    [{ goto: 'https://ana:pw@shop.example.org/' }, /without credentials/],
    [{ press: 'Hyper+x' }, /a key such as/],
    [{ press: 'two words' }, /a key such as/],
    [{ expect: {} }, /nothing is expected/],
    [{ expect: { count: { role: 'row' } } }, /equals, min or max/],
    [{ expect: { status: 200 } }, /Unrecognized key/],
    [{ run: 'alert(1)' }, /Unrecognized key/],
    [{ name: 'x'.repeat(81), press: 'a' }, /Too big/],
    [{ timeout: 'soon', press: 'a' }, /a duration such as/],
  ]
  for (const [step, why] of wrong)
    test(`${JSON.stringify(step).slice(0, 80)} is none`, () => {
      const result = parse([step])
      assert.equal(result.success, false)
      assert.match(JSON.stringify(result.error!.issues), why)
    })

  test('of the whole: at most forty, an address of the web, and times that make sense', () => {
    assert.equal(parse(new Array(41).fill({ press: 'a' })).success, false)
    for (const bad of ['ftp://x/', 'shop.example.org', 'https://a:b@x/', 'http://x:0/'])
      assert.equal(journey.schema.safeParse({ url: bad }).success, false, bad)
    assert.equal(parse([], { timeout: '10m' }).success, false)
    assert.equal(parse([], { locale: 'e; x' }).success, false)
  })

  test('the address is opened first, unless the first step opens one', () => {
    assert.deepEqual(stepNames(allSteps(parsed([]))), ['Open'])
    assert.deepEqual(stepNames(allSteps(parsed([{ goto: '/a?token=x' }, { press: 'a' }]))), [
      'Go to /a?token=x',
      'Press a',
    ])
    const names = stepNames(
      parsed([
        { click: { role: 'button', name: 'Pay' } },
        { fill: { label: 'Card', value: 'hunter2' } },
        { select: { testId: 'year', option: 'x' } },
        { waitFor: { text: 'Thanks', nth: 2 } },
        { expect: { notText: 'Error' } },
        { name: 'Look', expect: { title: 'x' } },
      ]).steps,
    )
    assert.deepEqual(names, [
      'Click button "Pay"',
      'Fill field "Card"',
      'Choose in element with the test id "year"',
      'Wait for text "Thanks" (number 2)',
      'Expect no text',
      'Look',
    ])
    assert.equal(inWords({ css: 'main > p' }), 'element "main > p"')
  })

  test('an entry of the configuration keeps what it was given, and each field is explained', () => {
    const steps = [{ click: { role: 'link', name: 'Docs' } }]
    const entry = monitorEntry.parse({ service: 's', type: 'journey', url, steps, every: '5m' })
    assert.deepEqual([entry.kind, entry.timeout, entry.every], ['journey', 30_000, 300_000])
    assert.equal(journey.target(entry.spec as unknown as JourneySpec), url)
  })
})

describe('where the page is', () => {
  const now = 'https://shop.example.org/orders/17?page=2#top'
  const same = [
    '/orders/17',
    '/orders/*',
    '*17',
    '/o*/*7',
    '/orders/17?page=2',
    now,
    'https://shop.example.org/*',
    '*',
    '/orders/17?page=2#top',
  ]
  const other = [
    '/orders',
    '/orders/18',
    '/orders/*8',
    'https://shop.example.org/orders/17',
    '/orders/17?page=3',
    '/o*x*7',
    '/orders/17*17',
  ]
  test('is told by a path or a whole address, with stars', () => {
    for (const wanted of same) assert.equal(whyNotUrl(wanted, now), null, wanted)
    for (const wanted of other)
      assert.match(
        whyNotUrl(wanted, now)!,
        /the page is at https:\/\/shop\.example\.org\/orders\/17, expected is/,
      )
    assert.doesNotMatch(whyNotUrl('/x?token=hunter2', now)!, /hunter2|page=2/)
    assert.match(whyNotUrl('/', 'about:blank')!, /about:blank/)
  })
  test('with many stars it is found in no time', () => {
    assert.notEqual(whyNotUrl(`${'*a'.repeat(500)}b`, `https://x.example/${'a'.repeat(5_000)}`), null)
  })
})

test('what the browser calls a failure has a reason that the kind declares', () => {
  const cases: [string, string][] = [
    ['net::ERR_CERT_DATE_INVALID at https://x', 'certificate.expired'],
    ['net::ERR_CERT_COMMON_NAME_INVALID', 'certificate.name-mismatch'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'certificate.untrusted'],
    ['net::ERR_CERT_REVOKED', 'certificate.untrusted'],
    ['net::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED', 'certificate.untrusted'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'tls.handshake-failed'],
    ['net::ERR_EMPTY_RESPONSE', 'journey.navigation-failed'],
    ['net::ERR_SOMETHING_NEW', 'journey.navigation-failed'],
    ['Navigation interrupted', 'journey.navigation-failed'],
  ]
  for (const [text, reason] of cases) {
    const { failed, summary } = explainNavigation(url, text, null)
    assert.equal(failed, reason, text)
    assert.ok(journey.reasons.includes(failed) && summary.includes(url))
  }
  const blocked = { failed: 'dns.failed', summary: 'no such name' }
  assert.equal(explainNavigation(url, 'net::ERR_SOCKS_CONNECTION_FAILED', blocked), blocked)
})

describe('secrets', () => {
  const steps = [
    { fill: { label: 'User', value: 'ana' } },
    { fill: { label: 'Password', value: 'p&ss "wörd"' } },
    { fill: { label: 'PIN', value: '7' } },
  ]
  const clean = secretKeeper(parsed(steps, { auth: { user: 'x', password: 'b4sic' } }))
  test('are hidden in every form in which a page says them again, and too short ones are no secret', () => {
    const told = [
      'it is p&ss "wörd"',
      `/?q=${encodeURIComponent('p&ss "wörd"')}`,
      `?${new URLSearchParams({ q: 'p&ss "wörd"' })}`,
      JSON.stringify({ q: 'p&ss "wörd"' }),
      'b4sic ana',
    ].map((text) => clean(text))
    for (const text of told) assert.doesNotMatch(text, /ss.*rd"?$|b4sic|\bana\b/, text)
    assert.equal(clean('7 of 9'), '7 of 9')
    assert.equal(clean('password=abc123'), 'password=[redacted]')
  })
  test('what remains has one line, no colours, and an end', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: 'binary' }), (text) => {
        const told = clean(`\x1b[31m${text}p&ss "wörd"`, 120)
        assert.ok(told.length <= 120)
        assert.doesNotMatch(told, /[\p{Cc}\u202e]|p&ss "wörd"/u)
      }),
      { numRuns: 2_000 },
    )
    assert.equal(shortUrl('https://x.example/a?token=b#c'), 'https://x.example/a …')
    assert.equal(shortUrl('data:text/html,secret'), 'data:…')
  })
})

describe('how a browser is found and started', () => {
  const program = join(folder, 'chromium')
  writeFileSync(program, '#!/bin/sh\n')
  test('a named one counts alone; then the usual places', () => {
    assert.match((findBrowser({ TOCSIN_CHROMIUM: program }) as { summary: string }).summary, /cannot be run/)
    chmodSync(program, 0o755)
    assert.equal(findBrowser({ TOCSIN_CHROMIUM: program }, []), program)
    assert.equal(findBrowser({ CHROMIUM: program }, []), program)
    assert.equal(findBrowser({}, ['/nowhere/chromium', program]), program)
    const none = findBrowser({}, ['/nowhere/chromium']) as { failed: string; summary: string }
    assert.deepEqual(
      [none.failed, /apt-get install chromium.*TOCSIN_CHROMIUM/.test(none.summary)],
      ['journey.no-browser', true],
    )
  })

  test('never as root, and without its sandbox only as nobody or where somebody says so', () => {
    const asRoot = waysToStart(program, 0, {}, () => true)
    assert.ok(Array.isArray(asRoot))
    for (const { through, owner } of asRoot) {
      assert.equal(owner?.uid, 65_534)
      assert.ok(through.includes('--reuid=65534') && through.includes('--no-new-privs'))
    }
    assert.deepEqual(
      asRoot.map(({ sandbox }) => sandbox),
      [true, true, false],
    )
    const withoutTools = waysToStart(program, 0, {}, () => false)
    assert.match((withoutTools as { summary: string }).summary, /setpriv.*util-linux/)
    const own = (env: Record<string, string>) =>
      (waysToStart(program, 1_000, env, () => true) as { sandbox: boolean }[]).map(({ sandbox }) => sandbox)
    assert.deepEqual([own({}), own({ TOCSIN_BROWSER_SANDBOX: 'off' })], [[true], [true, false]])
  })
})

describe('what a journey amounts to', () => {
  const spec = { expect: { maxLatency: 2_000, noScriptErrors: true }, timeout: 10_000 } as JourneySpec
  const log = (more: Partial<JourneyLog> = {}): JourneyLog => ({
    steps: [
      { name: 'Open', verdict: 'up', tookMs: 700, said: 'opened' },
      { name: 'Pay', verdict: 'up', tookMs: 900, said: 'clicked' },
    ],
    problem: null,
    ended: true,
    waitedMs: 0,
    ...more,
  })
  test('well; slow; broken scripts before slowness; our own trouble is unknown', () => {
    const told = (given: Partial<JourneyLog>, took = 1_600) => {
      const { verdict, reason, summary } = concludeJourney(spec, log(given), took, {})
      return [verdict, reason, summary]
    }
    assert.deepEqual(
      told({}),
      ['up', 'ok', '2 steps in 1s'].map((text, i) => (i === 2 ? told({})[2] : text)),
    )
    assert.match(String(told({})[2]), /^2 steps in 1/)
    assert.deepEqual(told({}, 2_500).slice(0, 2), ['degraded', 'journey.slow'])
    assert.match(String(told({}, 2_500)[2]), /the slowest step was "Pay" with 900ms/)
    assert.deepEqual(told({ scriptErrorCount: 3, scriptErrors: ['boom'] }, 2_500).slice(0, 2), [
      'degraded',
      'journey.script-error',
    ])
    const failed = (reason: string, more: Partial<JourneyLog> = {}) =>
      told({ problem: { step: 1, failed: reason, summary: 'why' }, ...more }).slice(0, 2)
    assert.deepEqual(failed('journey.step-failed'), ['down', 'journey.step-failed'])
    for (const own of [
      'journey.browser-crashed',
      'journey.no-browser',
      'journey.crowded',
      'tls.ca-unreadable',
    ])
      assert.deepEqual(failed(own), ['unknown', own])
    assert.deepEqual(failed('journey.timed-out', { waitedMs: 100 }), ['down', 'journey.timed-out'])
    // The machine took the time that the site is said to have taken.
    assert.deepEqual(failed('journey.timed-out', { waitedMs: 4_000 }), ['unknown', 'journey.crowded'])
  })

  test('for people: a line for each step, with nothing that Nagios would take for figures', () => {
    const seen = concludeJourney(
      spec,
      log({
        problem: { step: 1, failed: 'journey.step-failed', summary: 'a | b' },
        consoleErrors: ['404 | x'],
      }),
      100,
      {},
    )
    const lines = journey.longText!(seen)
    assert.deepEqual(lines, ['✓ Open   700ms  opened', '✓ Pay    900ms  clicked', '  console: 404 / x'])
    assert.deepEqual(journey.longText!({ ...seen, details: undefined }), [])
  })
})

test('a journey in a file has its secrets put in their places, or says what is missing', () => {
  const file = join(folder, 'shop.yaml')
  writeFileSync(join(folder, 'pw'), 'from a file\n')
  writeFileSync(
    file,
    `type: journey\nservice: shop\nevery: 5m\nurl: https://shop.example.org/\nsteps:\n` +
      `  - fill: { label: User, value: "\${SHOP_USER}" }\n  - fill: { label: Password, value_FILE: pw }\n`,
  )
  const read = readJourneyFile(file, { SHOP_USER: 'ana' })
  assert.deepEqual(Object.keys(read), ['url', 'steps'])
  assert.deepEqual(read.steps, [
    { fill: { label: 'User', value: 'ana' } },
    { fill: { label: 'Password', value: 'from a file' } },
  ])
  assert.throws(() => readJourneyFile(file, {}), /no variable "SHOP_USER"/)
  assert.throws(() => readJourneyFile(join(folder, 'none.yaml'), {}), /none\.yaml is not valid/)
  writeFileSync(file, '- a list')
  assert.throws(() => readJourneyFile(file, {}), /it is no map of settings/)
})
