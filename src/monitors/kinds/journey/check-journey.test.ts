/** Journeys through a real site in a real Chromium: each reason has a page that deserves it. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { needs } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { journey } from './index.ts'
import { sharedBrowser } from './shared-browser.ts'
import { answerShop, type Site, startSite, travel, useKnownBrowser } from './site-for-tests.ts'

let site: Site
before(async () => {
  useKnownBrowser()
  site = await startSite()
})
after(async () => {
  site.stop()
  await sharedBrowser.stop(systemClock)
})

const at = (path: string) => site.url + path
const signIn = [
  { fill: { label: 'User', value: 'ana' } },
  { fill: { label: 'Password', value: 'correct horse' } },
  { select: { label: 'Year', option: '2026' } },
  { name: 'Sign in', click: { role: 'button', name: 'Sign in' } },
]

async function expects(verdict: string, reason: string, settings: Record<string, unknown>) {
  const seen = await travel(settings, 'shop')
  assert.deepEqual([seen.verdict, seen.reason], [verdict, reason], seen.summary)
  assert.ok(journey.reasons.includes(seen.reason))
  assert.ok(!seen.summary.includes('\n') && seen.summary.length < 400, seen.summary)
  assert.ok(JSON.stringify(seen.details).length < 8_000)
  return seen
}

describe('a way that can be gone', needs('chromium'), () => {
  test('fields, lists, keys, texts, titles, addresses, counts', async () => {
    const seen = await expects('up', 'ok', {
      url: at('/'),
      steps: [
        { expect: { title: 'Shop', visible: { role: 'heading', name: 'Shop' }, text: 'Sign in' } },
        { press: 'F2' },
        { expect: { text: ['Shortcut'] } },
        { fill: { placeholder: 'Find a book', value: 'Emma' } },
        { press: { testId: 'find', key: 'Enter' } },
        { expect: { text: 'Found Emma' } },
        { click: { role: 'checkbox', name: 'Stay' } },
        ...signIn,
        { waitFor: { css: 'form', state: 'hidden' } },
        {
          expect: {
            url: '/account*',
            title: 'Account',
            text: ['Welcome ana, your year is 26'],
            notText: 'Wrong password',
            count: { role: 'listitem', equals: 3 },
            hidden: { text: 'Sign in' },
          },
        },
        { waitFor: { text: 'two', nth: 1 } },
        { goto: '/' },
        { expect: { count: { role: 'button', name: 'Help', min: 2, max: 2 }, url: at('/') } },
      ],
    })
    assert.equal(seen.summary.replace(/in .*/, ''), '17 steps ')
    assert.equal(seen.values.stepsDone, 17)
    assert.ok(Number(seen.values.step1Ms) > 0 && Number(seen.values.step17Ms) <= seen.tookMs)
    const { steps, failedAt, screenshot, browser } = seen.details
    assert.deepEqual([failedAt, screenshot, /^\d+\./.test(browser!)], [null, false, true])
    assert.deepEqual(steps[11], {
      name: 'Sign in',
      verdict: 'up',
      tookMs: steps[11]!.tookMs,
      said: 'clicked button "Sign in"',
    })
    // A profile that was never used: nothing of the journey before is left.
    await expects('up', 'ok', { url: at('/'), steps: [{ expect: { visible: { label: 'User' } } }] })
  })

  test('a phone, a language, credentials of the browser', async () => {
    const guarded = await startSite((request, response) => {
      const ok = request.headers.authorization === `Basic ${btoa('ana:s3cret')}`
      response.writeHead(ok ? 200 : 401, {
        'content-type': 'text/html',
        ...(!ok && { 'www-authenticate': 'Basic realm=x' }),
      })
      response.end(`<p>${request.headers['accept-language']} ${request.headers['user-agent']}</p>`)
    })
    try {
      const settings = { url: guarded.url, device: 'phone', locale: 'fr-FR' }
      const steps = [{ expect: { text: ['fr-FR'] } }]
      await expects('up', 'ok', { ...settings, auth: { user: 'ana', password: 's3cret' }, steps })
      const seen = await expects('down', 'journey.http-status', settings)
      assert.match(seen.summary, /status 401/)
    } finally {
      guarded.stop()
    }
  })

  test('a status of failure that is expected', async () => {
    await expects('up', 'ok', { url: at('/404'), steps: [{ goto: { url: '/404', status: [404, 410] } }] })
    await expects('up', 'ok', { url: at('/'), steps: [{ goto: { url: '/empty-500', status: 500 } }] })
    const other = { url: at('/'), steps: [{ goto: { url: '/', status: 204 } }] }
    assert.match((await expects('down', 'journey.http-status', other)).summary, /status 200, expected is 204/)
  })
})

