/**
 * CERNTS, November: rebuilt terminal servers served a certificate, not the right one, and the load balancer sent
 * users to them until users complained at 10:43. Here with real xrdp nodes behind a real HAProxy, which asks Tocsin.
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, type TestContext, test } from 'node:test'
import { systemClock } from '../../../src/kit/clock.ts'
import { checkOnce } from '../../../src/monitors/check-once.ts'
import { kindNamed, parseSpec } from '../../../src/monitors/kinds/find-kind.ts'
import { mint, mintRoot } from '../../../src/monitors/trust/mint-for-tests.ts'
import { type IncidentLine, tellIncident } from '../../harness/incident-line.ts'
import { needs } from '../../harness/needs.ts'
import {
  openTerminalServers,
  TERMINAL_SERVERS,
  type TerminalServers,
} from '../../harness/terminal-servers.ts'
import { startTocsin, until } from '../../harness/tocsin.ts'
import { versionOf } from '../../harness/versions.ts'

const HOSTS = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']
const names = HOSTS.map((_, i) => `ts0${i + 1}`)
const DRAIN_AFTER = 3
const RETURN_AFTER = 3

/** A line of the incident, from these two programs. */
const tell = (t: TestContext, line: Omit<IncidentLine, 'incident' | 'software'> & Partial<IncidentLine>) =>
  tellIncident(t, {
    incident: 'cernts',
    software: `${versionOf('xrdp')}, ${versionOf('haproxy')}`,
    ...line,
  })

interface PoolSeen {
  inPool: number
  members: { member: string; state: string; held: string | null; reason: string }[]
}

