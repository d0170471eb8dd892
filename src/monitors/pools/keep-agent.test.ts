import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { freePort, portAnswers } from '../../../test/harness/ports.ts'
import { systemClock } from '../../kit/clock.ts'
import { openStore } from '../../store/open-store.ts'
import { openMonitorsWorld } from '../world-for-tests.ts'
import { poolsConfig } from './config.ts'
import { keepPoolAgent } from './keep-agent.ts'

test('the agent follows the configuration, and a port that is taken is told and stops nothing', async () => {
  const store = await openStore({ directory: ':memory:', now: 0 })
  const { world } = openMonitorsWorld(store)
  const agent = keepPoolAgent({ ...world, clock: systemClock })
  const other = keepPoolAgent({ ...world, clock: systemClock })
  const [one, two] = [await freePort(), await freePort()]
  const at = (port: number) => poolsConfig.parse({ agent: { listen: `127.0.0.1:${port}` } })
  try {
    assert.equal(await agent.follow(poolsConfig.parse({})), null)
    assert.equal(await agent.follow(at(one)), null)
    const open = connect(one, '127.0.0.1')
    await new Promise((resolve) => open.once('connect', resolve))
    // Read again without a change, it goes on listening and drops nobody.
    assert.equal(await agent.follow(at(one)), null)
    assert.equal(open.destroyed, false)
    assert.match((await other.follow(at(one)))!, /^load balancers are not answered: .*EADDRINUSE/)
    assert.equal(await agent.follow(at(two)), null)
    assert.deepEqual([await portAnswers(one), await portAnswers(two)], [false, true])
    // What could not listen before is tried again.
    assert.equal(await other.follow(at(one)), null)
    assert.equal(await agent.follow(poolsConfig.parse({})), null)
    assert.equal(await portAnswers(two), false)
    open.destroy()
  } finally {
    await agent.close()
    await other.close()
    await store.close()
  }
})

test('an endpoint that is none is refused with the configuration', () => {
  assert.equal(poolsConfig.safeParse({ agent: { listen: '7777' } }).success, false)
  assert.equal(poolsConfig.safeParse({ agent: {} }).success, false)
})
