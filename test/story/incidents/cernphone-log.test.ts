/**
 * CERNphone, July 2024: the front end ran out of memory, and its log said so while nobody read it. Here a real Kamailio
 * whose memory for bindings is really full, because phones register that never sign off.
 */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { KAMAILIO_PASSWORD, KAMAILIO_USER, startKamailio } from '../../harness/kamailio.ts'
import { needs } from '../../harness/needs.ts'
import { versionOf } from '../../harness/versions.ts'

const DOMAIN = 'pbx.example.org'
// What is too little for a large registration may be enough for a small one, such as that of the monitor.
const ENOUGH = 100
const folder = mkdtempSync(join(tmpdir(), 'tocsin-kamailio-log-'))
const file = join(folder, 'kamailio.log')
after(() => rmSync(folder, { recursive: true }))

/** Registers phones until even small registrations are refused; answers when the first was. */
async function registerUntilRefused(port: number): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const mine = (socket.address() as AddressInfo).port
  let refused = 0
  let refusals = 0
  let answers = 0
  socket.on('message', (data) => {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(data.toString('latin1'))?.[1] ?? 0)
    answers++
    if (status < 500) return
    refused ||= Date.now()
    refusals++
  })
  try {
    for (let phone = 0; refusals < ENOUGH; ) {
      assert.ok(phone < 100_000, 'its memory is larger than thought')
      for (let one = 0; one < 50; one++, phone++) {
        const id = `filler${phone}`
        const contacts = Array.from(
          { length: refused === 0 ? 8 : 1 },
          (_, i) => `Contact: <sip:${id}@127.0.0.1:${mine};line=${i}>`,
        )
        const lines = [
          `REGISTER sip:${DOMAIN} SIP/2.0`,
          `Via: SIP/2.0/UDP 127.0.0.1:${mine};branch=z9hG4bK${id}`,
          `From: <sip:${id}@${DOMAIN}>;tag=${id}`,
          `To: <sip:${id}@${DOMAIN}>`,
          `Call-ID: ${id}`,
          'CSeq: 1 REGISTER',
          ...contacts,
          'Expires: 3600',
          'Content-Length: 0',
        ]
        socket.send(`${lines.join('\r\n')}\r\n\r\n`, port, '127.0.0.1')
      }
      // As fast as they are answered, and on when some are lost.
      for (let waited = 0; answers < phone - 25 && waited < 20; waited++)
        await new Promise((resolve) => setTimeout(resolve, 5))
      answers = phone
    }
    return refused
  } finally {
    socket.close()
  }
}

test(
  'the log that says that memory is out is read, and a phone that cannot register is seen',
  needs('kamailio'),
  async (t) => {
    writeFileSync(file, '')
    const kamailio = await startKamailio({
      domain: DOMAIN,
      memory: 6,
      logFile: file,
      before: 'if (is_method("REGISTER") && $fU =~ "^filler") { save("location"); exit; }',
    })
    const at = {
      service: 'phones',
      target: `127.0.0.1:${kamailio.port}`,
      every: '1s',
      confirm: 1,
      timeout: '900ms',
    }
    const watching = await watch({
      log: {
        service: 'phones',
        type: 'log',
        file,
        match: 'no more|out of mem|could not allocate',
        within: '5m',
        every: '1s',
        confirm: 1,
      },
      phone: {
        ...at,
        type: 'sip',
        domain: DOMAIN,
        method: 'register',
        user: KAMAILIO_USER,
        password: KAMAILIO_PASSWORD,
      },
      // What was there at the time: is it alive?
      options: { ...at, type: 'sip', domain: DOMAIN },
    })
    try {
      for (const monitor of ['log', 'phone', 'options']) await watching.verdict(monitor, 'up')
      const fault = await registerUntilRefused(kamailio.port)
      const log = await watching.verdict('log', 'down')
      assert.equal(log.reason, 'log.pattern-matched')
      const phone = await watching.verdict('phone', 'down')
      assert.match(phone.reason, /^sip\./)
      const options = (await watching.changes()).filter(({ monitorId }) => monitorId === 'options')
      const alive = options.length === 1 ? 'OPTIONS stays up' : 'OPTIONS is not answered any more either'
      assert.match(readFileSync(file, 'utf8'), /ERROR/)
      for (const [seen, note] of [
        [log, `the line that says so is in the alert; ${alive}`],
        [phone, `no phone can register any more; ${alive}`],
      ] as const)
        tellIncident(t, {
          incident: 'cernphone-registration',
          failure: 'Kamailio has no memory left for another registration',
          software: versionOf('kamailio'),
          verdict: seen.to,
          reason: seen.reason,
          seconds: Math.max(0, seen.at - fault) / 1_000,
          note,
        })
    } finally {
      await watching.stop()
      await kamailio.stop()
    }
  },
)
