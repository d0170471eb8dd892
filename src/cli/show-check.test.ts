/** What a person sees at a terminal: laid out, coloured only there, and steered by nobody else. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type MonitorKind, monitorKinds, type Observation } from '../monitors/index.ts'
import { checkHelp, schemesHelp } from './check-help.ts'
import { nagiosLine, oneLine, performance } from './nagios.ts'
import { runForTests } from './run-for-tests.ts'
import { showCheck, wrap } from './show-check.ts'
import { Farm } from './targets-for-tests.ts'
import { processTerminal } from './terminal.ts'
import { whatNext } from './what-next.ts'

const screen = { columns: 80, colour: false }
const seen = (more: Partial<Observation> = {}): Observation => ({
  verdict: 'down',
  reason: 'certificate.expired',
  summary:
    'the certificate for docs.example.org ended on 2026-11-20, which was a day ago, and it is still served',
  tookMs: 12.4,
  values: { daysLeft: -1.2, protocol: 'TLSv1.3', note: null },
  ...more,
})
const show = (observation: Observation, on = screen) =>
  showCheck({ kind: 'tls', target: 'tls://docs.example.org', observation, more: [] }, on)

describe('the layout', () => {
  test('says the verdict, the sentence, the figures and what to do', () => {
    assert.equal(
      show(seen()),
      `CRITICAL  TLS tls://docs.example.org

  The certificate for docs.example.org ended on 2026-11-20, which was a day ago,
  and it is still served.

  reason    certificate.expired
  time      12 ms
  daysLeft  -1.2
  protocol  TLSv1.3

  Next: Renew the certificate, reload the server, and check again.
`,
    )
  })

  test('a name at the beginning of the sentence keeps its letters', () => {
    assert.match(show(seen({ summary: 'agents cannot connect' })), /\n {2}agents cannot connect\.\n/)
  })

  test('what is well needs no advice and no reason', () => {
    const text = show(seen({ verdict: 'up', reason: 'ok', summary: 'well' }))
    assert.match(text, /^OK {2}TLS /)
    assert.doesNotMatch(text, /Next|reason/)
  })

  test('a certificate is told with its names and its end', () => {
    const certificate = {
      subject: 'CN=a',
      issuer: 'CN=b',
      names: ['a.example.org', 'b.example.org'],
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2026-11-20T05:00:00Z',
    } as Observation['certificate'] & object
    const text = show(seen({ certificate }))
    assert.match(text, /\n {2}names +a\.example\.org, b\.example\.org\n/)
    assert.match(text, /\n {2}valid +2026-01-01 to 2026-11-20 05:00 UTC\n/)
  })

  test('no line is wider than the screen, whatever is said; long words stand alone', () => {
    const words = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 30 }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 200 }), (given, columns) => {
        const summary = given.join(' ')
        const text = show(seen({ summary, values: { detail: summary } }), { columns, colour: false })
        for (const line of text.split('\n').slice(1))
          assert.ok(
            line.length <= Math.min(80, columns) || !line.trim().includes(' ') || line.length < 60,
            line,
          )
      }),
    )
    assert.deepEqual(wrap('one two three', 8, '  '), ['  one', '  two', '  three'])
    assert.deepEqual(wrap('Next: one two', 10, '      ', ''), ['Next: one', '      two'])
  })

  test('colours only where there are any, and they change no letter', () => {
    const plain = show(seen())
    const coloured = show(seen(), { columns: 80, colour: true })
    const escapes = /\u001b\[[\d;]*m/g
    assert.equal(coloured.replace(escapes, ''), plain)
    assert.ok(coloured.match(escapes)!.length >= 4)
    assert.doesNotMatch(plain, escapes)
  })

  test('what a server says does not steer the terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (said) => {
        const text = show(seen({ summary: said, values: { said, [said]: 1 } }))
        assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
      }),
      { numRuns: 2_000 },
    )
    assert.equal(oneLine('a\u001b[2Jb\tc'), 'a?[2Jb c')
  })
})

test('columns of further lines are kept where they fit', () => {
  const observation = seen({ verdict: 'up', reason: 'ok', summary: 'well' })
  const more = ['open   12ms  /', `find    9ms  ${'word '.repeat(30)}`]
  const text = showCheck({ kind: 'journey', target: 'journey:x', observation, more }, screen)
  assert.match(text, /\n {2}open {3}12ms {2}\/\n {2}find 9ms word /)
})

describe('the line of a plugin', () => {
  test('keeps to one line and one bar, whatever a server says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), (said, value) => {
        const line = nagiosLine('tls', seen({ summary: said, values: { [said]: value } }))
        assert.equal(line.split('|').length, 2)
        assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('labels with spaces are quoted, numbers have no exponent, and words are no figures', () => {
    const values = {
      'free space': 3,
      "it's": 1,
      'a=b': 2,
      tiny: 1e-9,
      huge: 1e21,
      word: 'x',
      none: null,
      nan: Number.NaN,
    }
    assert.deepEqual(performance(seen({ tookMs: 5, values })), [
      'time=0.005s;;;0',
      "'free space'=3",
      "'it''s'=1",
      "'a_b'=2",
      'tiny=0.000000001',
      'huge=1000000000000000000000',
    ])
  })
})

describe('where results go', () => {
  const fake = (isTTY: boolean, env: Record<string, string>, columns?: number) =>
    processTerminal({
      stdout: { isTTY, columns, on() {}, write() {} },
      stderr: { isTTY, on() {}, write() {} },
      env,
      on() {},
      off() {},
    } as unknown as NodeJS.Process).screen

  test('a screen is one that a person looks at; NO_COLOR and dumb terminals have no colours', () => {
    assert.equal(fake(false, {}), null)
    assert.deepEqual(fake(true, {}, 132), { columns: 132, colour: true })
    assert.deepEqual(fake(true, { NO_COLOR: '1' }), { columns: 80, colour: false })
    assert.deepEqual(fake(true, { NO_COLOR: '' }), { columns: 80, colour: true })
    assert.deepEqual(fake(true, { TERM: 'dumb' }), { columns: 80, colour: false })
  })

  test('the same check for a person and for a pipe; JSON stays JSON', async () => {
    const farm = new Farm()
    const port = await farm.listen(createServer((_, response) => response.writeHead(503).end()))
    try {
      const args = ['check', `http://127.0.0.1:${port}/`]
      const person = await runForTests(args, { terminal: { screen } })
      const pipe = await runForTests(args)
      assert.deepEqual([person.code, pipe.code], [2, 2])
      assert.match(person.out, /^CRITICAL {2}HTTP http:\/\/127\.0\.0\.1:\d+\/\n\n {2}The status is 503/)
      assert.match(person.out, /\n {2}Next: Read the log of the service/)
      assert.match(pipe.out, /^HTTP CRITICAL - .*\| time=/)
      const json = await runForTests([...args, '--json'], { terminal: { screen } })
      assert.equal(JSON.parse(json.out).reason, 'http.status-unexpected')
    } finally {
      await farm.stop()
    }
  })

  test('a kind that hears says so to a person too', async () => {
    const { code, out } = await runForTests(['check', 'heartbeat:nightly'], { terminal: { screen } })
    assert.equal(code, 3)
    assert.match(out, /^UNKNOWN {2}HEARTBEAT heartbeat:nightly\n\n {2}A heartbeat is heard/)
  })
})

describe('help', () => {
  const all = Object.values(monitorKinds) as unknown as MonitorKind[]

  test('names every kind by its title with its targets, in 80 columns', () => {
    const text = schemesHelp()
    for (const { title, typedAs = [], kind, notByHand } of all) {
      for (const target of typedAs) assert.ok(text.includes(target), target)
      assert.ok(text.includes(notByHand ? kind : title), kind)
    }
    for (const line of checkHelp().split('\n')) assert.ok(line.length <= 80, line)
  })

  test('is shown for --help, and where no target or an unknown one is typed', async () => {
    const help = await runForTests(['check', '--help'])
    assert.equal(help.code, 0)
    assert.match(help.out, /Targets:\n[\s\S]*rdp:\/\/HOST\[:3389\][\s\S]*Examples:/)
    for (const args of [['check'], ['check', 'gopher://x']]) {
      const { code, out, err } = await runForTests(args)
      assert.equal(code, 3)
      assert.match(out, /^CHECK UNKNOWN - [^\n]+\n$/)
      assert.match(err, /\nTargets:\n[\s\S]*rdp:\/\/HOST/)
    }
    // Whoever mistypes an option knows their target.
    assert.doesNotMatch((await runForTests(['check', 'tcp://x:1', '--nmae', 'y'])).err, /Targets:/)
  })

  test('every reason that a check by hand can give comes with advice', () => {
    for (const { kind, reasons, notByHand } of all)
      for (const reason of reasons)
        if (reason !== 'ok' && !notByHand) assert.ok(whatNext(reason), `${kind}: ${reason}`)
    assert.equal(whatNext('ok'), null)
    assert.equal(whatNext('never.heard-of'), null)
  })
})

describe('a target that is written wrongly', () => {
  test('is told with how it is written; on a screen once, for a plugin on standard output too', async () => {
    const args = ['check', 'tcp://localhost']
    const person = await runForTests(args, { terminal: { screen } })
    assert.deepEqual([person.code, person.out], [3, ''])
    assert.match(person.err, /host:port is expected[^\n]*\n[\s\S]*Write tcp:\/\/HOST:PORT\./)
    const plugin = await runForTests(args)
    assert.equal(plugin.code, 3)
    assert.match(plugin.out, /^CHECK UNKNOWN - [^\n]*host:port is expected[^\n]*\n$/)
  })
})

describe('--set', () => {
  test('reaches any setting, also inside of others, beside the flags of certificates', async () => {
    const farm = new Farm()
    try {
      const at = `http://127.0.0.1:${await farm.web(null)}/queue.json`
      const run = (...args: string[]) => runForTests(['check', at, ...args])
      assert.equal((await run('--set', 'expect.status=[200, 204]')).code, 0)
      assert.equal((await run('--set', 'method=POST', '--set', 'headers={X-Lab: "1"}')).code, 0)
      const wrong = await run('--set', 'expect.statsu=200')
      assert.equal(wrong.code, 3)
      assert.match(wrong.err, /expect/)
      const odd = await run('--set', 'status')
      assert.match(odd.err, /--set status is not understood\n {2}Write --set expect\.status=404/)
      for (const path of ['__proto__.polluted=1', 'constructor.prototype.polluted=1'])
        assert.equal((await run('--set', path)).code, 3)
      assert.equal(({} as Record<string, unknown>).polluted, undefined)
    } finally {
      await farm.stop()
    }
  })
})
