/** Who is woken, when, and who is not. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSilence } from '../../src/alerts/index.ts'
import { acknowledgeAlert, acknowledgeByLink, createOverride, readAckLink } from '../../src/oncall/index.ts'
import { onEveryStore } from '../harness/stores.ts'
import { DOWN, type Story, story, UP, USUAL } from '../harness/story.ts'

const secretOf = (link: string | null) => /\/ack\/([\w.-]+)/.exec(link ?? '')![1]!

/** The port goes down; two bad checks later it is believed. */
async function goDown(s: Story): Promise<void> {
  s.see('docs-port', DOWN)
  await s.travel('2m')
}

onEveryStore('paging', ({ open }) => {
  it('first person silent: the next step is paged after its wait, and the last resort again and again', () =>
    story({ store: open }, async (s) => {
      await goDown(s)
      s.expectMessage('ana@lab.example', /^\[critical\] /)
      s.expectSilence()
      await s.travel('5m')
      s.expectMessage('bo@lab.example', /^\[critical\] /)
      s.expectSilence()
      await s.travel('10m')
      s.expectMessage('cy@lab.example', /^\[critical\] /)
      await s.travel('15m')
      s.expectMessage('cy@lab.example', /^\[critical\] /)
    }))

  it('acknowledgement during the escalation stops everything pending, once and for all', () =>
    story({ store: open }, async (s) => {
      await goDown(s)
      const page = s.expectMessage('ana@lab.example', /docs-port|Documentation/)
      await s.travel('4m')
      const secret = secretOf(page.link)
      await readAckLink(s.tocsin().world, secret)
      assert.equal((await s.alerts())[0]?.state, 'open', 'reading the link is no acknowledgement')
      await acknowledgeByLink(s.tocsin().world, secret)
      const [alert] = await s.alerts()
      assert.equal(alert?.state, 'acknowledged')
      assert.equal(alert?.acknowledgedBy, 'ana')
      await s.travel('2h')
      s.expectSilence()
      const again = await acknowledgeAlert(s.tocsin().world, s.as('bo'), { alertId: alert!.id, via: 'api' })
      assert.equal((await s.facts('alert.acknowledged')).length, 1, 'the first one counts')
      assert.ok(again)
    }))

  it('restart in the middle of an escalation: it goes on where it was, and nobody is paged twice', () =>
    story({ store: open }, async (s) => {
      await goDown(s)
      const page = s.expectMessage('ana@lab.example', /critical/)
      await s.travel('3m')
      await s.restart()
      await s.travel('1m')
      s.expectSilence()
      await s.travel('1m')
      const next = s.expectMessage('bo@lab.example', /critical/)
      assert.notEqual(page.key, next.key)
      await acknowledgeByLink(s.tocsin().world, secretOf(page.link))
    }))

  it('repair: the alert resolves, and those who were paged hear it', () =>
    story({ store: open }, async (s) => {
      await goDown(s)
      s.expectMessage('ana@lab.example', /critical/)
      s.see('docs-port', UP)
      await s.travel('2m')
      s.expectMessage('ana@lab.example', /^\[resolved\] /)
      assert.equal((await s.alerts())[0]?.state, 'resolved')
      await s.travel('1h')
    }))
})

describe('paging when somebody cannot be reached', () => {
  it('nobody on call: the step is left at once, and it is said', () =>
    story({ start: '2026-01-04T10:00:00Z' }, async (s) => {
      // The rotation begins on the 5th.
      await goDown(s)
      s.expectMessage('bo@lab.example', /critical/)
      const [said] = await s.facts('escalation.reached-nobody')
      assert.ok(said, 'that nobody was on call stands in the log')
      await acknowledgeAlert(s.tocsin().world, s.as('bo'), { alertId: (await s.alerts())[0]!.id, via: 'api' })
    }))

  it('contact unverified: it does not count, and the next step is paged at once', () =>
    story({ verify: false }, async (s) => {
      const verify = ['ana', 'bo', 'cy'].map((who) => s.expectMessage(`${who}@lab.example`, /./))
      const { verifyContact } = await import('../../src/catalog/index.ts')
      const secret = /\/verify\/([\w.-]+)/.exec(`${verify[1]!.link} ${verify[1]!.text}`)![1]!
      await verifyContact(s.tocsin().world, secret)
      await goDown(s)
      s.expectMessage('bo@lab.example', /critical/)
      s.expectSilence()
      await acknowledgeAlert(s.tocsin().world, s.as('bo'), { alertId: (await s.alerts())[0]!.id, via: 'api' })
    }))

  it('every address refused: each step advances at once to the last resort, which is tried again', () =>
    story({}, async (s) => {
      s.answer((_kind, to) =>
        to.startsWith('cy') ? { result: 'sent' } : { result: 'refused', reason: 'no such user' },
      )
      await goDown(s)
      s.expectMessage('cy@lab.example', /critical/)
      const failed = await s.facts('page.failed')
      assert.deepEqual(
        failed.map((fact) => (fact.data as { personId: string }).personId),
        ['ana', 'bo'],
      )
    }))

  it('mail server away for a while: the page is late, not lost, and carries one key', () =>
    story({}, async (s) => {
      s.answer(() => ({ result: 'retry', reason: 'connection refused' }))
      await goDown(s)
      s.expectSilence()
      s.answer(() => ({ result: 'sent' }))
      await s.travel('1m')
      s.expectMessage('ana@lab.example', /critical/)
      assert.equal((await s.facts('page.queued')).length, 1)
      await acknowledgeAlert(s.tocsin().world, s.as('ana'), {
        alertId: (await s.alerts())[0]!.id,
        via: 'cli',
      })
    }))
})

