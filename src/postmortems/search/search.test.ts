import assert from 'node:assert/strict'
import fc from 'fast-check'
import { person, playedIn, type ResponseWorld } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { listUpdates, publishUpdate } from '../../comms/index.ts'
import { addNote, changeIncident, openIncident } from '../../incidents/index.ts'
import { addAction } from '../add-action.ts'
import { changeAction } from '../change-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { type SearchInput, searchEverything } from './search-everything.ts'

const ana = person('ana')

/** The kinds and titles of what a search finds, in its order. */
async function found(it: ResponseWorld, text: string, more: Partial<SearchInput> = {}): Promise<string[]> {
  const { hits } = await searchEverything(it.world, ana, { text, limit: 50, offset: 0, ...more })
  return hits.map(({ kind, title, snippet }) => `${kind}: ${joined(title) || joined(snippet)}`)
}

const joined = (pieces: readonly { text: string }[]) => pieces.map(({ text }) => text).join('')

const written = (title: string, sections: Record<string, string>) =>
  `# ${title}\n\n${Object.entries(sections)
    .map(([name, text]) => `## ${name}\n\n${text}\n`)
    .join('\n')}`

onEveryStore('search', ({ open }) => {
  const play = playedIn(open)

  const declare = (it: ResponseWorld, title: string, more: object = {}) =>
    openIncident(it.world, ana, { title, severity: 'SEV2', serviceIds: ['docs'], ...more })

  play('finds everything that is text, each with what it belongs to', async (it) => {
    const { id } = await declare(it, 'Walrus at the docs')
    await addNote(it.world, ana, { incidentId: id, text: 'The walrus sits on the cable' })
    await publishUpdate(it.world, ana, { incidentId: id, status: 'identified', body: 'We found a walrus.' })
    const postmortem = await draftPostmortem(it.world, ana, { incidentId: id })
    await addAction(it.world, ana, {
      postmortemId: postmortem.id,
      title: 'Keep walruses out',
      type: 'prevent',
      criterion: 'A fence stands',
    })
    const { hits, total } = await searchEverything(it.world, ana, { text: 'walrus', limit: 50, offset: 0 })
    assert.deepEqual(
      hits.map(({ kind }) => kind),
      ['post-mortem', 'incident', 'action', 'update', 'entry', 'entry'],
    )
    assert.equal(total, 6)
    for (const hit of hits) {
      assert.equal(hit.incidentId, id)
      assert.equal(hit.postmortemId, postmortem.id)
      assert.deepEqual(hit.serviceIds, ['docs'])
      assert.ok([...hit.title, ...hit.snippet].some((piece) => piece.hit))
    }
    assert.deepEqual(await found(it, 'fence'), ['action: Keep walruses out'])
  })

  play('takes words, phrases, words that must not stand there, and beginnings', async (it) => {
    for (const title of [
      'Certificates expired',
      'Certificate renewal hung',
      'Expired cache of the renewal job',
    ])
      await declare(it, title)
    const only = { kind: 'incident' } as const
    const titles = async (text: string) =>
      (await found(it, text, only)).map((one) => one.slice(10)).toSorted()
    assert.deepEqual(await titles('certificate'), ['Certificate renewal hung', 'Certificates expired'])
    assert.deepEqual(await titles('expire certificates'), ['Certificates expired'])
    assert.deepEqual(await titles('"renewal hung"'), ['Certificate renewal hung'])
    assert.deepEqual(await titles('"hung renewal"'), [])
    assert.deepEqual(await titles('renewal -certificate'), ['Expired cache of the renewal job'])
    assert.deepEqual(await titles('renewal -"renewal job"'), ['Certificate renewal hung'])
    assert.deepEqual(await titles('cert*'), ['Certificate renewal hung', 'Certificates expired'])
    assert.deepEqual(await titles('-certificate'), ['Expired cache of the renewal job'])
    assert.equal((await titles('')).length, 3)
  })

  play(
    'what has the words in its title comes first, side by side before apart, then the newest',
    async (it) => {
      const a = await declare(it, 'Nothing of the sort')
      await addNote(it.world, ana, { incidentId: a.id, text: 'the blue whale was seen' })
      await it.travel('1h')
      await declare(it, 'A whale that is blue')
      await it.travel('1h')
      await declare(it, 'Blue whale, the first')
      await it.travel('1h')
      await declare(it, 'Blue whale, the second')
      const kinds = { text: 'blue whale', limit: 50, offset: 0 }
      const { hits } = await searchEverything(it.world, ana, kinds)
      assert.deepEqual(
        hits.filter(({ kind }) => kind === 'incident').map(({ title }) => joined(title)),
        ['Blue whale, the second', 'Blue whale, the first', 'A whale that is blue'],
      )
      assert.equal(
        hits.slice(0, 3).every(({ kind }) => kind === 'incident'),
        true,
      )
      assert.ok(hits.some(({ snippet }) => joined(snippet).includes('the blue whale was seen')))
    },
  )

  play(
    'an edit, a correction and a changed action are found as they are now, and not as they were',
    async (it) => {
      const { id } = await declare(it, 'Zebra in the rack')
      const note = await addNote(it.world, ana, { incidentId: id, text: 'It was a donkey' })
      await addNote(it.world, ana, { incidentId: id, text: 'It was a mule', corrects: note.id })
      assert.deepEqual(await found(it, 'donkey'), [])
      assert.deepEqual(await found(it, 'mule'), ['entry: It was a mule'])
      await changeIncident(it.world, ana, { incidentId: id, title: 'Okapi in the rack' })
      assert.deepEqual(await found(it, 'zebra', { kind: 'incident' }), [])
      assert.deepEqual(await found(it, 'okapi', { kind: 'incident' }), ['incident: Okapi in the rack'])
      const draft = await draftPostmortem(it.world, ana, { incidentId: id })
      await editPostmortem(it.world, ana, {
        postmortemId: draft.id,
        version: 1,
        title: 'Okapi',
        body: '## Summary\n\nAn *antelope*, after all.',
      })
      assert.deepEqual(await found(it, 'antelope'), ['post-mortem: Okapi'])
      await editPostmortem(it.world, ana, {
        postmortemId: draft.id,
        version: 2,
        title: 'Okapi',
        body: '## Summary\n\nx',
      })
      assert.deepEqual(await found(it, 'antelope'), [])
      const action = await addAction(it.world, ana, {
        postmortemId: draft.id,
        title: 'Close the door',
        type: 'prevent',
        criterion: 'A camel cannot pass',
      })
      await changeAction(it.world, ana, { actionId: action.id, title: 'Lock the door' })
      assert.deepEqual(await found(it, 'close', { kind: 'action' }), [])
      assert.deepEqual(await found(it, 'lock camel'), ['action: Lock the door'])
    },
  )

  play('the blanks of a draft are not found; nobody wrote them', async (it) => {
    const { id } = await declare(it, 'Something')
    await draftPostmortem(it.world, ana, { incidentId: id })
    assert.deepEqual(await found(it, '"two or three sentences"'), [])
    assert.deepEqual(await found(it, '"likelier worse"'), [])
  })

  play('what is rolled back is not found, and what is committed is found at once', async (it) => {
    await assert.rejects(
      it.world.transact(async (tx) => {
        const { openIncidentIn } = await import('../../incidents/index.ts')
        await openIncidentIn(tx, it.world, ana, { title: 'Ghost ship', severity: 'SEV3' })
        throw new Error('no')
      }),
    )
    assert.deepEqual(await found(it, 'ghost'), [])
  })

  play('is narrowed by service, class, trigger, detection, severity, kind and period', async (it) => {
    await declare(it, 'Ferret one', { detection: 'customer', severity: 'SEV1', serviceIds: ['shop'] })
    await it.travel('2d')
    const second = await declare(it, 'Ferret two')
    await importPostmortem(it.world, ana, {
      name: 'ferret.md',
      content: written('Ferret three', {
        Summary: 'The certificate of the shop expired on 5 March 2021.',
        Trigger: 'The certificate expired.',
        Detection: 'Users reported it in chat.',
        Timeline: '- 2021-03-05 10:00 UTC it began\n- 2021-03-05 11:00 UTC resolved',
        'Root cause': 'Nobody renewed the certificate.',
      }),
    })
    const only = async (more: Partial<SearchInput>) =>
      (await found(it, 'ferret', { ...more, kind: more.kind ?? 'incident' })).toSorted()
    assert.deepEqual(await only({}), ['incident: Ferret one', 'incident: Ferret two'])
    assert.deepEqual(await only({ service: 'shop' }), ['incident: Ferret one'])
    assert.deepEqual(await only({ severity: 'SEV2' }), ['incident: Ferret two'])
    assert.deepEqual(await only({ detectedBy: 'customer' }), ['incident: Ferret one'])
    assert.deepEqual(await only({ from: second.declaredAt }), ['incident: Ferret two'])
    assert.deepEqual(await only({ to: second.declaredAt }), ['incident: Ferret one'])
    const third = ['post-mortem: Ferret three']
    const postmortems = { kind: 'post-mortem' } as const
    assert.deepEqual(await only(postmortems), third)
    assert.deepEqual(await only({ ...postmortems, failureClass: 'certificate.expired' }), third)
    assert.deepEqual(await only({ ...postmortems, failureClass: 'job.hung' }), [])
    assert.deepEqual(await only({ ...postmortems, trigger: 'expiry' }), third)
    assert.deepEqual(await only({ ...postmortems, trigger: 'deploy' }), [])
    assert.deepEqual(await only({ ...postmortems, detectedBy: 'customer' }), third)
    assert.deepEqual(await only({ ...postmortems, service: 'shop' }), third)
    // It counts to the time at which it happened, not to that at which somebody imported it.
    assert.deepEqual(await only({ ...postmortems, to: Date.parse('2021-04-01') }), third)
  })

  play('comes in pages, none twice and none left out', async (it) => {
    for (let i = 0; i < 23; i++) await declare(it, `Heron ${i}`)
    const seen: string[] = []
    for (let offset = 0; ; offset += 10) {
      const page = await searchEverything(it.world, ana, {
        text: 'heron',
        kind: 'incident',
        limit: 10,
        offset,
      })
      if (page.hits.length === 0) break
      assert.equal(page.total, 23)
      seen.push(...page.hits.map(({ ref }) => ref))
    }
    assert.equal(seen.length, 23)
    assert.equal(new Set(seen).size, 23)
  })

  play('anything that is typed is a search', async (it) => {
    const { id } = await declare(
      it,
      'A title: with (signs) AND "quotes" NOT x^2 {a} + b* c-d e_f NEAR/2 \\ \' ; --',
    )
    await addNote(it.world, ana, { incidentId: id, text: 'üñí ΣΑΣ Ж 日本語 🔔 \u0301 ﬁ ß İ' })
    const look = (text: string) => searchEverything(it.world, ana, { text, limit: 5, offset: 0 })
    const signs = [
      '"',
      '-',
      '*',
      '(',
      ')',
      ':',
      '^',
      'AND',
      'OR',
      'NOT',
      'NEAR',
      "'",
      '\\',
      '|',
      '&',
      '!',
      '<->',
      ' ',
      'a',
      'signs',
      '{',
      '}',
      '\u0000',
      '\ud800',
      'é',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 80 }),
          fc.array(fc.constantFrom(...signs), { maxLength: 30 }).map((all) => all.join('')),
        ),
        async (text) => {
          const { hits, total } = await look(text)
          assert.ok(hits.length <= total)
        },
      ),
      { numRuns: 150 },
    )
    for (const text of [
      '"'.repeat(900),
      '-'.repeat(900),
      'a '.repeat(450),
      `${'x'.repeat(900)}*`,
      '((((((((((',
      "'); DROP TABLE incidents; --",
    ])
      await look(text)
    assert.equal((await look('日本*')).total, 1)
    assert.equal((await look('uni')).total, 1)
  })

  play('updates are found as updates, not a second time as entries', async (it) => {
    const { id } = await declare(it, 'Quokka')
    await publishUpdate(it.world, ana, {
      incidentId: id,
      status: 'investigating',
      body: 'A pangolin is about.',
    })
    assert.equal((await listUpdates(it.store.read, id)).length, 1)
    assert.deepEqual(await found(it, 'pangolin'), ['update: A pangolin is about.'])
  })
})
