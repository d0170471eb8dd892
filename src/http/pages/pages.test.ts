import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DOWN, story, USUAL } from '../../../test/harness/story.ts'
import { addContact, createPerson } from '../../catalog/index.ts'
import { openDesk, tester } from '../desk-for-tests.ts'
import { escapeHtml } from './layout.ts'

const NASTY = `<script>alert(1)</script><img src=x onerror="alert(2)">'&`

test('the page behind an acknowledgement link shows what is wrong, and only its button acknowledges', () =>
  story({}, async (it) => {
    const desk = await openDesk({ world: it.tocsin().world })
    it.see('docs-port', { ...DOWN, summary: NASTY })
    await it.travel('2m')
    const link = new URL(it.expectMessage('ana@lab.example', /./).link!)
    for (let i = 0; i < 3; i++) {
      const page = await desk.app.inject(link.pathname)
      assert.equal(page.statusCode, 200)
      assert.match(page.body, /<form method="post"><button type="submit">Acknowledge<\/button>/)
      assert.match(page.body, /You are Ana\./)
      assert.match(page.body, /connect.refused/)
      assert.ok(page.body.includes(escapeHtml(NASTY)))
      assert.ok(!page.body.includes('<script'), 'nothing a target says becomes HTML')
      assert.ok(!page.body.includes('<img'))
      assert.match(String(page.headers['content-security-policy']), /default-src 'self'/)
      assert.equal(page.headers['cache-control'], 'no-store')
      assert.equal(page.headers['referrer-policy'], 'no-referrer')
    }
    const head = await desk.app.inject({ method: 'HEAD', url: link.pathname })
    assert.equal(head.statusCode, 200)
    assert.equal((await it.alerts())[0]!.state, 'open', 'looking acknowledges nothing')

    const pressed = await desk.app.inject({
      method: 'POST',
      url: link.pathname,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: '',
    })
    assert.equal(pressed.statusCode, 200, pressed.body)
    assert.match(pressed.body, /Acknowledged by Ana\./)
    assert.doesNotMatch(pressed.body, /<form/)
    const [alert] = await it.alerts()
    assert.deepEqual([alert!.state, alert!.acknowledgedVia], ['acknowledged', 'link'])

    const again = await desk.app.inject({ method: 'POST', url: link.pathname })
    assert.equal(again.statusCode, 200)
    assert.match(again.body, /Already acknowledged by Ana/)
    await it.travel('20m')
    it.expectSilence()
    await desk.close()
  }))

test('a link that nobody was sent is told so, without a hint', () =>
  story({}, async (it) => {
    const desk = await openDesk({ world: it.tocsin().world })
    for (const method of ['GET', 'POST'] as const)
      for (const path of ['/ack', '/verify']) {
        const page = await desk.app.inject({ method, url: `${path}/${'a'.repeat(43)}` })
        assert.ok(page.statusCode === 404 || page.statusCode === 410, `${method} ${path}: ${page.statusCode}`)
        assert.match(String(page.headers['content-type']), /^text\/html/)
        assert.match(page.body, /class="bad"/)
      }
    await desk.close()
  }))

test('a contact is verified by its button, never by looking', () =>
  story({ config: USUAL }, async (it) => {
    const world = it.tocsin().world
    const desk = await openDesk({ world })
    await createPerson(world, tester, {
      id: 'nasty',
      name: NASTY.slice(0, 60),
      email: 'n@lab.example',
      role: 'viewer',
    })
    await it.settle()
    const link = new URL(it.expectMessage('n@lab.example', /./).link!)
    const page = await desk.app.inject(link.pathname)
    assert.equal(page.statusCode, 200)
    assert.match(page.body, /May Tocsin page you here\?/)
    assert.ok(!page.body.includes('<script'))
    const state = async () => {
      const { items } = (await desk.call('viewer', 'GET', '/api/v1/people')).json()
      return items.find((person: { id: string }) => person.id === 'nasty').contacts[0].state
    }
    assert.equal(await state(), 'unverified')
    const pressed = await desk.app.inject({ method: 'POST', url: link.pathname })
    assert.match(pressed.body, /This contact is verified/)
    assert.equal(await state(), 'verified')
    assert.match((await desk.app.inject(link.pathname)).body, /This contact is verified/)
    await desk.close()
  }))

test('the address of a contact is shown without what would let a reader send to it', () =>
  story({}, async (it) => {
    const world = it.tocsin().world
    const desk = await openDesk({ world })
    const url = 'https://hooks.slack.com/services/T0/B0/verysecretpart'
    await addContact(world, tester, { personId: 'ana', kind: 'slack', address: { url } })
    await it.settle()
    const link = new URL(it.expectMessage(url, /./).link!)
    assert.doesNotMatch((await desk.app.inject(link.pathname)).body, /verysecretpart/)
    await desk.close()
  }))

test('escaping leaves nothing that HTML could read', () => {
  assert.equal(
    escapeHtml(`<a href="x" title='y'>&amp;`),
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;',
  )
})