describe('steps that fail say why', needs('chromium'), () => {
  const cases: [string, Record<string, unknown>, string, RegExp][] = [
    ['/', { click: { role: 'button', name: 'Buy now' } }, 'step-failed', /no button "Buy now" after 2s/],
    ['/', { click: { role: 'button', name: 'Buy' } }, 'step-failed', /button "Buy" is disabled/],
    ['/', { click: { role: 'button', name: 'Help' } }, 'step-failed', /there are 2 of button "Help"/],
    ['/', { select: { label: 'Year', option: '1999' } }, 'step-failed', /has no such option/],
    ['/', { waitFor: { text: 'Thank you' } }, 'step-failed', /text "Thank you" is not seen after 2s/],
    ['/', { waitFor: { label: 'User', state: 'hidden' } }, 'step-failed', /field "User" is still seen/],
    ['/covered', { click: { text: 'Under' } }, 'step-failed', /covered by <div.*banner/],
    ['/', { fill: { css: '#said', value: 'x' } }, 'step-failed', /element "#said"/],
    ['/', { expect: { text: 'Hello' } }, 'expectation-failed', /does not show "Hello" after 2s/],
    ['/', { expect: { notText: 'Shop' } }, 'expectation-failed', /the page shows "Shop"/],
    ['/', { expect: { title: 'Cart' } }, 'expectation-failed', /the title is "Shop", expected is "Cart"/],
    ['/', { expect: { url: '/cart' } }, 'expectation-failed', /is at http:.*expected is \/cart/],
    ['/', { expect: { visible: { testId: 'cart' } } }, 'expectation-failed', /test id "cart" is not seen/],
    ['/', { expect: { hidden: { label: 'User' } } }, 'expectation-failed', /is still seen/],
    [
      '/',
      { expect: { count: { role: 'button', max: 3 } } },
      'expectation-failed',
      /there are 4 of button, expected are at most 3/,
    ],
    ['/hang', { expect: { text: 'Later' }, timeout: '2s' }, 'expectation-failed', /does not answer/],
    ['/hang-on-input', { click: { text: 'Here' } }, 'step-failed', /does not answer|could not be used/],
    ['/hang-on-input', { press: 'Enter' }, 'step-failed', /does not answer/],
  ]
  for (const [path, step, reason, words] of cases)
    test(`${path} ${JSON.stringify(step)}`, async () => {
      const steps = [{ timeout: '2s', ...step }, { click: { text: 'never' } }]
      const seen = await expects('down', `journey.${reason}`, { url: at(path), steps })
      assert.match(seen.summary, words)
      assert.match(seen.summary, /^step 2 of 3, "/)
      const { failedAt, steps: told } = seen.details
      assert.deepEqual([failedAt, told.map((one) => one.verdict)], [1, ['up', 'down', 'skipped']])
      assert.match(told[1]!.said ?? '', /.{5}/)
    })
})

describe('pages that do not come', needs('chromium'), () => {
  test('status, connection, circle, size', async () => {
    const failed = await expects('down', 'journey.http-status', { url: at('/500') })
    assert.match(failed.summary, /answered with status 500, expected is one below 400/)
    assert.equal(failed.details.screenshot, true)
    await expects('down', 'journey.http-status', { url: at('/empty-500') })
    assert.match(
      (await expects('down', 'journey.navigation-failed', { url: at('/reset') })).summary,
      /closed the connection without an answer/,
    )
    await expects('down', 'journey.navigation-failed', { url: at('/circle') })
    await expects('down', 'journey.navigation-failed', { url: at('/file') })
    await expects('down', 'journey.navigation-failed', { url: at('/never') })
    await expects('down', 'journey.too-much-loaded', {
      url: at('/much'),
      steps: [{ waitFor: { text: 'never' }, timeout: '10s' }],
    })
  })

  test('a click that leads to a page of errors is told by that page', async () => {
    const pay = { click: { text: 'Pay' } }
    const after = { expect: { text: 'Thank you' }, timeout: '700ms' }
    const seen = await expects('down', 'journey.http-status', { url: at('/leave'), steps: [pay, after] })
    assert.match(seen.summary, /step 3 of 3.*\/500 answered with status 500.*does not show "Thank you"/)
    const broken = { url: at('/leave'), steps: [{ click: { text: 'Break' } }, after] }
    await expects('down', 'journey.navigation-failed', broken)
  })

  test('what is wrong with the connection is told as by every kind', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await new Promise((resolve) => server.close(resolve))
    await expects('down', 'connect.refused', { url: `http://127.0.0.1:${port}/` })
    await expects('down', 'egress.refused', { url: 'http://169.254.169.254/latest/' })
    await expects('down', 'egress.refused', { url: at('/metadata') })
    await expects('down', 'tls.handshake-failed', { url: `https://127.0.0.1:${site.port}/` })
  })

  test('a journey whose time is over says in which step', async () => {
    const steps = [{ waitFor: { text: 'Thank you' } }, { click: { text: 'Help' } }]
    const seen = await expects('down', 'journey.timed-out', {
      url: at('/'),
      steps,
      timeout: '2s',
      stepTimeout: '10s',
    })
    assert.match(seen.summary, /step 2 of 3.*is not seen.*\(the journey has 2s\)/)
    assert.ok(seen.tookMs < 2_000)
  })
})

