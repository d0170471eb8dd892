import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  KAMAILIO_PASSWORD,
  KAMAILIO_USER,
  type KamailioOptions,
  type RunningKamailio,
  startKamailio,
} from '../../../../test/harness/kamailio.ts'
import { needs } from '../../../../test/harness/needs.ts'
import { runForTests } from '../../../cli/run-for-tests.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import { type Minted, mint, mintRoot } from '../../trust/mint-for-tests.ts'
import { beginConversation } from './converse.ts'
import { sip } from './index.ts'
import { type Link, openLink } from './open-link.ts'

const DOMAIN = 'pbx.example.org'
const folder = mkdtempSync(join(tmpdir(), 'tocsin-sip-'))
let root: Minted
let leaf: Minted

before(async () => {
  root = await mintRoot()
  leaf = await mint({ name: `CN=${DOMAIN}`, names: [DOMAIN], by: root })
  writeFileSync(join(folder, 'ca.pem'), root.cert)
})
after(() => rmSync(folder, { recursive: true }))

async function during(
  options: Partial<KamailioOptions>,
  work: (running: RunningKamailio) => Promise<void>,
): Promise<void> {
  const running = await startKamailio({ domain: DOMAIN, cert: leaf.cert, key: leaf.key, ...options })
  try {
    await work(running)
  } finally {
    await running.stop()
  }
}

interface Asked {
  transport?: string
  timeout?: string
  expect?: object
  [setting: string]: unknown
}

function observe({ port, tlsPort }: RunningKamailio, asked: Asked = {}) {
  const spec = sip.schema.parse({
    target: `127.0.0.1:${asked.transport === 'tls' ? tlsPort : port}`,
    method: 'register',
    domain: DOMAIN,
    user: KAMAILIO_USER,
    password: KAMAILIO_PASSWORD,
    timeout: '5s',
    ...asked,
    expect: { ca: root.cert, ...asked.expect },
  })
  return checkOnce(sip, spec, { clock: systemClock, deadlineMs: spec.timeout })
}

