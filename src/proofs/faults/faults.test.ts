import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { get as httpsGet } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { needs } from '../../../test/harness/needs.ts'
import { systemClock, travelClock } from '../../kit/clock.ts'
import { DAY } from '../../kit/duration.ts'
import { LABS } from '../labs/registry.ts'
import type { Expectation, RunningFault } from './fault.ts'
import { type Lab, mintLab } from './lab.ts'
import { CONTROL, FAULTS } from './registry.ts'
import { slowness } from './slow/fault.ts'

const EXPECTS: Expectation = {
  speaks: 'tls',
  secure: true,
  name: 'docs.example.org',
  issuer: "Let's Encrypt",
  warnMs: 30 * DAY,
  answer: { status: 200, headers: { 'content-type': 'text/plain' }, body: 'all good\n' },
  contains: ['all good'],
  banner: null,
  latencyMs: null,
  timeoutMs: 1000,
}

const directory = mkdtempSync(join(tmpdir(), 'tocsin-faults-'))
const caFile = join(directory, 'ca.pem')
let lab: Lab

before(async () => {
  lab = await mintLab(EXPECTS, systemClock.now())
  writeFileSync(caFile, lab.trustPem)
})
after(() => rmSync(directory, { recursive: true }))

function faultNamed(name: string) {
  const fault = [CONTROL, ...FAULTS].find((one) => one.name === name)
  assert.ok(fault, `no fault ${name}`)
  return fault
}

async function during<T>(
  name: string,
  work: (running: RunningFault) => Promise<T>,
  expects: Expectation = EXPECTS,
  clock = systemClock,
): Promise<T> {
  const running = await faultNamed(name).start({ clock, lab, expects })
  try {
    return await work(running)
  } finally {
    await running.stop()
  }
}

/** What OpenSSL says of the server: its verdict on the chain and the name, and the issuer it sees. */
function openssl(port: number, extra: string[] = []): Promise<{ verify: string; text: string }> {
  const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'docs.example.org']
  args.push('-CAfile', caFile, '-verify_hostname', 'docs.example.org', ...extra)
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: 10_000 }, (_error, stdout, stderr) => {
      const codes = [...stdout.matchAll(/Verify return code: (\d+ \(.*\))/g)].map((match) => match[1]!)
      resolve({ verify: codes[0] ?? 'none', text: stdout + stderr })
    })
    child.stdin?.end()
  })
}

test('each fault is one folder, one line in the registry, and the folder has the name of the fault', () => {
  const folders = readdirSync(import.meta.dirname).filter((entry) =>
    statSync(join(import.meta.dirname, entry)).isDirectory(),
  )
  assert.deepEqual([CONTROL, ...FAULTS].map((fault) => fault.name).sort(), folders.sort())
  for (const fault of FAULTS) {
    assert.ok(
      fault.breaks === 'any' || (fault.breaks.length > 0 && fault.breaks.every((one) => one in LABS)),
      fault.name,
    )
    assert.match(fault.failureClass, /^[a-z]+(\.[a-z-]+)?$/)
    assert.ok(fault.remedy.length > 10 && fault.description.length > 10, fault.name)
  }
})

// OpenSSL is the judge, not our own monitors.
const JUDGEMENTS: Record<string, RegExp> = {
  healthy: /^0 /,
  'certificate-expired': /^10 .*expired/,
  'certificate-not-yet-valid': /^9 .*not yet valid/,
  'certificate-expires-soon': /^0 /,
  'certificate-wrong-name': /^62 .*[Hh]ostname mismatch/,
  'certificate-wrong-issuer': /^0 /,
  'certificate-untrusted': /^(19|20|21) /,
  'certificate-self-signed': /^18 .*self-signed/,
  'certificate-chain-incomplete': /^(20|21) .*(unable|verify)/,
  'certificate-chain-expired': /^10 .*expired/,
  'certificate-not-reloaded': /^0 /,
  'certificate-renewal-overdue': /^0 /,
  'certificate-replaced': /^0 /,
  'certificate-other-root': /^(19|20|21) /,
  // Its first address serves what is right.
  'certificate-nodes-differ': /^0 /,
  // It asks its store first; what follows the sent certificate is below.
  'certificate-cross-sign-expired': /^0 /,
}

