/**
 * Gluster, November 2018: the nightly run that renews the certificate of the documentation hung on two dead builders
 * from the night of the 13th on, so that the certificate ended on the 20th at 05:00. A person on IRC noticed, five
 * hours later. Here with real processes that hang, a real nginx, real pings over HTTP, and time that is travelled.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { MonitorDetail } from '../../../src/contract/monitors.ts'
import { openDesk } from '../../../src/http/desk-for-tests.ts'
import { DAY, formatDuration, HOUR } from '../../../src/kit/duration.ts'
import { checkMonitor, findMonitor } from '../../../src/monitors/index.ts'
import { acknowledgeAlert } from '../../../src/oncall/index.ts'
import { mintLabCa } from '../../../src/proofs/index.ts'
import { tellIncident } from '../../harness/incident-line.ts'
import { needs } from '../../harness/needs.ts'
import { startNginx } from '../../harness/nginx.ts'
import { type Story, story } from '../../harness/story.ts'
import { until } from '../../harness/tocsin.ts'
import { versionOf } from '../../harness/versions.ts'

const NAME = 'docs.lab.example'
const KEY = 'nightly-deploy-key-0123456789'
const START = Date.parse('2018-11-11T12:00:00Z')
const HANGS = Date.parse('2018-11-13T03:00:00Z')
const ENDS = Date.parse('2018-11-20T05:00:00Z')
const DEAD = ['builder1', 'builder31']

// Each builder is asked how full its disks are; on a dead one that never answers. No step has a limit of its own.
const DEPLOY = `set -e
curl -fsS -X POST "$PING/start?rid=$RID" > /dev/null
for builder in builder1 builder31; do cat "$BUILDERS/$builder" > /dev/null; done
curl -fsS -X POST --data 'all hosts done' "$PING?rid=$RID" > /dev/null`

const configuration = (port: number, ca: string) => `
people: { ana: { name: Ana, email: ana@lab.example } }
teams: { infra: { members: [ana], schedule: week } }
services: { docs: { name: Documentation, owner: infra } }
oncall: { week: { rotation: weekly, from: "2018-11-05T09:00", timezone: UTC, order: [ana] } }
policies: { usual: { default: true, ackTimeout: never, steps: [{ notify: [{ schedule: week }], wait: 24h }], lastResort: { people: [ana], every: 24h } } }
monitors:
  docs-certificate:
    service: docs
    type: tls
    target: "127.0.0.1:${port}"
    every: 1h
    confirm: 1
    expect: { name: ${NAME}, renewBefore: 7d, warn: 1d, ca: ${JSON.stringify(ca)} }
  nightly-deploy:
    service: docs
    type: heartbeat
    schedule: "0 3 * * *"
    startGrace: 10m
    maxRun: 1h
    pingKey: ${KEY}
    renews: docs-certificate
`

describe('the documentation of Gluster', needs('nginx'), () => {
  test('the run that hangs is told on its first night, seven days before the certificate ends', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-builders-'))
    for (const name of DEAD) writeFileSync(join(folder, name), 'Filesystem 1K-blocks Used\n')
    const ca = await mintLabCa({ subject: "Let's Encrypt Lab", now: START })
    const leaf = await ca.issue({ names: [NAME], notBefore: ENDS - 90 * DAY, notAfter: ENDS })
    const nginx = await startNginx(NAME, leaf)
    const running: ChildProcess[] = []
    const config = configuration(nginx.port, ca.rootPem)
    try {
      await story({ config, start: new Date(START).toISOString() }, async (s) => {
        const { world } = s.tocsin()
        const desk = await openDesk({ world })
        t.after(() => desk.close())
        const url = await desk.app.listen({ host: '127.0.0.1', port: 0 })
        const token = await desk.token('viewer')
        const read = async <T>(path: string) =>
          (await (
            await fetch(`${url}/api/v1/monitors/${path}`, { headers: { authorization: `Bearer ${token}` } })
          ).json()) as T

        /** The job of this night, as a real process; answers when its first ping was taken. */
        const night = async (number: number, ends: boolean) => {
          const rid = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
          const env = { PATH: process.env.PATH, PING: `${url}/ping/${KEY}`, RID: rid, BUILDERS: folder }
          const child = spawn('bash', ['-c', DEPLOY], { env, stdio: ['ignore', 'ignore', 'inherit'] })
          running.push(child)
          if (ends) assert.equal((await once(child, 'exit'))[0], 0)
          else
            await until('the start of the job is heard', 10_000, async () =>
              (await read<{ items: { rid: string }[] }>('nightly-deploy/runs')).items.some(
                (run) => run.rid === rid,
              ),
            )
          await s.settle()
        }
        /** The real certificate, checked by the world's clock. */
        const look = async () => {
          const monitor = (await findMonitor(s.store.read, 'docs-certificate'))!
          s.see('docs-certificate', (await checkMonitor(monitor, s.clock))!)
        }
        const goTo = async (at: number) => {
          while (s.clock.now() < at) {
            await look()
            await s.travel(`${Math.min(HOUR, at - s.clock.now()) / 1_000}s`)
          }
        }

        await look()
        await goTo(HANGS - DAY)
        await night(1, true)
        await goTo(HANGS)
        s.expectSilence()
        kill(folder)
        await night(2, false)

        // One night later at the latest somebody knows: the longest run is over at four.
        await goTo(HANGS + HOUR)
        const message = s.expectMessage('ana@lab.example', /nightly-deploy is down/)
        const noticed = message.at
        assert.equal(noticed, HANGS + HOUR)
        await acknowledgeAll(s)
        const told = await read<MonitorDetail>('nightly-deploy')
        assert.equal(told.reason, 'heartbeat.run-overran')
        assert.match(told.summary, /has not ended for 1h, since Tuesday 03:00; allowed is 1h/)
        assert.match(told.summary, /the certificate it renews \(docs-certificate\) ends in 7d 1h$/)
        assert.match(message.text, /since Tuesday 03:00.*ends in 7d 1h/s)
        assert.deepEqual(
          told.related.map(({ relation, id, state, certificateEnds }) => [
            relation,
            id,
            state,
            certificateEnds,
          ]),
          [['renews', 'docs-certificate', 'up', new Date(ENDS).toISOString()]],
        )
        tellIncident(t, {
          incident: 'gluster-docs',
          failure: 'the nightly run hangs on two dead builders, with a longest run of 1 h',
          software: 'bash and curl as real processes',
          verdict: told.state,
          reason: told.reason,
          seconds: (noticed - HANGS) / 1_000,
          note: `${formatDuration(ENDS - noticed)} before the certificate ends; time is travelled`,
        })

        // Nobody acts. The second night's run hangs too, and a day into its window the renewal is overdue.
        await goTo(HANGS + DAY)
        await night(3, false)
        await goTo(ENDS - 6 * DAY + 3 * HOUR)
        const second = s.expectMessage('ana@lab.example', /docs-certificate is degraded/)
        await acknowledgeAll(s)
        const certificate = await read<MonitorDetail>('docs-certificate')
        assert.equal(certificate.reason, 'certificate.renewal-overdue')
        assert.match(
          certificate.summary,
          /; its renewal \(nightly-deploy\): 2 runs have not ended, one for 1d \dh, since Tuesday 03:00/,
        )
        assert.match(second.text, /its renewal \(nightly-deploy\): 2 runs have not ended/)
        assert.deepEqual(
          certificate.related.map(({ relation, id, reason }) => [relation, id, reason]),
          [['renewed-by', 'nightly-deploy', 'heartbeat.run-overran']],
        )
        tellIncident(t, {
          incident: 'gluster-docs',
          failure: 'the window for the renewal opens, and the old certificate is still served',
          software: versionOf('nginx'),
          verdict: certificate.state,
          reason: certificate.reason,
          seconds: (second.at - (ENDS - 7 * DAY)) / 1_000,
          note: `${formatDuration(ENDS - second.at)} before it ends; told with the run that hangs; time is travelled`,
        })

        // The processes are really there, and the ledger shows both runs open beside those that ended.
        const { items } = await read<{ items: { outcome: string }[] }>('nightly-deploy/runs')
        assert.deepEqual(
          items.map(({ outcome }) => outcome),
          ['running', 'running', 'success'],
        )
        assert.deepEqual(
          running.map(({ exitCode }) => exitCode),
          [0, null, null],
        )

        await mend(s, nginx, ca, goTo)
        assert.equal((await read<MonitorDetail>('docs-certificate')).state, 'up')
        // The job still hangs, whoever renewed in its stead.
        assert.equal((await read<MonitorDetail>('nightly-deploy')).state, 'down')
      })
    } finally {
      for (const child of running) child.kill('SIGKILL')
      await nginx.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

async function acknowledgeAll(s: Story): Promise<void> {
  for (const { id, state } of await s.alerts())
    if (state === 'open') await acknowledgeAlert(s.tocsin().world, s.as('ana'), { alertId: id, via: 'api' })
  await s.settle()
}

/** From now on whoever reads from a builder waits for ever: nobody writes to the other end. */
function kill(folder: string): void {
  for (const name of DEAD) {
    rmSync(join(folder, name))
    execFileSync('mkfifo', [join(folder, name)])
  }
}

/** A person renews by hand; the certificate is well at the next check. */
async function mend(
  s: Story,
  nginx: Awaited<ReturnType<typeof startNginx>>,
  ca: Awaited<ReturnType<typeof mintLabCa>>,
  goTo: (at: number) => Promise<void>,
): Promise<void> {
  const now = s.clock.now()
  await nginx.serve(await ca.issue({ names: [NAME], notBefore: now - HOUR, notAfter: now + 90 * DAY }))
  await goTo(now + 3 * HOUR)
  s.expectMessage('ana@lab.example', /resolved.*docs-certificate/)
}
