/** What must not leave: secrets in logs; and what must not be guessed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hashSecret, newSecret } from './ids.ts'
import { REDACTED, redact } from './redact.ts'

describe('redaction', () => {
  const KEYS = [
    ...['password', 'passwordHash', 'PASSPHRASE', 'smtp_pass_word_secret', 'clientSecret', 'accessToken'],
    ...[
      'Authorization',
      'set-cookie',
      'apiKey',
      'api_key',
      'api-key',
      'slackWebhook',
      'privateKey',
      'private-key',
    ],
  ]
  for (const key of KEYS)
    it(`hides what stands under ${key}, whatever it is`, () => {
      for (const value of ['x', 7, ['a'], { deep: 'a' }, ''])
        assert.deepEqual(redact({ [key]: value }), { [key]: REDACTED })
    })

  it('leaves what is not there and what is only said to be there', () => {
    assert.deepEqual(redact({ password: null, hasPassword: true, token: false }), {
      password: null,
      hasPassword: true,
      token: false,
    })
  })

  it('hides the password of an address wherever it stands in a text, whatever it is made of', () => {
    const password = fc.stringMatching(/^[^\s/]{1,20}$/).filter((text) => !text.includes('://'))
    fc.assert(
      fc.property(password, fc.constantFrom('postgres', 'smtp', 'https'), (secret, scheme) => {
        const text = `cannot reach ${scheme}://tocsin:${secret}@db.lab.example:5432/tocsin, gave up`
        assert.equal(
          redact(text),
          `cannot reach ${scheme}://tocsin:${REDACTED}@db.lab.example:5432/tocsin, gave up`,
        )
      }),
    )
  })

  it('leaves addresses without a password, and texts without an address, as they are', () => {
    for (const text of [
      'https://docs.lab.example:8443/a@b',
      'mail ana@lab.example at 10:30',
      'http://[::1]:8080/x',
      'postgres://tocsin@db/tocsin',
    ])
      assert.equal(redact(text), text)
  })

  it('copies: the value that is used goes on with its secret', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const before = JSON.stringify(value)
        redact({ value, password: value })
        assert.equal(JSON.stringify(value), before)
      }),
    )
    const settings = { password: 'x', list: [{ token: 'y' }] }
    redact(settings)
    assert.deepEqual(settings, { password: 'x', list: [{ token: 'y' }] })
  })
})

describe('the log', () => {
  const log = (level: string, call: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { openLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)})
         const log = openLog('${level}'); ${call}`,
      ],
      { encoding: 'utf8' },
    )

  it('is JSON lines on standard error, redacted, and nothing on standard output', () => {
    const { stdout, stderr } = log(
      'info',
      `log.warn({ url: 'smtp://u:hunter2@mail', token: 'abc' }, 'not sent')`,
    )
    assert.equal(stdout, '')
    const line = JSON.parse(stderr.trim().split('\n').at(-1)!)
    assert.deepEqual([line.msg, line.url, line.token], ['not sent', `smtp://u:${REDACTED}@mail`, REDACTED])
  })

  it('is as quiet as it is told to be', () => {
    const { stderr } = log('error', `log.info({}, 'one'); log.warn({}, 'two'); log.error({}, 'three')`)
    assert.deepEqual(
      stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line).msg),
      ['three'],
    )
  })
})

describe('a secret', () => {
  it('has 256 bits, fits in an address, and is never the same', () => {
    const secrets = Array.from({ length: 500 }, newSecret)
    assert.equal(new Set(secrets).size, 500)
    for (const secret of secrets) {
      assert.match(secret, /^[\w-]{43}$/)
      assert.equal(Buffer.from(secret, 'base64url').length, 32)
    }
  })

  it('is stored as a hash that is always the same for it: old links and tokens must go on to work', () => {
    assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    assert.notEqual(hashSecret('abc'), hashSecret('abd'))
  })
})
