import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readWatcher } from './watcher-configuration.ts'

const KEY = 'a-key-that-both-sides-share-0123456789'
const read = (text: string, env: Record<string, string> = {}) =>
  readWatcher(text, { env, folder: '/etc/tocsin' })
const problems = (text: string) => {
  const result = read(text)
  assert.equal(result.ok, false)
  return result.ok ? [] : result.problems.map(({ path, line, message }) => `${line} ${path}: ${message}`)
}

describe('the file of watch-peer', () => {
  test('has defaults for all but the peers and the contacts', () => {
    const result = read(
      `peers: {main: {key: "\${KEY}"}}\ncontacts: [{kind: webhook, address: 'https://x.example/'}]`,
      {
        KEY,
      },
    )
    assert.ok(result.ok)
    const { value } = result
    assert.deepEqual(
      [value.host, value.port, value.stateFile],
      ['127.0.0.1', 9191, '/etc/tocsin/watch-peer.json'],
    )
    assert.deepEqual(value.peers.main, { key: KEY, silence: 60_000, stalled: 90_000 })
    assert.deepEqual(value.contacts, [{ kind: 'webhook', address: { url: 'https://x.example/' } }])
    // Whatever happens, somebody knows within two minutes.
    assert.ok(value.peers.main!.silence <= 120_000 && value.peers.main!.stalled <= 120_000)
  })

  test('all that is wrong is told at once, with its place', () => {
    const told = problems(`listen: everywhere\npeers: {main: {key: short}}\ncontacts: []\nremaind: 5m`)
    assert.equal(told.length, 4, told.join('\n'))
    assert.match(told.join('\n'), /1 listen: .*port/)
    assert.match(told.join('\n'), /2 peers\.main\.key: .*openssl rand/)
    assert.match(told.join('\n'), /3 contacts: .*reaches nobody/)
    assert.match(told.join('\n'), /4 remaind: the key "remaind" is not known/)
  })

  test('contacts are read by their channel, and mail needs its server', () => {
    const peers = `peers: {main: {key: ${KEY}}}`
    assert.match(
      problems(`${peers}\ncontacts: [{kind: pigeon, address: x}]`)[0]!,
      /2 contacts\.0\.kind: there is no channel/,
    )
    assert.match(
      problems(`${peers}\ncontacts: [{kind: webhook, address: 'no address'}]`)[0]!,
      /2 contacts\.0\.address/,
    )
    assert.match(
      problems(`${peers}\ncontacts: [{kind: email, address: ana@example.org}]`)[0]!,
      /no mail server/,
    )
  })

  test('an IPv6 address is one to listen on', () => {
    const result = read(
      `listen: "[::1]:99"\npeers: {a: {key: ${KEY}}}\ncontacts: [{kind: webhook, address: 'http://h.example/'}]`,
    )
    assert.ok(result.ok && result.value.host === '::1' && result.value.port === 99)
  })
})