for (const [name, judgement] of Object.entries(JUDGEMENTS))
  test(`openssl s_client judges ${name} as ${judgement.source}`, needs('openssl'), async () => {
    const { verify, text } = await during(name, ({ port }) => openssl(port))
    assert.match(verify, judgement, text.slice(0, 2000))
  })

test(
  'openssl with nothing but the old root calls the cross-signed chain expired',
  needs('openssl'),
  async () => {
    const file = join(directory, 'old.pem')
    writeFileSync(file, lab.twin.rootPem)
    const { verify, text } = await during('certificate-cross-sign-expired', ({ port }) =>
      openssl(port, ['-CAfile', file, '-no-CApath', '-no-CAstore']),
    )
    assert.match(verify, /^10 .*expired/, text.slice(0, 2000))
  },
)

test(
  'openssl is refused by a server whose TLS is too old, until it lowers its own demands',
  needs('openssl'),
  async () => {
    const strict = await during('tls-too-old', ({ port }) => openssl(port))
    assert.match(strict.text, /protocol version|unsupported protocol|disallowed or unsupported/)
    const lenient = await during('tls-too-old', ({ port }) =>
      openssl(port, ['-tls1_1', '-cipher', 'ALL@SECLEVEL=0']),
    )
    assert.match(lenient.text, /TLSv1\.1/)
    assert.match(lenient.verify, /^0 /)
  },
)

test('openssl negotiates TLS 1.2 with a server that is behind', needs('openssl'), async () => {
  const { verify, text } = await during('tls-behind', ({ port }) => openssl(port))
  assert.match(text, /TLSv1\.2/)
  assert.match(verify, /^0 /)
})

test('two nodes serve two certificates at one port', needs('openssl'), async () => {
  await during('certificate-nodes-differ', async ({ port, input }) => {
    const { addresses } = input as { addresses: string[] }
    const served = await Promise.all(
      addresses.map(async (address) => {
        const { text, verify } = await openssl(port, ['-connect', `${address}:${port}`])
        assert.match(verify, /^0 /)
        return /-----BEGIN CERTIFICATE-----[^-]+/.exec(text)?.[0]
      }),
    )
    assert.notEqual(served[0], served[1])
  })
})

test(
  'the leaf of an incomplete chain says where its issuer can be had, and it can',
  needs('openssl'),
  async () => {
    await during('certificate-chain-incomplete', async ({ port }) => {
      const { text } = await openssl(port, ['-showcerts'])
      const leaf = new X509Certificate(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text)![0],
      )
      const address = /CA Issuers - URI:(\S+)/.exec(leaf.infoAccess ?? '')![1]!
      const issuer = new X509Certificate(await (await fetch(address)).text())
      assert.ok(leaf.checkIssued(issuer))
      assert.ok(leaf.verify(issuer.publicKey))
    })
  },
)

test('every certificate fault is judged above', () => {
  const certificates = FAULTS.filter((fault) => fault.name.startsWith('certificate-')).map(
    (fault) => fault.name,
  )
  for (const name of certificates) assert.ok(name in JUDGEMENTS, name)
})

test(
  'issuer texts: only the wrong issuer and the self-signed one differ from what is expected',
  needs('openssl'),
  async () => {
    const seen: Record<string, boolean> = {}
    for (const name of Object.keys(JUDGEMENTS)) {
      const { text } = await during(name, ({ port }) => openssl(port))
      seen[name] = /^issuer=.*Let's Encrypt/m.test(text)
    }
    const strangers = Object.keys(seen).filter((name) => !seen[name])
    assert.deepEqual(strangers.sort(), ['certificate-self-signed', 'certificate-wrong-issuer'])
  },
)

test(
  'names: only the wrong name lacks the expected one, and the expiring one ends inside the warning',
  needs('openssl'),
  async () => {
    for (const name of Object.keys(JUDGEMENTS)) {
      const { text } = await during(name, ({ port }) => openssl(port))
      assert.equal(
        /docs\.example\.org/.test(/^subject=.*$/m.exec(text)![0]),
        name !== 'certificate-wrong-name',
        name,
      )
    }
    const inside = await during('certificate-expires-soon', ({ port }) => openssl(port, ['-attime', at(14)]))
    assert.match(inside.verify, /^0 /)
    const past = await during('certificate-expires-soon', ({ port }) => openssl(port, ['-attime', at(16)]))
    assert.match(past.verify, /^10 /)
  },
)

function at(days: number): string {
  return String(Math.floor((systemClock.now() + days * DAY) / 1000))
}

