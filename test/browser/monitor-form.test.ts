import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { assertAccessible } from '../harness/browser.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/tocsin.ts'
import { startCertificateServers } from './certificate-servers.ts'
import { chooseIn, focusedLabel, openForm } from './form-steps.ts'
import { type Stage, startStage } from './stage.ts'

interface Kind {
  kind: string
  title: string
  notTried: string | null
  cannotSee: { why: string }[]
}

describe('the form of a monitor', needs('chromium'), () => {
  let stage: Stage
  let page: Page
  let folder: string
  let certificates: Awaited<ReturnType<typeof startCertificateServers>>
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-form-'))
    certificates = await startCertificateServers(folder)
    stage = await startStage(() => certificates.monitors)
    ;({ page } = await stage.signedIn())
    page.setDefaultTimeout(25_000)
  })
  after(async () => {
    await stage?.stop()
    await certificates?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (on = page) => openForm(stage, on)
  const choose = (form: Locator, label: string, option: string, on = page) =>
    chooseIn(form, label, option, on)
  /** Unfolds what is folded. */
  const unfold = async (form: Locator, title: string) => {
    const fold = form
      .locator('details.fold', { has: page.locator('summary strong', { hasText: title }) })
      .first()
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').first().click()
    return fold
  }
  const box = (form: Locator, label: string) => form.getByRole('textbox', { name: label })
  const focused = () => focusedLabel(page)
  const spec = async (id: string) =>
    (await stage.tocsin.api<{ spec: Record<string, unknown> }>('GET', `/api/v1/monitors/${id}`)).spec
  const begin = async (form: Locator, id: string, kind: string) => {
    await box(form, 'Id').fill(id)
    await choose(form, 'Kind', kind)
    await choose(form, 'Service', 'Documentation')
  }
  const add = async (form: Locator) => {
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await form.waitFor({ state: 'detached' })
  }

  test('every kind has its form, says what it cannot see, and can be tried or says why not', async () => {
    const { items } = await stage.tocsin.api<{ items: Kind[] }>('GET', '/api/v1/monitor-kinds')
    assert.ok(items.length > 15)
    const form = await open()
    for (const { title, notTried, cannotSee } of items) {
      await choose(form, 'Kind', title)
      const blind = form.locator('details', { hasText: 'What no monitor of this kind can see' }).first()
      if ((await blind.getAttribute('open')) === null) await blind.locator('summary').click()
      for (const { why } of cannotSee) await form.getByText(why).waitFor()
      const tryIt = form.getByRole('button', { name: 'Try it now' })
      assert.equal(await tryIt.count(), notTried ? 0 : 1, title)
      if (notTried) await form.getByText(notTried).waitFor()
      // Nothing has to be written as JSON.
      assert.equal(await form.locator('textarea[placeholder=JSON]').count(), 0, title)
    }
  })

  test('lists of groups, unions, single values and pairs are sent as they were meant', async () => {
    const form = await open()
    await begin(form, 'with-lists', 'Web address')
    await box(form, 'Address').first().fill('http://127.0.0.1/health')
    const expect = await unfold(form, 'Expect')
    const lists = expect.getByRole('group', { name: 'JSON', exact: true })
    await lists.getByRole('button', { name: 'Add an entry' }).click()
    const first = lists.getByRole('group', { name: 'JSON 1' })
    await box(first, 'Path').fill('$.replicas')
    await first.getByRole('button', { name: 'Add a setting' }).click()
    await page.getByRole('menuitem', { name: 'Equals' }).click()
    await box(first, 'Equals').fill('3')
    await lists.getByRole('button', { name: 'Add another entry' }).click()
    const second = lists.getByRole('group', { name: 'JSON 2' })
    await box(second, 'Path').fill('$.version')
    await second.getByRole('button', { name: 'Add a setting' }).click()
    await page.getByRole('menuitem', { name: 'Equals' }).click()
    await box(second, 'Equals').fill('"3"')
    await lists.getByRole('button', { name: 'Add another entry' }).click()
    await lists.getByRole('button', { name: 'Remove json 3' }).click()
    await choose(form, 'Clients', 'modern')
    await page.keyboard.press('Escape')
    await expect.getByRole('button', { name: 'Add a client with settings of its own' }).click()
    const client = expect.getByRole('group', { name: 'Client 1' })
    await box(client, 'Name').fill('kiosks')
    await box(client, 'Store').fill('/etc/ssl/certs/ca-certificates.crt')
    await choose(form, 'Every address', 'These')
    const addresses = form.getByRole('combobox', { name: 'Every address: these' })
    await addresses.fill('127.0.0.1')
    await addresses.press('Enter')
    await form.getByRole('textbox', { name: 'Headers' }).first().fill('Accept: text/plain\nX-Who: Tocsin')
    await add(form)
    const stored = await spec('with-lists')
    assert.deepEqual(stored.expect, {
      json: [
        { path: '$.replicas', equals: 3 },
        { path: '$.version', equals: '3' },
      ],
      clients: ['modern', { name: 'kiosks', store: '/etc/ssl/certs/ca-certificates.crt' }],
    })
    assert.deepEqual(stored.everyAddress, ['127.0.0.1'])
    assert.deepEqual(Object.keys(stored.headers as object), ['Accept', 'X-Who'])
  })

  test('what was stored stands in the form again, and what it does not draw is not lost', async () => {
    await stage.tocsin.api('POST', '/api/v1/monitors', {
      id: 'kept',
      settings: {
        service: 'docs',
        type: 'http',
        name: 'Kept as it is',
        url: 'http://127.0.0.1/',
        every: '5m',
        confirm: 3,
        recover: 4,
        places: ['here'],
        quorum: 1,
        auth: { user: 'tocsin', password: 'a secret word' },
        everyAddress: true,
        expect: {
          json: [{ path: '$.a', equals: null }],
          clients: ['modern', { name: 'x', store: '/tmp/none.pem' }],
        },
      },
    })
    const settings = await spec('kept')
    await page.goto(`${stage.tocsin.url}/monitors/kept`)
    await page.getByRole('button', { name: 'Change' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('combobox', { name: 'Kind', exact: true }).waitFor()
    assert.equal(await form.getByRole('combobox', { name: 'Every address', exact: true }).inputValue(), 'Yes')
    assert.equal(await box(form, 'Equals').inputValue(), 'null')
    const password = form.getByLabel('Password').and(form.locator('input'))
    assert.equal(await password.inputValue(), '', 'a secret is not shown')
    assert.equal(await password.getAttribute('placeholder'), 'Stays as it is')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'detached' })
    assert.deepEqual(await spec('kept'), settings)
  })

  test('a secret that is stored is used when the change is tried, and goes to no other server', async () => {
    const { createServer } = await import('node:http')
    const seen: (string | undefined)[] = []
    const server = createServer((request, answer) => {
      seen.push(request.headers.authorization)
      answer.end('ok')
    }).listen(0, '0.0.0.0')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    await stage.tocsin.api('POST', '/api/v1/monitors', {
      id: 'guarded',
      settings: {
        service: 'docs',
        type: 'http',
        url: `http://127.0.0.1:${port}/`,
        enabled: false,
        auth: { user: 'tocsin', password: 'a secret word' },
      },
    })
    await page.goto(`${stage.tocsin.url}/monitors/guarded`)
    await page.getByRole('button', { name: 'Change' }).click()
    const form = page.getByRole('dialog')
    await form.getByRole('button', { name: 'Try it now' }).click()
    await form.getByText('It would be well').waitFor()
    assert.equal(seen.at(-1), `Basic ${Buffer.from('tocsin:a secret word').toString('base64')}`)
    await box(form, 'Address').first().fill(`http://127.0.0.2:${port}/`)
    await form.getByText('Tried before the last change').waitFor()
    await form.getByRole('button', { name: 'Try it now' }).click()
    await until('the other server to be asked', 15_000, async () => seen.length > 1)
    assert.ok(!atob(seen.at(-1)?.replace('Basic ', '') ?? '').includes('secret word'))
    server.closeAllConnections()
    server.close()
  })

  test('problems land on their fields, in folds and lists too, and the first of them has the focus', async () => {
    const form = await open()
    await begin(form, 'wrong', 'Web address')
    await box(form, 'Address').first().fill('http://127.0.0.1/')
    const expect = await unfold(form, 'Expect')
    const lists = expect.getByRole('group', { name: 'JSON', exact: true })
    await lists.getByRole('button', { name: 'Add an entry' }).click()
    await box(lists, 'Path').fill('$.a[')
    await expect.locator('summary').first().click()
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await form.getByRole('alert').first().waitFor()
    const path = box(lists, 'Path')
    await path.waitFor()
    assert.equal(await path.getAttribute('aria-invalid'), 'true')
    assert.equal(await form.locator('[aria-invalid=true]').count(), 1, 'no other field is blamed')
    await until('the focus is there', 5_000, async () => /^Path/.test(await focused()))
    assert.notEqual(await expect.getAttribute('open'), null, 'its fold is open')
    await box(lists, 'Path').fill('$.a')
    await box(expect, 'Warn').fill('soon')
    await form.getByRole('button', { name: 'Add', exact: true }).click()
    await until(
      'the other field is marked',
      10_000,
      async () => (await box(expect, 'Warn').getAttribute('aria-invalid')) === 'true',
    )
    assert.equal(await path.getAttribute('aria-invalid'), null)
  })

  test('a group that is not used demands nothing', async () => {
    const form = await open()
    await begin(form, 'without-auth', 'Browser journey')
    await box(form, 'Address').first().fill('http://127.0.0.1/')
    await form.getByRole('switch', { name: 'Watch it' }).click({ force: true })
    await add(form)
    assert.equal('auth' in (await spec('without-auth')), false)
  })

  test('the steps of a journey are put together one after the other', async () => {
    const form = await open()
    await begin(form, 'steps', 'Browser journey')
    await box(form, 'Address').first().fill('http://127.0.0.1/')
    const steps = form.getByRole('group', { name: 'Steps', exact: true })
    await steps.getByRole('button', { name: 'Add a step' }).click()
    const one = steps.getByRole('group', { name: 'Step 1' })
    await one.getByRole('button', { name: 'Choose a setting' }).click()
    await page.getByRole('menuitem', { name: 'Go to' }).click()
    await one.getByRole('combobox', { name: 'Go to' }).click()
    await page.getByRole('option', { name: 'In short' }).click()
    await one.getByRole('textbox', { name: 'Go to: in short' }).fill('/orders')
    await steps.getByRole('button', { name: 'Add another step' }).click()
    const two = steps.getByRole('group', { name: 'Step 2' })
    await two.getByRole('button', { name: 'Choose a setting' }).click()
    await page.getByRole('menuitem', { name: 'Press' }).click()
    await two.getByRole('combobox', { name: 'Press' }).click()
    await page.getByRole('option', { name: 'In short' }).click()
    await two.getByRole('textbox', { name: 'Press: in short' }).fill('Enter')
    await form.getByRole('switch', { name: 'Watch it' }).click({ force: true })
    await add(form)
    assert.deepEqual((await spec('steps')).steps, [{ goto: '/orders' }, { press: 'Enter' }])
  })

  test('a pool asks for the check of its members, with the settings of that kind', async () => {
    const form = await open()
    await begin(form, 'a-pool', 'Pool of nodes')
    await choose(form, 'Kind of check', 'TCP port')
    await box(form, 'Target').fill('127.0.0.1:9')
    const members = form.getByRole('combobox', { name: 'Members' })
    await members.fill('127.0.0.1')
    await members.press('Enter')
    await form.getByRole('button', { name: 'Add a member with settings of its own' }).click()
    const own = form.getByRole('group', { name: 'Member 1' })
    await box(own, 'Name').fill('second')
    await box(own, 'Address').fill('127.0.0.2:9')
    await box(form, 'Least').fill('1')
    await form.getByRole('button', { name: 'Try it now' }).click()
    const seen = form.getByRole('status', { name: 'What the check saw' })
    await seen
      .getByText('pool quorum lost')
      .waitFor()
      .catch(async () => assert.fail(await form.innerText()))
    await seen.getByText('What it saw in detail').click()
    await seen.getByText('second').first().waitFor()
    await add(form)
    const { check, members: stored, needs: quorum } = await spec('a-pool')
    assert.deepEqual(
      { check, stored, quorum },
      {
        check: { type: 'tcp', target: '127.0.0.1:9' },
        stored: ['127.0.0.1', { name: 'second', address: '127.0.0.2:9' }],
        quorum: { least: 1 },
      },
    )
  })

  test('rules of an inventory are groups by names of one’s own', async () => {
    const file = join(folder, 'inventory.json')
    writeFileSync(
      file,
      JSON.stringify({ devices: [{ name: 'pbx', interfaces: [{ name: 'eth0', ip: '192.0.2.1' }] }] }),
    )
    const form = await open()
    await begin(form, 'rows', 'Inventory')
    await box(form, 'File').first().fill(file)
    const rules = form.getByRole('group', { name: 'Rules', exact: true })
    await rules.getByRole('button', { name: 'Add a rule' }).click()
    const rule = rules.getByRole('group', { name: 'Rule 1' })
    await box(rule, 'Name').fill('one-address')
    await box(rule, 'Title').fill('Too many of them')
    await rule.getByRole('combobox', { name: 'By' }).click()
    await page.getByRole('option', { name: 'device', exact: true }).click()
    await page.keyboard.press('Escape')
    await rule.getByRole('button', { name: 'Add a setting' }).click()
    await page.getByRole('menuitem', { name: 'Wrong' }).click()
    await box(rule, 'Wrong').fill('fixed: true\nrole: alias')
    await add(form)
    assert.deepEqual((await spec('rows')).rules, {
      'one-address': { title: 'Too many of them', by: ['device'], wrong: { fixed: true, role: 'alias' } },
    })
  })

  test('a change of the kind keeps what both know', async () => {
    const form = await open()
    await begin(form, 'moved', 'Web address')
    await box(form, 'Name').first().fill('The front door')
    await box(form, 'Timeout').last().fill('7s')
    await box(form, 'Every').last().fill('3m')
    const expect = await unfold(form, 'Expect')
    await box(expect, 'Issuer').fill('Example')
    await box(form, 'Address').first().fill('https://docs.example.org/')
    await choose(form, 'Kind', 'TLS certificate')
    assert.equal(await box(form, 'Id').inputValue(), 'moved')
    assert.equal(await box(form, 'Name').first().inputValue(), 'The front door')
    assert.equal(await box(form, 'Timeout').last().inputValue(), '7s')
    assert.equal(await box(form, 'Every').last().inputValue(), '3m')
    assert.equal(await box(await unfold(form, 'Expect'), 'Issuer').inputValue(), 'Example')
    await box(form, 'Target').fill('127.0.0.1:9')
    await add(form)
    const stored = await spec('moved')
    assert.deepEqual(Object.keys(stored).sort(), [
      'every',
      'expect',
      'name',
      'service',
      'target',
      'timeout',
      'type',
    ])
  })

  test('what a try saw is shown with its certificate and who would break', async () => {
    const target = (await spec('may-2020-ahead')).target as { host: string; port: number }
    const form = await open()
    await begin(form, 'tried', 'TLS certificate')
    await box(form, 'Target').fill(`${target.host}:${target.port}`)
    const expect = await unfold(form, 'Expect')
    await box(expect, 'Name').first().fill('docs.example.org')
    await choose(form, 'Clients', 'modern')
    await page.keyboard.press('Escape')
    await form.getByRole('button', { name: 'Try it now' }).click()
    const seen = form.getByRole('status', { name: 'What the check saw' })
    await seen.getByText('Down', { exact: true }).first().waitFor()
    await seen.getByText('What it saw in detail').click()
    await seen
      .getByRole('region', { name: 'Certificate', exact: true })
      .getByText('CN=docs.example.org')
      .first()
      .waitFor()
    await assertAccessible(page, 'a form with what was tried')
    // Again, with what cannot be: the form and what was written in it stay.
    await box(form, 'Target').fill('no address')
    await form.getByRole('button', { name: 'Try it now' }).click()
    await form.getByRole('alert').first().waitFor()
    assert.equal(await box(form, 'Target').getAttribute('aria-invalid'), 'true')
    assert.equal(await box(form, 'Id').inputValue(), 'tried')
  })

  test('no page complained', () => assert.deepEqual(stage.browser.complaints, []))
})
