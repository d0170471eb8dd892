import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START, SYSTEM } from '../../test/harness/catalog-world.ts'
import { startSmtp } from '../../test/harness/smtp.ts'
import { channelSettings, channels, mailConfig } from '../channels/index.ts'
import { createWorld } from '../engine/create-world.ts'
import { assembleEngine } from '../engine/runner.ts'
import { travelClock } from '../kit/clock.ts'
import { silentLog } from '../kit/log.ts'
import { openStore } from '../store/open-store.ts'
import { catalogRoom, createPerson, verifiedContacts, verifyContact } from './index.ts'

test('a verification arrives by real mail, and its link verifies the address', async (t) => {
  const smtp = await startSmtp()
  t.after(() => smtp.stop())
  const store = await openStore({ directory: ':memory:', now: START })
  t.after(() => store.close())
  const mail = mailConfig.parse({
    host: '127.0.0.1',
    port: smtp.port,
    startTls: 'never',
    from: 'Tocsin <t@example.org>',
  })
  const clock = travelClock(START)
  const publicUrl = 'https://tocsin.example.org'
  const world = createWorld({ clock, store, log: silentLog, instance: 'test', publicUrl })
  const engine = assembleEngine(world, [catalogRoom({ channels, settings: channelSettings(mail) })])
  const name = 'Ana <b>Ruiz</b> & sons'
  await createPerson(world, SYSTEM, { id: 'ana', name, email: 'ana@example.org', role: 'viewer' })
  await engine.drain()
  assert.equal(smtp.mails.length, 1)
  const [received] = smtp.mails
  assert.equal(received!.to, 'ana@example.org')
  assert.match(received!.html, /Ana &lt;b&gt;Ruiz&lt;\/b&gt; &amp; sons/)
  const [link] = received!.text.match(/https:\/\/\S+/)!
  assert.ok(received!.html.includes(`href="${link}"`))
  await verifyContact(world, link!.replace(`${publicUrl}/verify/`, ''))
  assert.equal((await verifiedContacts(store.read, 'ana')).length, 1)
})