describe('the terminal servers of CERNTS behind HAProxy', needs('xrdp', 'haproxy'), () => {
  let servers: TerminalServers
  let caFile: string

  before(async () => {
    const drain = `{ after: ${DRAIN_AFTER}, returnAfter: ${RETURN_AFTER}, floor: 50% }`
    servers = await openTerminalServers({ hosts: HOSTS, drain, inter: '1s' })
    ;({ caFile } = servers)
  })
  after(() => servers?.close())

  const shows = (what: string, ms = 30_000) =>
    until(`HAProxy shows ${what}`, ms, async () => (await servers.haproxy.shown()) === what)
  const statuses = (...status: string[]) => names.map((name, i) => `${name}=${status[i]}`).join(' ')
  const pool = () => servers.tocsin.api<PoolSeen>('GET', '/api/v1/pools/ts')
  /** How many facts of one type the log holds; read from the file, because a fact is more than an answer. */
  const facts = (type: string): number => {
    const file = new DatabaseSync(join(servers.folder, 'data', 'core.db'), { readOnly: true })
    try {
      const row = file.prepare('SELECT count(*) AS n FROM facts WHERE type = ?').get(type)
      return Number(row!.n)
    } finally {
      file.close()
    }
  }

  /** What users get who connect through HAProxy: how many of the twelve reach the right certificate. */
  async function users(): Promise<number> {
    const kind = kindNamed('rdp')
    const spec = parseSpec(kind, {
      target: `127.0.0.1:${servers.haproxy.port}`,
      expect: { name: TERMINAL_SERVERS, ca: servers.root.cert },
    })
    let well = 0
    for (let i = 0; i < 12; i++) {
      const seen = await checkOnce(kind, spec, { clock: systemClock, deadlineMs: 5_000 })
      if (seen.verdict === 'up') well++
    }
    return well
  }

  function ask(member: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let heard = ''
      const socket = connect(servers.agentPort, '127.0.0.1', () => socket.write(`ts/${member}\n`))
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.once('error', reject)
      socket.once('close', () => resolve(heard))
    })
  }

  test('a node that was rebuilt is drained, and users no longer reach it', async (t) => {
    await until(
      'the pool is seen well',
      30_000,
      async () => (await pool().catch(() => null))?.members.length === 4,
    )
    await shows(statuses('UP', 'UP', 'UP', 'UP'))
    assert.equal(await users(), 12)
    const rebuilt = await mint({ name: 'CN=TS03-NEW' })
    const fault = Date.now()
    await servers.nodes[2]!.serve(rebuilt)
    await until('users are hurt', 10_000, async () => (await users()) < 12)
    await shows(statuses('UP', 'UP', 'DRAIN', 'UP'))
    const took = Date.now() - fault
    assert.equal(await users(), 12)
    const member = (await pool()).members[2]!
    assert.deepEqual([member.state, member.reason], ['drained', 'certificate.self-signed'])
    assert.equal(facts('pool.member-drained'), 1)
    tell(t, {
      failure: 'a rebuilt node of the pool serves a certificate of its own',
      verdict: member.state,
      reason: member.reason,
      seconds: took / 1_000,
      note: `taken out of HAProxy after ${DRAIN_AFTER} checks; 12 of 12 users reach a right node`,
    })
  })

  test('Tocsin killed and started again changes nothing', async () => {
    const shown = new Set<string>()
    let watching = true
    const watcher = (async () => {
      while (watching) {
        shown.add(await servers.haproxy.shown())
        await new Promise((resolve) => setTimeout(resolve, 40))
      }
    })()
    try {
      await servers.tocsin.kill()
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      // Without an engine nothing is checked: what is answered was decided before.
      const { config, folder } = servers
      const again = { config, folder, port: servers.tocsin.port }
      servers.tocsin = await startTocsin({ ...again, args: ['--no-engine'] })
      assert.equal(await ask('ts03'), 'up drain\n')
      assert.equal(await ask('ts01'), 'up\n')
      assert.equal(await ask('ts99'), '')
      await servers.tocsin.kill()
      servers.tocsin = await startTocsin(again)
      await new Promise((resolve) => setTimeout(resolve, 2_500))
    } finally {
      watching = false
      await watcher
    }
    assert.deepEqual([...shown], [statuses('UP', 'UP', 'DRAIN', 'UP')])
  })

  test('a check gone mad does not empty the pool', async (t) => {
    const drained = facts('pool.member-drained')
    const stranger = await mintRoot()
    const fault = Date.now()
    writeFileSync(caFile, stranger.cert)
    const held = await until('the floor is held', 30_000, async () => {
      const { members } = await pool()
      return members.filter((member) => member.held !== null).length === 3 && members
    })
    const took = Date.now() - fault
    assert.ok(held.every(({ reason }) => reason.startsWith('certificate.')))
    // As long again as a drain would have taken.
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    assert.equal(await servers.haproxy.shown(), statuses('UP', 'UP', 'DRAIN', 'UP'))
    assert.equal(await users(), 12)
    assert.equal(facts('pool.member-drained'), drained)
    assert.ok(facts('pool.floor-held') > 0)
    writeFileSync(caFile, servers.root.cert)
    await until('the check is sane again', 20_000, async () =>
      (await pool()).members.every((one) => one.held === null),
    )
    // The health check that killed what it should have kept stood in another of the incidents.
    for (const incident of ['cernts', 'logdna-tenant'] as const)
      tell(t, {
        incident,
        failure: 'the health check itself goes mad and calls every node bad',
        verdict: 'held',
        reason: 'pool.floor-held',
        seconds: took / 1_000,
        note: 'nobody is drained by it; 12 of 12 users reach a node',
      })
  })

  test('a node that is mended is taken back', async (t) => {
    const mended = Date.now()
    await servers.nodes[2]!.serve(servers.right)
    await shows(statuses('UP', 'UP', 'UP', 'UP'))
    const took = Date.now() - mended
    assert.equal(facts('pool.member-returned'), 1)
    assert.ok(
      took >= (RETURN_AFTER - 1) * 1_000,
      `back after ${took} ms, before it was seen well often enough`,
    )
    assert.equal(await users(), 12)
    tell(t, {
      failure: 'the drained node is mended',
      verdict: 'returned',
      reason: 'pool.member-returned',
      seconds: took / 1_000,
      note: `after ${RETURN_AFTER} good checks, and not before`,
    })
  })

  test('what a person drained by hand stays drained', async () => {
    await servers.haproxy.say('set server pool/ts01 state drain')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    assert.equal(await servers.haproxy.shown(), statuses('DRAIN', 'UP', 'UP', 'UP'))
    await servers.haproxy.say('set server pool/ts01 state ready')
    await shows(statuses('UP', 'UP', 'UP', 'UP'))
  })

  test('the floor holds when the nodes really break one after the other', async (t) => {
    const wrong = await mint({
      name: 'CN=another.example.org',
      names: ['another.example.org'],
      by: servers.root,
    })
    let third = 0
    for (const node of servers.nodes.slice(0, 3)) {
      third = Date.now()
      await node.serve(wrong)
      if (node !== servers.nodes[2]) await new Promise((resolve) => setTimeout(resolve, 4_000))
    }
    await until('the third is held', 20_000, async () =>
      (await pool()).members.some((one) => one.held === 'floor'),
    )
    const heldAfter = Date.now() - third
    assert.equal(await servers.haproxy.shown(), statuses('DRAIN', 'DRAIN', 'UP', 'UP'))
    assert.equal((await pool()).inPool, 2)
    await Promise.all(servers.nodes.map((node) => node.serve(servers.right)))
    await shows(statuses('UP', 'UP', 'UP', 'UP'))
    tell(t, {
      failure: 'three of four nodes break one after the other',
      verdict: 'held',
      reason: 'pool.floor-held',
      seconds: heldAfter / 1_000,
      note: 'two are drained, and the third stays: the floor is half of them',
    })
  })
})