interface Fetched {
  status: number
  body: string
}

function fetched(port: number): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path: '/' }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode!, body }))
    })
    request.once('error', reject)
    request.end()
  })
}

const PLAIN: Expectation = { ...EXPECTS, speaks: 'http', secure: false }

test('the HTTP faults change one thing: the status, or the page', async () => {
  const ask = ({ port }: RunningFault) => fetched(port)
  assert.deepEqual(await during('healthy', ask, PLAIN), { status: 200, body: 'all good\n' })
  assert.deepEqual(await during('http-500', ask, PLAIN), { status: 500, body: 'all good\n' })
  const wrong = await during('http-wrong-content', ask, PLAIN)
  assert.equal(wrong.status, 200)
  assert.doesNotMatch(wrong.body, /all good/)
})

test('over TLS the HTTP control answers a client that verifies name and chain, and the stranger does not', async () => {
  const https = { ...EXPECTS, speaks: 'http' as const }
  const ask = ({ port, host }: RunningFault) =>
    new Promise<string>((resolve) => {
      const options = {
        host,
        port,
        ca: lab.trustPem,
        servername: EXPECTS.name,
        headers: { host: EXPECTS.name },
      }
      httpsGet(options, (response) => {
        response.setEncoding('utf8')
        response.on('data', resolve)
      }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
  assert.equal(await during('healthy', ask, https), 'all good\n')
  assert.equal(await during('certificate-expired', ask, https), 'CERT_HAS_EXPIRED')
  assert.equal(await during('certificate-wrong-name', ask, https), 'ERR_TLS_CERT_ALTNAME_INVALID')
  assert.match(await during('certificate-untrusted', ask, https), /^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)/)
})

test('slow answers after its delay on the clock that was handed in, and not before', async () => {
  const clock = travelClock(systemClock.now())
  const expects = { ...PLAIN, latencyMs: 500, timeoutMs: 5000 }
  await during(
    'slow',
    async ({ port }) => {
      let answered = false
      const answer = fetched(port).then((value) => {
        answered = true
        return value
      })
      for (let i = 0; i < 1e6 && clock.nextAt() === null; i++)
        await new Promise((resolve) => setImmediate(resolve))
      const due = clock.nextAt()! - clock.now()
      assert.equal(due, slowness(expects))
      assert.ok(due > 500 && due < 5000)
      clock.moveTo(clock.now() + due - 1)
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(answered, false)
      clock.moveTo(clock.now() + 1)
      assert.equal((await answer).body, 'all good\n')
    },
    expects,
    clock,
  )
})

test('without a latency limit slow still answers before the timeout', () => {
  assert.equal(slowness({ ...PLAIN, timeoutMs: 1000 }), 700)
  assert.equal(slowness({ ...PLAIN, latencyMs: 2000, timeoutMs: 1000 }), 700)
})

test('a tarpit completes the connection and says nothing until it is stopped', async () => {
  const running = await faultNamed('tarpit').start({ clock: systemClock, lab, expects: EXPECTS })
  let heard = 0
  const closed = new Promise<void>((resolve, reject) => {
    const socket = connect(running.port, running.host, () => {
      socket.write('GET / HTTP/1.1\r\nhost: docs.example.org\r\n\r\n', () => void running.stop())
    })
    socket.on('data', () => heard++)
    socket.once('close', () => resolve())
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve() : reject(error),
    )
  })
  await closed
  assert.equal(heard, 0)
})

test('the refusing port refuses, and nobody else can listen on it meanwhile', async () => {
  await during('connection-refused', async ({ port, host }) => {
    const code = await new Promise((resolve) => {
      connect(port, host).once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    assert.equal(code, 'ECONNREFUSED')
    const { createServer } = await import('node:net')
    const taken = await new Promise((resolve) => {
      const server = createServer()
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      server.listen(port, host, () => server.close(() => resolve('listened')))
    })
    assert.equal(taken, 'EADDRINUSE')
  })
})

test('a stopped fault leaves nothing listening', async () => {
  for (const fault of [CONTROL, ...FAULTS]) {
    const running = await fault.start({ clock: systemClock, lab, expects: EXPECTS })
    await running.stop()
    const code = await new Promise((resolve) => {
      const socket = connect(running.port, running.host, () => {
        socket.destroy()
        resolve('connected')
      })
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    })
    assert.equal(code, 'ECONNREFUSED', fault.name)
  }
})
