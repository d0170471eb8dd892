/** Drills of what is real: a backup that is restored, and a message that reaches its person. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, it } from 'node:test'
import { verifyContact } from '../../src/catalog/index.ts'
import { type ChannelMap, captureChannels } from '../../src/channels/index.ts'
import { openIncident } from '../../src/incidents/index.ts'
import { isQuiet } from '../../src/kit/quiet-hours.ts'
import {
  answerDrill,
  createDrill,
  type Evidence,
  runDrill,
  viewDrill,
  viewRun,
} from '../../src/proofs/index.ts'
import { openStore } from '../../src/store/open-store.ts'
import { onEveryStore } from '../harness/stores.ts'
import { type Story, story } from '../harness/story.ts'

async function make(s: Story, id: string, settings: object): Promise<void> {
  await createDrill(s.tocsin().world, s.as('cy', 'administrator'), { id, settings })
}

async function play(s: Story, id: string) {
  const { world } = s.tocsin()
  const run = await runDrill(world, s.as('bo'), id)
  await s.settle()
  const seen = await viewRun(world.store.read, run.id)
  return { id: run.id, state: seen.state, reason: seen.reason, evidence: seen.evidence as Evidence }
}

const scratch = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tocsin-restore-'))

onEveryStore('restoring a backup', ({ open, name }) => {
  it('counts everything in the copy, and leaves nothing behind', () =>
    story({ store: open }, async (s) => {
      await openIncident(s.tocsin().world, s.as('ana'), { title: 'Something', severity: 'SEV3' })
      const before = scratch()
      await make(s, 'restore', { kind: 'restore-backup', every: '7d' })
      assert.equal((await viewDrill(s.store.read, 'restore')).monitorId, null, 'it is about no monitor')
      const run = await play(s, 'restore')
      assert.deepEqual(scratch(), before)
      if (name === 'postgres') {
        assert.equal(run.state, 'inconclusive')
        return
      }
      assert.equal(run.state, 'passed', run.reason)
      assert.match(run.reason, /\d+ facts with an unbroken chain/)
      const counted = new Map(run.evidence.restored!.map((one) => [one.what, one]))
      assert.equal(counted.get('people')!.copy, 3)
      assert.equal(counted.get('incidents')!.copy, 1)
      assert.ok(run.evidence.restored!.every(({ same }) => same))
    }))
})

describe('restoring a backup that is not whole', () => {
  it('a log that was tampered with fails, and so does a backup that cannot be made', () =>
    story({ store: () => openStore({ directory: ':memory:', now: 0 }) }, async (s) => {
      await make(s, 'restore', { kind: 'restore-backup' })
      const { store } = s
      const whole = store.backup
      store.backup = async () => {
        throw new Error('no space left')
      }
      const failed = await play(s, 'restore')
      assert.deepEqual([failed.state, failed.reason], ['failed', 'No backup could be made: no space left'])
      store.backup = async (file) => {
        await whole(file)
        const { DatabaseSync } = await import('node:sqlite')
        const copy = new DatabaseSync(file)
        copy.exec("DROP TRIGGER facts_no_update; UPDATE facts SET data = '{}' WHERE seq = 3")
        copy.close()
      }
      const broken = await play(s, 'restore')
      assert.deepEqual(
        [broken.state, broken.reason],
        ['failed', 'The fact log of the copy breaks at fact 3.'],
      )
      store.backup = async (file) => {
        await whole(file)
        const { DatabaseSync } = await import('node:sqlite')
        const copy = new DatabaseSync(file)
        copy.exec('PRAGMA foreign_keys=OFF; DELETE FROM monitors')
        copy.close()
      }
      assert.match((await play(s, 'restore')).reason, /There are 1 monitors, but 0 in the copy/)
    }))
})

/** Channels that note down, and let somebody answer. */
function answering(hear: (to: string, text: string, link: string) => void): ChannelMap {
  const { channels } = captureChannels()
  return Object.fromEntries(
    Object.entries(channels).map(([kind, channel]) => [
      kind,
      {
        ...channel,
        async send(address, message, context) {
          if (message.key.startsWith('drill:'))
            hear(String(address.email), `${message.subject}\n${message.text}`, message.link?.url ?? '')
          else {
            const secret = /\/verify\/([\w.-]+)/.exec(`${message.link?.url} ${message.text}`)?.[1]
            if (secret) secrets.push(secret)
          }
          return channel.send(address, message, context)
        },
      } satisfies ChannelMap[string],
    ]),
  )
}
let secrets: string[] = []

