/**
 * CERNphone, July 2024: the SIP front end leaked memory until calls failed, for twelve hours; an engineer's own phone
 * noticed. Here a real Kamailio: stopped, out of resources, and one that confirms registrations and keeps none.
 */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { type Confirmed, type Watch, watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { KAMAILIO_PASSWORD, KAMAILIO_USER, startKamailio } from '../../harness/kamailio.ts'
import { needs } from '../../harness/needs.ts'
import { versionOf } from '../../harness/versions.ts'

const DOMAIN = 'pbx.example.org'
const EVERY = { every: '1s', confirm: 1, timeout: '900ms' }
const ONE_CHECK = 1_000 + 900 + 600

describe('the SIP front end of CERNphone', needs('kamailio'), () => {
  async function during(
    work: (kamailio: Awaited<ReturnType<typeof startKamailio>>, watching: Watch) => Promise<void>,
    before = '',
  ): Promise<void> {
    const kamailio = await startKamailio({ domain: DOMAIN, algorithm: 'SHA-256', before })
    const at = {
      service: 'phones',
      type: 'sip',
      target: `127.0.0.1:${kamailio.port}`,
      domain: DOMAIN,
      ...EVERY,
    }
    const watching = await watch({
      phone: { ...at, method: 'register', user: KAMAILIO_USER, password: KAMAILIO_PASSWORD },
      options: { ...at, transport: 'tcp' },
      // What was there at the time: does the port accept?
      port: { service: 'phones', type: 'tcp', target: `127.0.0.1:${kamailio.port}`, ...EVERY },
    })
    try {
      await work(kamailio, watching)
    } finally {
      await watching.stop()
      await kamailio.stop()
    }
  }

  const tell = (t: TestContext, failure: string, seen: Confirmed, fault: number, note: string) =>
    tellIncident(t, {
      incident: 'cernphone-registration',
      failure,
      software: versionOf('kamailio'),
      verdict: seen.to,
      reason: seen.reason,
      seconds: (seen.at - fault) / 1_000,
      note,
    })

  test('frozen it is down within one check over UDP and TCP, where the port still accepts', async (t) => {
    await during(async (kamailio, watching) => {
      for (const monitor of ['phone', 'options', 'port']) await watching.verdict(monitor, 'up')
      const fault = Date.now()
      kamailio.freeze()
      const phone = await watching.verdict('phone', 'down', fault)
      const options = await watching.verdict('options', 'down', fault)
      kamailio.thaw()
      assert.deepEqual([phone.reason, options.reason], ['sip.no-answer', 'sip.no-answer'])
      for (const { at } of [phone, options]) assert.ok(at - fault < ONE_CHECK, `it took ${at - fault} ms`)
      await watching.verdict('phone', 'up', phone.at)
      const ports = (await watching.changes()).filter((one) => one.monitorId === 'port')
      assert.deepEqual(
        ports.map(({ to }) => to),
        ['up'],
      )
      const note = 'a check of the port stays up'
      tell(t, 'Kamailio is frozen (SIGSTOP), asked by REGISTER over UDP', phone, fault, note)
      tell(t, 'Kamailio is frozen (SIGSTOP), asked by OPTIONS over TCP', options, fault, note)
    })
  })

  test('answering 503 it is down within one check', async (t) => {
    await during(async (kamailio, watching) => {
      for (const monitor of ['phone', 'options', 'port']) await watching.verdict(monitor, 'up')
      const fault = Date.now()
      await kamailio.overload(true)
      const phone = await watching.verdict('phone', 'down', fault)
      const options = await watching.verdict('options', 'down', fault)
      assert.deepEqual([phone.reason, options.reason], ['sip.status-unexpected', 'sip.status-unexpected'])
      assert.match(phone.summary, /503 Service Unavailable/)
      for (const { at } of [phone, options]) assert.ok(at - fault < ONE_CHECK, `it took ${at - fault} ms`)
      await kamailio.overload(false)
      await watching.verdict('phone', 'up', phone.at)
      tell(t, 'Kamailio answers 503 to everything', phone, fault, 'a check of the port stays up')
    })
  })

  test('confirming registrations that it does not keep, it is seen by whoever registers, and by no other', async (t) => {
    const lies = 'if (is_method("REGISTER")) { sl_send_reply("200", "OK"); exit; }'
    const began = Date.now()
    await during(async (_, watching) => {
      const phone = await watching.verdict('phone', 'down')
      assert.equal(phone.reason, 'sip.not-bound')
      await watching.verdict('options', 'up')
      await watching.verdict('port', 'up')
      const note = 'OPTIONS and a check of the port stay up'
      tell(t, 'the registrar confirms and keeps nothing, from the start', phone, began, note)
    }, lies)
  })
})