describe('a real Kamailio', needs('kamailio'), () => {
  for (const algorithm of ['MD5', 'SHA-256'] as const)
    test(`lets the check register by ${algorithm} over UDP, TCP and TLS, and nothing stays behind`, async () => {
      await during({ algorithm }, async (running) => {
        for (const transport of ['udp', 'tcp', 'tls', 'udp']) {
          const seen = await observe(running, { transport })
          assert.deepEqual([seen.verdict, seen.reason], ['up', 'ok'], seen.summary)
          assert.equal(seen.values.digest, algorithm)
          // One binding, its own: those of the checks before were taken back.
          assert.deepEqual([seen.values.bindings, seen.values.unregistered], [1, true])
          assert.equal(seen.values.grantedSeconds, 60)
          assert.equal(seen.certificate !== undefined, transport === 'tls')
        }
      })
    })

  test('answers OPTIONS without a log-in', async () => {
    await during({}, async (running) => {
      for (const transport of ['udp', 'tcp', 'tls']) {
        const seen = await observe(running, { transport, method: 'options', user: undefined })
        assert.deepEqual([seen.verdict, seen.values.status], ['up', 200], seen.summary)
        assert.match(String(seen.values.server), /^kamailio/)
      }
    })
  })

  test('refuses a wrong password, and a check without one', async () => {
    await during({}, async (running) => {
      const wrong = await observe(running, { password: 'guess' })
      assert.deepEqual([wrong.verdict, wrong.reason], ['down', 'sip.unauthorized'])
      assert.match(wrong.summary, /did not accept the log-in of probe: 401/)
      const none = await observe(running, { password: undefined })
      assert.equal(none.reason, 'sip.unauthorized')
      assert.match(none.summary, /no password is configured/)
      const other = await observe(running, { user: 'stranger', authUser: 'stranger' })
      assert.equal(other.reason, 'sip.status-unexpected')
      assert.match(other.summary, /403 Forbidden/)
    })
  })

  test('whose nonces are always stale is not asked for ever', async () => {
    const never = 'if ($hdr(Authorization) != $null) { www_challenge("$td", "17"); exit; }'
    await during({ before: `if (is_method("REGISTER")) { ${never} }` }, async (running) => {
      const seen = await observe(running)
      assert.equal(seen.reason, 'sip.unauthorized', seen.summary)
    })
  })

  test('that says 200 and binds nothing is not believed', async () => {
    const before = 'if (is_method("REGISTER")) { sl_send_reply("200", "OK"); exit; }'
    await during({ before }, async (running) => {
      const seen = await observe(running)
      assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.not-bound'])
      assert.match(seen.summary, /list of contacts is empty/)
    })
  })

  test('that keeps a binding although it was taken back leaves the monitor degraded', async () => {
    const before =
      'if (is_method("REGISTER") && $hdr(Contact) =~ "expires=0") { sl_send_reply("500", "Database Error"); exit; }'
    await during({ before }, async (running) => {
      const seen = await observe(running)
      assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'sip.still-bound'])
      assert.equal(seen.values.unregistered, false)
    })
  })

  test('on which a phone is signed in has two bindings, and the phone keeps its own', async () => {
    await during({ algorithm: 'SHA-256' }, async (running) => {
      const few = await observe(running, { expect: { minBindings: 2 } })
      assert.deepEqual([few.verdict, few.reason], ['down', 'sip.bindings-unexpected'])
      assert.match(few.summary, /1 binding where at least 2/)
      assert.equal(few.values.unregistered, true)

      const phone = sip.schema.parse({
        target: `127.0.0.1:${running.port}`,
        domain: DOMAIN,
        user: KAMAILIO_USER,
        password: KAMAILIO_PASSWORD,
      })
      const signal = new AbortController().signal
      const context = { clock: systemClock, signal, memory: null, monitorId: null, read: null }
      const link = (await openLink(phone, context, signal)) as Link
      const signedIn = await beginConversation(phone, context, link.local).ask(
        link,
        'REGISTER',
        3_600,
        signal,
      )
      link.close()
      assert.equal('status' in signedIn && signedIn.status, 200)

      for (let i = 0; i < 2; i++) {
        const both = await observe(running, { expect: { minBindings: 2, maxBindings: 2 } })
        assert.deepEqual([both.reason, both.values.bindings], ['ok', 2], both.summary)
      }
      const many = await observe(running, { expect: { maxBindings: 1 } })
      assert.match(many.summary, /2 bindings where at most 1/)
    })
  })

  test('lists the binding to whoever asks, and another one that does not share its table knows nothing', async () => {
    await during({}, async (running) => {
      const itself = await observe(running, { alsoAt: `127.0.0.1:${running.port}` })
      assert.equal(itself.reason, 'ok', itself.summary)
      await during({ algorithm: 'SHA-256' }, async (other) => {
        const seen = await observe(running, { alsoAt: `127.0.0.1:${other.port}` })
        assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'sip.not-replicated'], seen.summary)
        assert.equal(seen.values.unregistered, true)
      })
    })
  })

  test('that answers 503, with when to try again', async () => {
    const before = 'append_to_reply("Retry-After: 120\\r\\n"); sl_send_reply("503", "Overloaded"); exit;'
    await during({ before }, async (running) => {
      for (const method of ['options', 'register']) {
        const seen = await observe(running, { method })
        assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.status-unexpected'])
        assert.match(seen.summary, /503 Overloaded, try again in 2m$/)
      }
    })
  })

  test('a status that is wanted is right, and one that is not is wrong', async () => {
    const before = 'sl_send_reply("404", "Nobody"); exit;'
    await during({ before }, async (running) => {
      const asked = { method: 'options', user: undefined }
      assert.equal((await observe(running, asked)).reason, 'ok')
      const strict = await observe(running, { ...asked, expect: { status: 200 } })
      assert.equal(strict.reason, 'sip.status-unexpected')
      const wanted = await observe(running, { ...asked, expect: { status: ['400-404'] } })
      assert.equal(wanted.reason, 'ok')
    })
  })

  test('frozen accepts over TCP and says nothing over UDP', async () => {
    await during({}, async (running) => {
      running.freeze()
      try {
        for (const transport of ['udp', 'tcp']) {
          const seen = await observe(running, { transport, timeout: '1200ms' })
          assert.deepEqual([seen.verdict, seen.reason], ['down', 'sip.no-answer'], seen.summary)
        }
        const secure = await observe(running, { transport: 'tls', timeout: '500ms' })
        assert.equal(secure.reason, 'tls.handshake-timeout')
      } finally {
        running.thaw()
      }
    })
  })

  test('with the wrong certificate is never told the log-in', async () => {
    const wrong = await mint({ name: 'CN=other', names: ['other.example.org'], by: root })
    await during({ cert: wrong.cert, key: wrong.key }, async (running) => {
      const seen = await observe(running, { transport: 'tls' })
      assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.name-mismatch'])
      assert.match(seen.summary, /not for pbx\.example\.org/)
      assert.equal(seen.values.status, undefined)
    })
  })

  test('with a certificate that ends soon still registers the check, and says so', async () => {
    const ending = await mint({ name: `CN=${DOMAIN}`, names: [DOMAIN], by: root, days: 3 })
    await during({ cert: ending.cert, key: ending.key }, async (running) => {
      const seen = await observe(running, { transport: 'tls' })
      assert.deepEqual([seen.verdict, seen.reason], ['degraded', 'certificate.expires-soon'])
      assert.equal(seen.values.bindings, 1)
    })
  })

  test('tocsin check sip:// and sips:// say it in one line', async () => {
    await during({}, async ({ port, tlsPort }) => {
      const udp = await runForTests(['check', `sip://127.0.0.1:${port}`])
      assert.equal(udp.code, 0, udp.err)
      assert.match(udp.out, /^SIP OK - OPTIONS was answered 200 OK in \d+ms \| time=/)
      const tcp = await runForTests(['check', `sip:${DOMAIN}@127.0.0.1:${port};transport=tcp`, '--json'])
      assert.equal(JSON.parse(tcp.out).observations[0].values.transport, 'tcp', tcp.out)
      const flags = ['--name', DOMAIN, '--ca', join(folder, 'ca.pem')]
      for (const target of [`sips://127.0.0.1:${tlsPort}`, `sip://127.0.0.1:${tlsPort};transport=tls`]) {
        const secure = await runForTests(['check', target, ...flags])
        assert.equal(secure.code, 0, secure.out)
        const untrusted = await runForTests(['check', target, '--name', DOMAIN])
        assert.equal(untrusted.code, 2)
        assert.match(untrusted.out, /\(certificate\.untrusted\)/)
      }
    })
  })
})
