/** A file that calls itself an export is read to the letter, or refused with the place. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { person, responseWorld } from '../../../test/harness/response.ts'
import type { PostmortemDocument } from '../../contract/postmortem-document.ts'
import { openStore } from '../../store/open-store.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { exportPostmortem } from './export-postmortem.ts'
import { bring, jsonOf, lived } from './lived-for-tests.ts'

describe('a file that calls itself an export', () => {
  const whole = async (change: (document: PostmortemDocument) => unknown) => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const { id } = await lived(it)
      const document = JSON.parse(await jsonOf(it, id)) as PostmortemDocument
      const there = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
      try {
        return await bring(there, JSON.stringify(change(document)))
      } finally {
        await there.close()
      }
    } finally {
      await it.close()
    }
  }
  const refused: [string, (document: PostmortemDocument) => unknown, RegExp][] = [
    [
      'of a newer version',
      (d) => ({ ...d, schema: 'tocsin/postmortem@2' }),
      /this Tocsin reads tocsin\/postmortem@1/,
    ],
    ['with a key that nobody knows', (d) => ({ ...d, surprise: 1 }), /surprise|Unrecognized/],
    ['with an id that leads elsewhere', (d) => ({ ...d, id: '../../etc/passwd' }), /no id of ours/],
    [
      'with a vendor that turns around',
      (d) => ({
        ...d,
        actions: d.actions.map((one) => ({
          ...one,
          counterpart: { kind: 'vendor', name: 'a\u202eb', reference: null },
        })),
      }),
      /counterpart\.name: must not hold control characters/,
    ],
    ['with a title that turns around', (d) => ({ ...d, title: 'a\u202eb' }), /control characters/],
    [
      'with a state that is none',
      (d) => ({
        ...d,
        actions: d.actions.map((one) => ({ ...one, standing: [{ ...one.standing[0], state: 'won' }] })),
      }),
      /state/,
    ],
    [
      'with an action that stands nowhere',
      (d) => ({ ...d, actions: d.actions.map((one) => ({ ...one, standing: [] })) }),
      /standing/,
    ],
    ['with NUL in a text', (d) => ({ ...d, body: 'a\u0000b' }), /NUL/],
    ['with one action twice', (d) => ({ ...d, actions: [...d.actions, d.actions[0]] }), /same id/],
    ['of a category of its own', (d) => ({ ...d, categories: ['nonsense'] }), /no category/],
  ]
  for (const [how, change, says] of refused)
    test(`${how} is refused with its place`, async () => {
      await assert.rejects(whole(change), (error: { code?: string; message: string }) => {
        assert.equal(error.code, 'invalid-input')
        assert.match(error.message, says)
        return true
      })
    })

  test('that is cut off is refused, and other JSON is no export', async () => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const { id } = await lived(it)
      const text = await jsonOf(it, id)
      await assert.rejects(bring(it, text.slice(0, -40)), /cut off/)
      assert.equal((await bring(it, '{"title": "tocsin/postmortem@1 is a name"}')).outcome, 'nothing-found')
      assert.equal((await bring(it, '[{"schema": "tocsin/postmortem@1"}]')).outcome, 'nothing-found')
    } finally {
      await it.close()
    }
  })

  test('with its keys in another order is the same post-mortem', async () => {
    const { outcome } = await whole((document) => Object.fromEntries(Object.entries(document).reverse()))
    assert.equal(outcome, 'imported')
  })

  test('a viewer may export and not import', async () => {
    const it = await responseWorld(await openStore({ directory: ':memory:', now: 0 }))
    try {
      const viewer = person('v', 'viewer')
      const { id } = await lived(it)
      const { content, name, type } = await exportPostmortem(it.world, viewer, {
        postmortemId: id,
        format: 'json',
      })
      assert.match(name, /^2026-01-08-the-wrong-name-[0-9a-f]{8}\.tocsin\.json$/)
      assert.equal(type, 'application/json; charset=utf-8')
      await assert.rejects(importPostmortem(it.world, viewer, { name, content: String(content) }), {
        code: 'forbidden',
      })
      await assert.rejects(exportPostmortem(it.world, viewer, { postmortemId: 'none', format: 'json' }), {
        code: 'not-found',
      })
    } finally {
      await it.close()
    }
  })
})
