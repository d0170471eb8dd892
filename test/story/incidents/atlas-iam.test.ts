/**
 * ATLAS IAM, October 2022: a stress test filled the token table, the token service went on accepting connections
 * and answered nothing, and every site's job gateway stood still while it fetched the signing keys. It was noticed
 * by another experiment, after 2 h 43 min.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { watch } from '../../harness/incident.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import {
  CLIENT,
  PATHS,
  signingKey,
  startOidcProcess,
  startOidcProvider,
} from '../../harness/oidc-provider.ts'
import { packageVersionOf } from '../../harness/versions.ts'

const SOFTWARE = packageVersionOf('oidc-provider')
// A tenth of what people would write, so that the test does not take minutes.
const EVERY = { every: '2s', retryEvery: '1s', confirm: 2, stepTimeout: '700ms', timeout: '3s' }

describe('the token service of ATLAS IAM', () => {
  test('stops answering, although it accepts connections: named within two checks', async (t) => {
    const iam = await startOidcProcess()
    const monitored = { service: 'iam', type: 'oidc', issuer: iam.issuer, ...EVERY }
    // What was there at the time: does the port answer?
    const port = { service: 'iam', type: 'tcp', target: `127.0.0.1:${iam.port}`, every: '2s' }
    const watching = await watch({ keys: monitored, port })
    try {
      await watching.verdict('keys', 'up')
      const fault = Date.now()
      iam.freeze()
      const seen = await watching.verdict('keys', 'down')
      assert.equal(seen.reason, 'oidc.keys-hang')
      assert.match(seen.summary, /who verifies tokens with them waits, and stands still/)
      const took = seen.at - fault
      assert.ok(took < 15_000)
      assert.deepEqual(
        (await watching.changes()).filter((one) => one.monitorId === 'port').map((one) => one.to),
        ['up'],
        'a monitor of the port alone sees nothing',
      )
      iam.thaw()
      await watching.verdict('keys', 'up', seen.at)
      tellIncident(t, {
        incident: 'atlas-iam',
        failure: 'the token service accepts connections and answers nothing (SIGSTOP)',
        software: SOFTWARE,
        verdict: seen.to,
        reason: seen.reason,
        seconds: took / 1_000,
        note: 'a check of the port stays up',
      })
    } finally {
      await watching.stop()
      await iam.stop()
    }
  })

  test('grows slower before it stops: degraded while its consumers still get their keys', async (t) => {
    const iam = await startOidcProvider({ keys: [await signingKey('first')] })
    const expect = { keysLatency: '250ms', tokenLatency: '250ms' }
    const watching = await watch({
      keys: { service: 'iam', type: 'oidc', issuer: iam.issuer, client: CLIENT, expect, ...EVERY },
    })
    try {
      await watching.verdict('keys', 'up')
      const fault = Date.now()
      iam.delay(PATHS.token, 400)
      const slow = await watching.verdict('keys', 'degraded')
      assert.equal(slow.reason, 'oidc.token-slow')
      const stop = Date.now()
      iam.delay(PATHS.token, Number.POSITIVE_INFINITY)
      const down = await watching.verdict('keys', 'down')
      assert.equal(down.reason, 'oidc.token-hang')
      for (const [what, seen, from] of [
        ['tokens take longer than their budget', slow, fault],
        ['tokens are never answered', down, stop],
      ] as const)
        tellIncident(t, {
          incident: 'atlas-iam',
          failure: what,
          software: SOFTWARE,
          verdict: seen.to,
          reason: seen.reason,
          seconds: (seen.at - from) / 1_000,
        })
    } finally {
      await watching.stop()
      await iam.stop()
    }
  })
})