describe('ways that were gone, and are not well', needs('chromium'), () => {
  test('an error of a script counts where it is told to', async () => {
    const steps = [{ expect: { text: 'Here' } }]
    const expect = { noScriptErrors: true }
    const seen = await expects('degraded', 'journey.script-error', { url: at('/throws'), steps, expect })
    assert.match(seen.summary, /cart is undefined/)
    const left = await expects('up', 'ok', { url: at('/throws'), steps })
    assert.deepEqual([left.details.scriptErrors, left.values.scriptErrors], [['cart is undefined'], 1])
  })

  test('slower than allowed', async () => {
    const seen = await expects('degraded', 'journey.slow', {
      url: at('/slow'),
      expect: { maxLatency: '300ms' },
    })
    assert.match(seen.summary, /allowed is 300ms; the slowest step was "Open" with/)
  })
})

describe('over TLS', needs('chromium'), () => {
  let root: Minted
  let good: Minted
  before(async () => {
    root = await mintRoot()
    good = await mint({ name: 'CN=shop', names: ['shop.example.org'], by: root })
  })
  const over = async (
    served: Minted,
    reason: string,
    settings: Record<string, unknown> = {},
    verdict = reason === 'ok' ? 'up' : 'down',
  ) => {
    const secure = await startSite(answerShop, served)
    try {
      return await expects(verdict, reason, {
        url: 'https://shop.example.org/',
        connectTo: `127.0.0.1:${secure.port}`,
        expect: { ca: root.cert },
        steps: [{ expect: { title: 'Shop' } }],
        ...settings,
      })
    } finally {
      secure.stop()
    }
  }

  test('the certificate is judged as everywhere, before a request is sent', async () => {
    const seen = await over(good, 'ok')
    assert.equal(seen.certificate?.subject, 'CN=shop')
    await over(await mint({ name: 'CN=x', names: ['x.example'], by: root }), 'certificate.name-mismatch')
    await over(
      await mint({ name: 'CN=x', names: ['shop.example.org'], by: root, from: -30, days: -1 }),
      'certificate.expired',
    )
    await over(good, 'certificate.untrusted', { expect: {} })
    await over(good, 'tls.ca-unreadable', { expect: { ca: '/nowhere/ca.pem' } }, 'unknown')
    const soon = await mint({ name: 'CN=x', names: ['shop.example.org'], by: root, days: 3 })
    await over(soon, 'certificate.expires-soon', {}, 'degraded')
  })

  test('where the browser cannot judge the others, they are judged too', async () => {
    const stranger = await mintRoot('CN=Other,O=Other')
    for (const [by, reason] of [
      [root, 'ok'],
      [stranger, 'certificate.untrusted'],
    ] as const) {
      const other = await startSite(answerShop, await mint({ name: 'CN=o', names: ['localhost'], by }))
      try {
        const goto = `https://localhost:${other.port}/`
        const steps = [{ goto: 'https://shop.example.org/' }, { goto }]
        const seen = await over(good, reason, { steps })
        // No request went there.
        assert.deepEqual(other.heard.includes('/'), reason === 'ok')
        assert.equal(seen.certificate?.subject, 'CN=shop')
      } finally {
        other.stop()
      }
    }
  })

  test('looking away is only where it is asked for; Chromium itself refuses what it does not trust', async () => {
    await over(good, 'ok', { expect: { verifyChain: false } })
    await over(good, 'ok', { expect: { accept: 'any' } })
    const other = await startSite(answerShop, await mint({ name: 'CN=o', names: ['localhost'], by: root }))
    try {
      const seen = await expects('down', 'certificate.untrusted', {
        url: at('/'),
        steps: [{ goto: '/' }, { goto: `https://localhost:${other.port}/` }],
      })
      assert.match(seen.summary, /the browser does not trust the authority/)
    } finally {
      other.stop()
    }
  })
})

test('a browser that cannot be found or run is unknown, with what to do', async () => {
  const { SharedBrowser } = await import('./shared-browser.ts')
  const { checkJourney } = await import('./check-journey.ts')
  const spec = journey.schema.parse({ url: 'http://127.0.0.1:9/' })
  const context = {
    clock: systemClock,
    signal: AbortSignal.timeout(30_000),
    memory: null,
    monitorId: null,
    read: null,
  }
  for (const program of ['/nowhere/chromium', '/bin/false']) {
    const shelf = new SharedBrowser({ env: { TOCSIN_CHROMIUM: program } })
    const seen = await checkJourney(spec, context, shelf)
    assert.deepEqual([seen.verdict, seen.reason], ['unknown', 'journey.no-browser'], seen.summary)
    assert.match(seen.summary, new RegExp(program))
    assert.deepEqual(seen.values.stepsDone, 0)
  }
})
