/** Every way to take a lesson away again, and what the drill says about it a minute later. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openIncident } from '../../src/incidents/index.ts'
import { HOUR } from '../../src/kit/duration.ts'
import { createOverride } from '../../src/oncall/index.ts'
import { addAction, claimAction, draftPostmortem, findAction } from '../../src/postmortems/index.ts'
import { createDrill, runDrill, viewDrill, viewRun } from '../../src/proofs/index.ts'
import { type Story, story, USUAL } from '../harness/story.ts'

// Checks are rare, so that little has to happen besides.
const QUIET = USUAL.replace('every: 60s', 'every: 12h')
const cert = (expect: string, more = '') =>
  `  docs-cert: { service: docs, type: tls, target: "docs.lab.example:443", timeout: 300ms, every: 12h,${more} expect: ${expect} }\n`
const STRICT = '{ name: docs.lab.example, issuer: "R3", renewBefore: 30d }'

const LOST = /^\[warning\] A lesson is lost: Watch it$/
const OVER = /^\[resolved\] A lesson is lost/

/** A drill made by hand, so that no file can take it away, and an action that it has proved. */
async function proved(s: Story, settings: object): Promise<string> {
  const { world } = s.tocsin()
  const ana = s.as('ana')
  await createDrill(world, s.as('cy', 'administrator'), { id: 'watch', settings })
  const incident = await openIncident(world, ana, { title: 'Unseen', severity: 'SEV3' })
  const postmortem = await draftPostmortem(world, ana, { incidentId: incident.id })
  const { id } = await addAction(world, ana, {
    postmortemId: postmortem.id,
    title: 'Watch it',
    type: 'detect',
    criterion: 'It turns the monitor down.',
    drillId: 'watch',
  })
  await claimAction(world, ana, { actionId: id })
  await s.settle()
  assert.equal(await stateOf(s, id), 'proved')
  return id
}

const stateOf = async (s: Story, id: string) => (await findAction(s.store.read, id))!.state
const drill = async (s: Story) => {
  const { state, reason } = await viewDrill(s.store.read, 'watch')
  return [state, reason]
}

describe('a certificate monitor', () => {
  const good = `${QUIET}${cert(STRICT)}`
  const ways: [string, string, RegExp][] = [
    [
      'drops the issuer',
      `${QUIET}${cert('{ renewBefore: 30d }')}`,
      /^Missed 1 of \d+ faults: certificate-wrong-issuer\.$/,
    ],
    [
      'no longer verifies the chain',
      `${QUIET}${cert('{ issuer: "R3", renewBefore: 30d, verifyChain: false }')}`,
      /^Missed \d of \d+ faults: (?!.*wrong-issuer).*certificate-untrusted/,
    ],
    [
      'expects another name than the one it is asked for, and takes any',
      `${QUIET}${cert('{ name: other.lab.example, accept: any }')}`,
      /^Missed \d+ of \d+ faults: .*certificate-wrong-name/,
    ],
    ['is switched off', `${QUIET}${cert(STRICT, ' enabled: false,')}`, /"docs-cert" is switched off/],
    ['is removed', QUIET, /There is no monitor "docs-cert" any more/],
  ]
  for (const [way, bad, says] of ways)
    it(`${way}: the lesson is lost, whoever is on call hears it, and the repair ends it`, () =>
      story({ config: good }, async (s) => {
        const id = await proved(s, { kind: 'monitor-faults', monitor: 'docs-cert' })
        await s.apply(bad)
        await s.travel('70s')
        const [state, reason] = await drill(s)
        assert.equal(state, 'failed')
        assert.match(reason!, says)
        assert.equal(await stateOf(s, id), 'open')
        // A monitor that is gone has no service any more: the alert takes the default route.
        s.expectMessage('ana@lab.example', LOST)
        await s.apply(good)
        await s.travel('70s')
        s.expectMessage('ana@lab.example', OVER)
        assert.equal(await stateOf(s, id), 'open', 'who lost it once claims it anew')
      }))

  it('that only says the same in other words keeps its proof', () =>
    story({ config: good }, async (s) => {
      const id = await proved(s, { kind: 'monitor-faults', monitor: 'docs-cert' })
      await s.apply(`${QUIET}${cert('{ issuer: "R3", renewBefore: 30d, minVersion: TLSv1.3 }')}`)
      await s.travel('70s')
      assert.match((await drill(s)).join(' '), /^passed Caught all \d+ faults\.$/)
      assert.equal(await stateOf(s, id), 'proved')
    }))
})

describe('a route to a human', () => {
  // A drill looks as far ahead as three checks take.
  const OFTEN = USUAL.replace('every: 60s', 'every: 10m')
  const WAKES_ANA = { kind: 'end-to-end', monitor: 'docs-port', expect: { paged: 'ana', within: '15m' } }

  it('that leads to somebody who has not verified her new address is lost', () =>
    story({ config: OFTEN }, async (s) => {
      const id = await proved(s, WAKES_ANA)
      await s.apply(OFTEN.replace('ana@lab.example', 'ana@new.example'))
      const asked = s.expectMessage('ana@new.example', /./)
      assert.match(`${asked.link} ${asked.text}`, /\/verify\//)
      await s.travel('70s')
      assert.deepEqual(await drill(s), ['failed', 'bo was paged, but not ana.'])
      assert.equal(await stateOf(s, id), 'open')
      // The alert about it takes the same broken route, and therefore the next step of it.
      s.expectMessage('bo@lab.example', LOST)
      // Once she verifies, the drill passes by itself again.
      const { verifyContact } = await import('../../src/catalog/index.ts')
      await verifyContact(s.tocsin().world, /\/verify\/([\w.-]+)/.exec(`${asked.link} ${asked.text}`)![1]!)
      await s.settle()
      await runDrill(s.tocsin().world, s.as('bo'), 'watch')
      await s.settle()
      s.expectMessage('bo@lab.example', OVER)
      assert.equal((await drill(s))[0], 'passed')
    }))

  it('over which somebody without a verified contact stands in fails for as long as that lasts', () =>
    story({ config: OFTEN }, async (s) => {
      const { world } = s.tocsin()
      await s.apply(OFTEN.replace('people:\n', 'people:\n  di: { name: Di, email: di@lab.example }\n'))
      s.expectMessage('di@lab.example', /./)
      await createDrill(world, s.as('cy', 'administrator'), { id: 'watch', settings: WAKES_ANA })
      const play = async (at?: string) => {
        if (at)
          await createDrill(world, s.as('cy', 'administrator'), {
            id: 'later',
            settings: { ...WAKES_ANA, at },
          })
        const run = await runDrill(world, s.as('bo'), at ? 'later' : 'watch')
        await s.settle()
        const { state, reason } = await viewRun(s.store.read, run.id)
        return [state, reason]
      }
      await createOverride(world, s.as('bo', 'editor'), {
        scheduleId: 'week',
        personId: 'di',
        from: s.clock.now(),
        until: s.clock.now() + 24 * HOUR,
      })
      assert.deepEqual(await play(), ['failed', 'bo was paged, but not ana.'])
      assert.equal((await play(new Date(s.clock.now() + 24 * HOUR).toISOString()))[0], 'passed')
      s.expectSilence()
    }))
})
