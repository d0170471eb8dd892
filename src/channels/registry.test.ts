import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { z } from 'zod'
import { travelClock } from '../kit/clock.ts'
import { TocsinError } from '../kit/errors.ts'
import { captureChannels } from './capture.ts'
import { channelsConfig } from './config.ts'
import { channels } from './registry.ts'
import { describeAddress, parseAddress, sendThrough } from './send-through.ts'
import { checkSignature, signBody } from './webhook/signature.ts'

test('every folder is in the registry under its own name, and the other way round', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  assert.deepEqual(Object.keys(channels).sort(), folders.map((folder) => folder.name).sort())
  for (const [kind, channel] of Object.entries(channels)) assert.equal(channel.kind, kind)
})

test('each address schema makes a form: an object whose fields have titles', () => {
  for (const channel of Object.values(channels)) {
    const schema = z.toJSONSchema(channel.schema) as {
      type: string
      properties: Record<string, { title?: string }>
    }
    assert.equal(schema.type, 'object')
    for (const [field, { title }] of Object.entries(schema.properties))
      assert.ok(title, `${channel.kind}.${field}`)
    assert.ok(schema.properties[channel.shorthand], `${channel.kind} has its shorthand`)
  }
})

test('an address may be written as a bare string', () => {
  assert.deepEqual(parseAddress(channels, 'email', ' ana@example.org '), { email: 'ana@example.org' })
  assert.deepEqual(parseAddress(channels, 'slack', 'https://hooks.example.org/x'), {
    url: 'https://hooks.example.org/x',
  })
})

test('a wrong address is named with its place', () => {
  const wrong: [string, unknown, string][] = [
    ['email', 'ana', 'people.ana.contacts.0.address.email'],
    ['email', { email: 'ana@example.org', admin: true }, 'people.ana.contacts.0.address'],
    ['webhook', { url: 'ftp://example.org' }, 'people.ana.contacts.0.address.url'],
    ['webhook', { url: 'https://user:pass@example.org' }, 'people.ana.contacts.0.address.url'],
    ['webhook', { url: 'https://example.org', secret: 'short' }, 'people.ana.contacts.0.address.secret'],
    ['mattermost', { url: 'https://example.org', channel: 'a b' }, 'people.ana.contacts.0.address.channel'],
    ['pigeon', 'coop 7', 'people.ana.contacts.0.kind'],
    ['constructor', 'x', 'people.ana.contacts.0.kind'],
  ]
  for (const [kind, address, path] of wrong)
    assert.throws(
      () => parseAddress(channels, kind, address, 'people.ana.contacts.0.address'),
      (error) => error instanceof TocsinError && error.problems[0]!.path === path,
      path,
    )
})

test('a description does not give a secret address away', () => {
  const url = 'https://hooks.example.org/services/T000/B000/abcdefghijkl'
  for (const kind of ['webhook', 'slack', 'mattermost'])
    assert.equal(describeAddress(channels, kind, { url }), 'hooks.example.org …ijkl')
  assert.equal(
    describeAddress(channels, 'webhook', { url: 'https://example.org/x', secret: 'sixteen characters!' }),
    'example.org',
  )
  assert.equal(
    describeAddress(channels, 'mattermost', { url, channel: 'ops' }),
    'hooks.example.org …ijkl (ops)',
  )
  assert.equal(describeAddress(channels, 'email', { email: 'ana@example.org' }), 'ana@example.org')
  assert.equal(describeAddress(channels, 'pigeon', url), 'pigeon (address not readable)')
})

test('an unknown channel and an unreadable address are refused as values', async () => {
  const context = {
    clock: travelClock(0),
    signal: new AbortController().signal,
    settings: { mail: null, egress: { allowPrivate: true, allow: [] } },
  }
  const message = { subject: 's', text: 't', key: 'k' }
  for (const [kind, address] of [
    ['pigeon', 'x'],
    ['email', 7],
    ['webhook', null],
  ] as const)
    assert.equal((await sendThrough(channels, kind, address, message, context)).result, 'refused')
})

test('captured channels keep what they are given and send nothing', async () => {
  const capture = captureChannels()
  const context = {
    clock: travelClock(5_000),
    signal: new AbortController().signal,
    settings: { mail: null, egress: { allowPrivate: true, allow: [] } },
  }
  const message = { subject: 's', text: 't', key: 'k' }
  assert.deepEqual(Object.keys(capture.channels), Object.keys(channels))
  await sendThrough(capture.channels, 'email', 'ana@example.org', message, context)
  capture.answer = () => ({ result: 'retry', reason: 'busy' })
  assert.equal(
    (await sendThrough(capture.channels, 'email', 'bo@example.org', message, context)).result,
    'retry',
  )
  assert.deepEqual(capture.sent, [
    { kind: 'email', address: { email: 'ana@example.org' }, message, at: 5_000 },
  ])
})

test('a signature holds for its body, secret and time only', () => {
  const now = 1_700_000_000_000
  const header = signBody('secret', '{}', now)
  assert.match(header, /^t=1700000000,v1=[0-9a-f]{64}$/)
  assert.equal(checkSignature(header, 'secret', '{}', now + 299_000), 'valid')
  assert.equal(checkSignature(header, 'secret', '{}', now + 301_000), 'too-old')
  assert.equal(checkSignature(header, 'other', '{}', now), 'wrong')
  assert.equal(checkSignature(header.replace('t=17', 't=18'), 'secret', '{}', now), 'wrong')
  assert.equal(checkSignature('v1=abc', 'secret', '{}', now), 'malformed')
})

test('the section `channels` has defaults for on-premises use and refuses nonsense', () => {
  assert.deepEqual(channelsConfig.parse(undefined), { egress: { allowPrivate: true, allow: [] } })
  const strict = { egress: { allowPrivate: false, allow: ['10.0.0.0/8', 'chat.example.org', '::1'] } }
  assert.deepEqual(channelsConfig.parse(strict), strict)
  for (const allow of [['10.0.0.0/33'], ['a b'], ['x/24'], ['']])
    assert.equal(channelsConfig.safeParse({ egress: { allow } }).success, false, String(allow))
})