describe('rotations', () => {
  it('hand over at nine on the wall, before and after the clocks change', async () => {
    // Clocks go forward on 29 March 2026 in Paris: nine o'clock is 08:00Z before and 07:00Z after.
    const cases: [string, string][] = [
      ['2026-03-23T07:55:00Z', 'ana'],
      ['2026-03-23T08:01:00Z', 'bo'],
      ['2026-03-30T06:55:00Z', 'bo'],
      ['2026-03-30T07:01:00Z', 'ana'],
    ]
    for (const [start, who] of cases)
      await story({ start }, async (s) => {
        s.see('docs-port', DOWN)
        await s.travel('1m30s')
        const message = s.expectMessage(`${who}@lab.example`, /critical/)
        assert.ok(message, `${start}: ${who}`)
        await acknowledgeAlert(s.tocsin().world, s.as(who), {
          alertId: (await s.alerts())[0]!.id,
          via: 'api',
        })
      })
  })

  it('override: who took the shift is paged, and afterwards the rotation goes on', () =>
    story({}, async (s) => {
      const from = s.clock.now()
      await createOverride(s.tocsin().world, s.as('bo', 'editor'), {
        scheduleId: 'week',
        personId: 'cy',
        from,
        until: from + 3_600_000,
      })
      await goDown(s)
      s.expectMessage('cy@lab.example', /critical/)
      await acknowledgeAlert(s.tocsin().world, s.as('cy'), {
        alertId: (await s.alerts())[0]!.id,
        via: 'browser',
      })
      s.see('docs-port', UP)
      await s.travel('58m')
      s.expectMessage('cy@lab.example', /resolved/)
      await goDown(s)
      s.expectMessage('ana@lab.example', /critical/)
      await acknowledgeAlert(s.tocsin().world, s.as('ana'), {
        alertId: (await s.alerts())[0]!.id,
        via: 'browser',
      })
    }))
})

describe('quiet on purpose', () => {
  it('silence: the alert opens, nobody is paged; when it ends and the alert stands, paging begins', () =>
    story({}, async (s) => {
      await createSilence(s.tocsin().world, s.as('ana'), {
        match: { serviceId: 'docs' },
        until: s.clock.now() + 1_800_000,
        reason: 'moving house',
      })
      await goDown(s)
      const [alert] = await s.alerts()
      assert.equal(alert?.state, 'open')
      assert.notEqual(alert?.silenceId, null)
      s.expectSilence()
      await s.travel('29m')
      s.expectMessage('ana@lab.example', /critical/)
      await acknowledgeAlert(s.tocsin().world, s.as('ana'), { alertId: alert!.id, via: 'api' })
    }))

  it('maintenance: the monitor is watched on, no alert opens; if it is still down afterwards, one does', () =>
    story(
      {
        config: `${USUAL}
maintenance: { move: { monitors: [docs-port], from: "2026-01-07T09:00:00Z", to: "2026-01-07T11:00:00Z" } }
`,
      },
      async (s) => {
        await goDown(s)
        await s.travel('30m')
        assert.deepEqual(await s.alerts(), [])
        s.expectSilence()
        await s.travel('30m')
        s.expectMessage('ana@lab.example', /critical/)
        await acknowledgeAlert(s.tocsin().world, s.as('ana'), {
          alertId: (await s.alerts())[0]!.id,
          via: 'api',
        })
      },
    ))
})
