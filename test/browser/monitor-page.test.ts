import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, DESK, PHONE } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { BAD_MEMBERS, startMonitorsStage } from './monitors-stage.ts'
import type { Stage } from './stage.ts'

/** Pages that have cards of their own. */
const PAGES = [
  'docs-front',
  'farm',
  'pair',
  'nightly',
  'silent-job',
  'usual',
  'may-2020-ahead',
  'beside',
  'paused',
  'buy',
]

describe('the page of a monitor', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  before(async () => {
    stage = await startMonitorsStage()
    ;({ page } = await stage.signedIn())
    page.setDefaultTimeout(25_000)
    await stage.tocsin.until('the pools to be judged', 30_000, async () => {
      const { drained } = await stage.tocsin.api<{ drained: number }>('GET', '/api/v1/pools/farm')
      return drained === BAD_MEMBERS.length
    })
  })
  after(async () => {
    await stage?.stop()
  })
  const visit = async (id: string, on = page) => {
    await on.goto(`${stage.tocsin.url}/monitors/${id}`)
    await on.getByRole('region', { name: 'State now' }).waitFor()
    await on.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
  }
  const card = (name: string) => page.getByRole('region', { name, exact: true })

  test('it answers in the order in which people ask', async () => {
    await visit('nightly')
    const said = await card('State now').innerText()
    const places = [
      /^Down/,
      /since \w+ \d+ \w+/,
      /the job reported a failure with exit status 3: The authority answered 429/,
      /What would break next/,
      /A run has been going for .*; it counts as hung in \d+ min, after 30 min\./,
      /The certificate that this job renews \(usual\) ends in \d+ d.*, and the job does not run\./,
      /What it cannot see/,
      /\d kinds of failure that no monitor like it sees, and \d+ faults that nobody has played yet\./,
    ].map((pattern) => said.search(pattern))
    assert.ok(
      places.every((place) => place >= 0),
      `${places}\n${said}`,
    )
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
      said,
    )
  })

  test('the runs of a job: open ones first, exit status, log, and how long they took', async () => {
    await visit('nightly')
    const runs = card('Runs')
    await runs.getByText(/1 running · usually \d+ ms, by 11 runs/).waitFor()
    const rows = runs.locator('tbody tr')
    assert.equal(await rows.count(), 13)
    assert.match(await rows.nth(0).innerText(), /Running[\s\S]*so far[\s\S]*hung after 30 min/)
    assert.match(await rows.nth(1).innerText(), /Failed[\s\S]*3[\s\S]*Show the log/)
    assert.match(await rows.nth(2).innerText(), /Succeeded/)
    const show = rows.nth(1).getByRole('button', { name: 'Show the log' })
    await show.focus()
    await page.keyboard.press('Enter')
    await runs.getByText('The authority answered 429: too many requests').waitFor()
    await runs.getByRole('button', { name: 'Hide the log' }).click()
    await runs.getByText('The authority answered 429: too many requests').waitFor({ state: 'detached' })
    await visit('silent-job')
    await card('Runs').getByText('No run was heard of yet').waitFor()
  })

  test('a run that ends shows without a reload', async () => {
    await stage.tocsin.api('POST', '/api/v1/monitors', {
      id: 'watched',
      settings: { service: 'docs', type: 'heartbeat', every: '1d', pingKey: 'a-ping-key-of-sixteen' },
    })
    await visit('watched')
    await card('Runs').getByText('No run was heard of yet').waitFor()
    await fetch(`${stage.tocsin.url}/ping/a-ping-key-of-sixteen/7`)
    await card('Runs').getByText('Failed').waitFor({ timeout: 25_000 })
    await card('State now').getByText('Down', { exact: true }).waitFor()
  })

  test('a journey: each step, what came of it, and how the page looked where it ended', async () => {
    await visit('buy')
    await card('State now').getByText('Down', { exact: true }).waitFor({ timeout: 40_000 })
    const journey = card('The journey')
    await journey.getByText('2 of 4 steps').waitFor()
    const said = await journey.locator('tbody tr').allInnerTexts()
    assert.match(said[1]!, /The shop is open[\s\S]*Done/)
    assert.match(said[2]!, /Pay[\s\S]*Down/)
    assert.match(said[3]!, /Thanks are said[\s\S]*Not reached/)
    await journey.getByText('no stock is known').waitFor()
    const picture = journey.getByRole('img')
    await stage.tocsin.until('the picture', 10_000, async () =>
      picture.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 100),
    )
  })

  test('what renews and what is renewed are told as one story, from both sides', async () => {
    await visit('nightly')
    await card('The same story').getByText('This job renews the certificate of').waitFor()
    await card('The same story').getByRole('link', { name: 'usual' }).click()
    await page.getByRole('heading', { level: 1, name: 'usual' }).waitFor()
    await card('The same story').getByText('It is renewed by').waitFor()
    await card('State now')
      .getByText(/The job that renews it \(Nightly renewal\) is down: the job reported a failure/)
      .waitFor()
  })

  test('a pool of forty: those in need first, quorum and floor in a sentence, the others on demand', async () => {
    await visit('farm')
    const members = card('Members')
    await members.getByText('38 of 40 members are well; 18 more may fail before the pool is down.').waitFor()
    await members
      .getByText('38 of 40 take users; at least 20 always will, whatever the checks say.')
      .waitFor()
    const names = async () => (await members.locator('tbody .row-title').allInnerTexts()).slice(0, 3)
    assert.deepEqual(await names(), [...BAD_MEMBERS, 'node-01'])
    const first = members.locator('tbody tr').first()
    assert.match(
      await first.innerText(),
      /Drained[\s\S]*Down[\s\S]*connect refused[\s\S]*by Tocsin: bad too often in a row/,
    )
    assert.equal(await members.locator('tbody tr').count(), 8)
    await members.getByRole('button', { name: 'Show all 40' }).click()
    assert.equal(await members.locator('tbody tr').count(), 40)
    await members.getByRole('searchbox').fill('node-3')
    assert.equal(await members.locator('tbody tr').count(), 10)
    await members.getByRole('searchbox').fill('nobody')
    await members.getByText('No member is like that').waitFor()
  })

  test('a pool at its floor says who is bad and still takes users', async () => {
    await visit('pair')
    await card('Members').getByText('bad, and kept: the floor allows no further drain').waitFor()
    await card('Members').getByText('2 of 2 take users, which is the floor').waitFor()
    const coming = card('State now')
    await coming.getByText('The floor holds: right is bad and still takes users.').waitFor()
    await coming.getByText('1 of 2 members are well, which is the least').waitFor()
  })

  test('who breaks first, on which day, because of what, and what to send instead', async () => {
    await visit('may-2020-ahead')
    await card('State now')
      .getByText(
        /Clients like shipped agents, set-top boxes connect until .* in 11 d .*, and then no more, because of USERTrust/,
      )
      .waitFor()
    await card('State now')
      .getByText(/Stop sending/)
      .first()
      .waitFor()
  })

  test('faults that were missed and those never played stand there with what helps', async () => {
    await visit('docs-front')
    await card('What it cannot see').getByText('Never played').waitFor()
    await stage.tocsin.api('POST', '/api/v1/drills', {
      id: 'front-faults',
      settings: { kind: 'monitor-faults', monitor: 'docs-front', faults: ['http-wrong-content', 'http-500'] },
    })
    await stage.tocsin.api('POST', '/api/v1/drills/front-faults/run')
    const blind = card('What it cannot see')
    await blind.getByText('Missed in a drill').waitFor({ timeout: 60_000 })
    await blind.getByText('How to see it').first().click()
    await blind
      .getByText(/expect/)
      .first()
      .waitFor()
    await blind.getByText('It runs no script').waitFor()
    await card('State now')
      .getByText(/1 fault that it missed when played/)
      .waitFor()
    await card('Faults it catches').getByText('http 500').waitFor()
    await card('State now').getByRole('link', { name: 'In detail' }).click()
    assert.match(page.url(), /#cannot-see$/)
  })

  test('unknown time is kept apart from up and down', async () => {
    await page.route('**/api/v1/monitors/docs-front/history**', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { points: Record<string, unknown>[] }
      const hour = 3_600_000
      const sample = { degradedMs: 0, maintenanceMs: 0, tookMs: 5, tookMaxMs: 9 }
      const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * hour).toISOString()
      body.points = [
        { ...sample, at: at(3), upMs: hour, downMs: 0, unknownMs: 0, checks: 60, expectedChecks: 60 },
        { ...sample, at: at(2), upMs: 0, downMs: 0, unknownMs: hour, checks: 0, expectedChecks: 60 },
        { ...sample, at: at(1), upMs: 0, downMs: hour, unknownMs: 0, checks: 60, expectedChecks: 60 },
      ]
      await route.fulfill({ response: answer, json: body })
    })
    await visit('docs-front')
    const told = await card('History').locator('.uptime').innerText()
    assert.match(told, /Up for 50\.0 % of the 2 h judged in the last 24h\./)
    assert.match(told, /1 h unknown, counted as neither\./)
    assert.match(told, /120 of about 180 expected checks\./)
    await page.unroute('**/api/v1/monitors/docs-front/history**')
  })

  test('what a check tells in detail is drawn by its shape, and what has another shape breaks nothing', async () => {
    const soon = new Date(Date.now() + 86_400_000).toISOString()
    const drawn: [kind: string, details: unknown, region: string, says: RegExp][] = [
      [
        'http',
        {
          places: [
            { place: 'here', at: Date.now(), verdict: 'up', reason: 'ok' },
            { place: 'paris', at: Date.now(), verdict: 'down', reason: 'connect.refused' },
            { place: 'oslo', at: Date.now(), verdict: 'unknown', reason: 'place.silent' },
          ],
        },
        'Places',
        /1 of 3 see it well; 1 says it is bad, 1 knows nothing[\s\S]*paris[\s\S]*connect refused/,
      ],
      [
        'tls',
        {
          nodes: [
            { address: '192.0.2.1', verdict: 'up', reason: 'ok', fingerprint: 'AA:BB', notAfter: soon },
            {
              address: '192.0.2.2',
              verdict: 'down',
              reason: 'certificate.expired',
              fingerprint: 'CC:DD',
              notAfter: soon,
            },
          ],
        },
        'Addresses',
        /2 different certificates[\s\S]*192\.0\.2\.2[\s\S]*certificate expired/,
      ],
      [
        'dns',
        {
          servers: [
            {
              server: '192.0.2.53',
              verdict: 'up',
              reason: 'ok',
              tookMs: 3,
              records: ['192.0.2.9'],
              serial: 7,
            },
          ],
        },
        'Name servers',
        /192\.0\.2\.53[\s\S]*192\.0\.2\.9[\s\S]*serial 7/,
      ],
      [
        'inventory',
        {
          violations: [
            {
              rule: 'duplicate-address',
              reason: 'inventory.duplicate-address',
              summary: 'two hosts have 192.0.2.7',
              responsible: ['telephony'],
              rows: [{ device: 'pbx-1', ip: '192.0.2.7' }],
            },
          ],
          accepted: [{ rule: 'x', summary: 'known', because: 'it is being moved' }],
        },
        'Rules broken',
        /duplicate address[\s\S]*two hosts have[\s\S]*pbx-1 · 192\.0\.2\.7[\s\S]*telephony[\s\S]*it is being moved/,
      ],
      ['log', { samples: ['<b>Out of memory</b>'] }, 'Lines that matched', /<b>Out of memory<\/b>/],
      [
        'metric',
        { unit: '', shares: [{ name: 'acme', share: 0.62, usual: 0.2 }] },
        'Who has how much',
        /acme[\s\S]*62 %[\s\S]*20 %/,
      ],
      [
        'oidc',
        { keys: [{ id: 'k1', since: null, signed: null, neededUntil: soon }] },
        'Signing keys',
        /k1[\s\S]*Gone too early[\s\S]*needed until/,
      ],
    ]
    const show = async (kind: string, details: unknown) => {
      await page.route('**/api/v1/monitors/docs-front', async (route) => {
        const answer = await route.fetch()
        const body = (await answer.json()) as Record<string, unknown>
        const last = { verdict: 'up', reason: 'ok', summary: 'fine', tookMs: 3, values: {}, details }
        await route.fulfill({ response: answer, json: { ...body, kind, last } })
      })
      await visit('docs-front')
      await page.unroute('**/api/v1/monitors/docs-front')
    }
    for (const [kind, details, region, says] of drawn) {
      await show(kind, details)
      assert.match(await card(region).innerText(), says, region)
      await assertAccessible(page, region)
    }
    for (const details of [null, [], 'text', { places: 'nowhere', keys: [1], shares: null, servers: {} }]) {
      await show('dns', details)
      assert.equal(await card('Name servers').count(), 0)
      assert.equal(await card('Places').count(), 0)
    }
  })

  test('another Tocsin is told where to post its signs of life', async () => {
    await visit('beside')
    await card('The other Tocsin').getByText(`${stage.tocsin.url}/peers/beside/beat`).waitFor()
  })

  test('what is paused says that nothing would be noticed', async () => {
    await visit('paused')
    await card('State now').getByText('It is paused: nothing would be noticed').waitFor()
  })

  for (const [screen, options] of Object.entries({ desk: DESK, phone: PHONE }))
    for (const colorScheme of ['light', 'dark'] as const)
      test(`it fits and is accessible: ${screen}, ${colorScheme}`, async () => {
        const { context, page: other } = await stage.signedIn({ ...options, colorScheme })
        for (const id of PAGES) {
          await visit(id, other)
          for (const more of await other.locator('main details:not([open]) > summary').all())
            if (await more.isVisible()) await more.click()
          const wide = Number(await other.evaluate('document.documentElement.scrollWidth - innerWidth'))
          assert.ok(wide <= 0, `${id} scrolls sideways by ${wide} on the ${screen}`)
          await assertAccessible(other, `${id}, ${screen}, ${colorScheme}`)
        }
        await context.close()
      })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
