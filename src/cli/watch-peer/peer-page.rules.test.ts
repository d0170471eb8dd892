import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { PeerJudgement } from '../../engine/life/peer.rules.ts'
import { nothingSaid, type PeerPages, retryAfter, stepPages } from './peer-page.rules.ts'

const WELL: PeerJudgement = { well: true, reason: 'ok', summary: 'fine' }
const ILL: PeerJudgement = { well: false, reason: 'peer.silent', summary: 'no sign of life for 1m 1s' }
const REMIND = 60_000

function keeper(contacts = ['email a', 'webhook b']) {
  let pages: PeerPages = nothingSaid
  let now = 0
  return {
    step(judged: PeerJudgement, ms = 1_000) {
      now += ms
      const step = stepPages(pages, 'main', judged, contacts, now, ms, REMIND)
      pages = step.pages
      return step.reason
    },
    delivered() {
      pages = { ...pages, outgoing: [] }
    },
    outgoing: () => pages.outgoing,
  }
}

describe('what is said of a peer', () => {
  test('one page for each contact when it turns ill, and no second one before the reminder', () => {
    const it = keeper()
    assert.equal(it.step(WELL), 'all-is-well')
    assert.equal(it.step(ILL), 'turned-ill')
    assert.deepEqual(
      it.outgoing().map(({ key, contact }) => `${key} ${contact}`),
      ['peer:main:1 email a', 'peer:main:1 webhook b'],
    )
    it.delivered()
    for (let i = 0; i < 59; i++) assert.equal(it.step(ILL), 'still-ill')
    assert.equal(it.step(ILL), 'reminder')
    assert.equal(it.outgoing()[0]!.key, 'peer:main:2')
  })

  test('who has not had the first message is not reminded of it', () => {
    const it = keeper()
    it.step(ILL)
    for (let i = 0; i < 200; i++) assert.equal(it.step(ILL), 'still-ill')
    assert.equal(it.outgoing().length, 2)
  })

  test('another illness is no second page; its return is told once, with what came before', () => {
    const it = keeper()
    it.step(ILL)
    assert.equal(it.step({ ...ILL, reason: 'peer.blocked' }), 'still-ill')
    assert.equal(it.step(WELL), 'came-back')
    assert.match(it.outgoing()[0]!.text, /peer\.blocked/)
    assert.equal(it.step(WELL), 'all-is-well')
  })

  test('a restart in between changes nothing: what is kept is JSON', () => {
    const it = keeper()
    it.step(ILL)
    const kept = JSON.parse(JSON.stringify(it.outgoing()))
    assert.deepEqual(kept, it.outgoing())
  })

  test('whatever happens: keys are never used twice, and ill and well are told in turn', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (health) => {
        const it = keeper(['email a'])
        const keys: string[] = []
        const told: string[] = []
        for (const well of health) {
          const reason = it.step(well ? WELL : ILL)
          if (reason === 'turned-ill' || reason === 'came-back') told.push(reason)
          keys.push(...it.outgoing().map(({ key }) => key))
          it.delivered()
        }
        assert.equal(new Set(keys).size, keys.length)
        for (const [i, one] of told.entries()) assert.equal(one, i % 2 === 0 ? 'turned-ill' : 'came-back')
      }),
    )
  })

  test('retries come less and less often, and never stop', () => {
    const waits = Array.from({ length: 20 }, (_, i) => retryAfter(i + 1))
    assert.deepEqual(
      waits,
      [...waits].sort((a, b) => a - b),
    )
    assert.equal(waits.at(-1), 60_000)
  })
})