const PAGE = { kind: 'page-a-human', who: { schedule: 'week' }, within: '5s', quiet: null }

/** Contacts that answer to the captured mail, in a story with channels of its own. */
async function withContacts(
  hear: (to: string, text: string, link: string) => void,
  tell: (s: Story) => Promise<void>,
) {
  secrets = []
  await story({ channels: answering(hear), verify: false }, async (s) => {
    await s.settle()
    for (const secret of secrets) await verifyContact(s.tocsin().world, secret)
    await tell(s)
  })
}

describe('paging a human', () => {
  it('passes when the one on call says that it came, and the message says from its first word that it is a drill', async () => {
    const heard: string[] = []
    let s: Story
    await withContacts(
      (to, text, link) => {
        heard.push(`${to}: ${text}`)
        const runId = link.split('/').at(-1)!
        setImmediate(() => void answerDrill(s.tocsin().world, s.as('ana'), runId).catch(() => {}))
      },
      async (story) => {
        s = story
        await make(s, 'reach', PAGE)
        const run = await play(s, 'reach')
        assert.equal(run.state, 'passed', run.reason)
        assert.match(run.reason, /^Ana answered after /)
        assert.equal(heard.length, 1)
        assert.match(heard[0]!, /^ana@lab.example: \[drill\] Nothing is broken/)
        assert.deepEqual(await s.alerts(), [], 'it opens no alert')
        assert.deepEqual(await s.facts('page.queued'), [])
        await assert.rejects(answerDrill(s.tocsin().world, s.as('ana'), run.id), /does not wait/)
      },
    )
  })

  it('fails when nobody answers, or another does', async () => {
    let s: Story
    await withContacts(
      (_to, _text, link) => {
        const runId = link.split('/').at(-1)!
        setImmediate(() => void answerDrill(s.tocsin().world, s.as('bo'), runId).catch(() => {}))
      },
      async (story) => {
        s = story
        await make(s, 'reach', PAGE)
        const run = await play(s, 'reach')
        assert.deepEqual([run.state, run.reason], ['failed', 'Ana did not answer within 5s.'])
      },
    )
  })

  it('keeps quiet hours, and says where no message can leave', async () => {
    const heard: string[] = []
    await withContacts(
      (to) => heard.push(to),
      async (s) => {
        // It is eleven in the morning in Paris.
        await make(s, 'quiet', { ...PAGE, quiet: { from: '09:00', until: '12:00' } })
        const quiet = await play(s, 'quiet')
        assert.equal(quiet.state, 'inconclusive')
        assert.match(quiet.reason, /quiet hour for Ana/)
        assert.deepEqual(heard, [])
        await make(s, 'nobody', { ...PAGE, who: { schedule: 'none' } })
        assert.equal((await play(s, 'nobody')).state, 'failed')
      },
    )
  })

  it('quiet hours are those of the person, and may pass midnight', () => {
    const at = (hour: number) => Date.UTC(2026, 0, 5, hour)
    const night = { from: '20:00', until: '08:00' }
    assert.equal(isQuiet(at(2), 'UTC', night), true)
    assert.equal(isQuiet(at(12), 'UTC', night), false)
    assert.equal(isQuiet(at(12), 'Asia/Tokyo', night), true)
    assert.equal(isQuiet(at(8), 'UTC', night), false)
    assert.equal(isQuiet(at(20), 'UTC', night), true)
    assert.equal(isQuiet(at(10), 'UTC', { from: '09:00', until: '11:00' }), true)
    assert.equal(isQuiet(at(11), 'UTC', { from: '09:00', until: '11:00' }), false)
  })
})
