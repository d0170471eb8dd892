/** A post-mortem on the status page: by an editor, as it was looked at, and never by itself. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { person, type ResponseWorld, responseWorld, tester } from '../../../test/harness/response.ts'
import { STATUSPAGE_SHAPES } from '../../../test/harness/statuspage-shapes.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { publishNow, publishUpdate, snapshotDirectory } from '../../comms/index.ts'
import { listIncidents, openIncident, readTimeline } from '../../incidents/index.ts'
import { DAY } from '../../kit/duration.ts'
import { addAction } from '../add-action.ts'
import { applyPostmortemsConfig } from '../apply-postmortems-config.ts'
import { changePostmortemState } from '../change-postmortem-state.ts'
import { postmortemsConfig } from '../config.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { previewPublication } from './preview-publication.ts'
import { publishPostmortem, readPublicStanding, withdrawPostmortem } from './publish-postmortem.ts'

const ana = person('ana')
const bo = person('bo', 'editor')
const BAD = '<img src=x onerror=alert(1)>'
const BODY = `## Summary

Ana Secret restarted db-07.internal (10.1.2.3) after **five** minutes. ${BAD} [a](javascript:alert(1))

## Impact

The ledger db-07.internal stood still; write to ana@example.org.

\`\`\`tocsin graph
\`\`\`

## Root cause

A full disk.

## Timeline

- 12:00 Ana looked

## Takeaways

_Not yet written: what others should know._

## Actions
`

onEveryStore('a post-mortem on the status page', ({ open }) => {
  const play = (
    what: string,
    body: (it: ResponseWorld, of: { id: string; incidentId: string }) => Promise<void>,
  ) =>
    test(what, async () => {
      const it = await responseWorld(await open())
      try {
        await it.world.transact((tx) =>
          applyPostmortemsConfig(tx, it.world, tester, postmortemsConfig.parse({ review: { approvals: 0 } })),
        )
        await it.alert('a')
        const incidentId = (await listIncidents(it.store.read))[0]!.id
        const { id } = await draftPostmortem(it.world, ana, { incidentId })
        await editPostmortem(it.world, ana, {
          postmortemId: id,
          version: 1,
          title: 'db-07 ran full',
          body: BODY,
        })
        await addAction(it.world, ana, {
          postmortemId: id,
          title: 'Watch the disk',
          type: 'detect',
          criterion: 'a full disk pages',
          owner: 'ana',
        })
        await changePostmortemState(it.world, ana, { postmortemId: id, to: 'in review' })
        await changePostmortemState(it.world, ana, { postmortemId: id, to: 'reviewed' })
        await it.travel('10s')
        await body(it, { id, incidentId })
      } finally {
        await it.close()
      }
    })

  const everything = (it: ResponseWorld) => {
    const root = snapshotDirectory(it.publicDirectory)
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n')
  }
  const publish = async (it: ResponseWorld, postmortemId: string, choice: object = {}) => {
    const chosen = { postmortemId, sections: ['Summary', 'Root cause'], ...choice }
    const { hash } = await previewPublication(it.world, bo, chosen)
    const standing = await publishPostmortem(it.world, bo, { ...chosen, seen: hash })
    await it.travel('5s')
    return standing
  }

  play(
    'is published at its incident, in the list and in the feed, and taken back',
    async (it, { id, incidentId }) => {
      assert.doesNotMatch(everything(it), /post-mortem/i, 'nothing is published by itself')
      const standing = await publish(it, id)
      assert.deepEqual(
        [standing.published!.version, standing.published!.sections, standing.newerText],
        [2, ['Summary', 'Root cause'], false],
      )
      const page = it.published(`post-mortems/${incidentId}.html`)
      assert.match(page, /<h1>Problem with Documentation<\/h1>/)
      assert.match(page, /<h2>Root cause<\/h2>\n<p>A full disk\.<\/p>/)
      assert.match(page, /<strong>five<\/strong>/)
      assert.match(
        it.published(`incidents/${incidentId}.html`),
        new RegExp(`href="\\.\\./post-mortems/${incidentId}\\.html"`),
      )
      assert.match(
        it.published('index.html'),
        new RegExp(`<a href="post-mortems/${incidentId}\\.html">Problem with`),
      )
      const feed = it.published('history.atom')
      assert.match(
        feed,
        new RegExp(`tag:tocsin\\.example\\.org,2005:Incident/${incidentId}/post-mortem</id>`),
      )
      assert.match(feed, /\[Post-mortem\] Problem with Documentation/)
      for (const [path, shape] of Object.entries(STATUSPAGE_SHAPES))
        shape.parse(JSON.parse(it.published(`api/v2/${path}`)))
      const told = (await readTimeline(it.store.read, incidentId)).map(({ text }) => text)
      assert.ok(told.includes('Post-mortem published on the status page: Summary, Root cause'))

      const after = await withdrawPostmortem(it.world, bo, { postmortemId: id })
      await it.travel('5s')
      assert.deepEqual([after.published, after.withdrawn!.version], [null, 2])
      assert.equal(
        existsSync(join(snapshotDirectory(it.publicDirectory), `post-mortems/${incidentId}.html`)),
        false,
      )
      assert.doesNotMatch(everything(it), /post-mortem|A full disk/i)
      await assert.rejects(withdrawPostmortem(it.world, bo, { postmortemId: id }), { code: 'wrong-state' })
      assert.deepEqual(
        (await it.facts())
          .map(({ type }) => type)
          .filter((type) => /published|withdrawn/.test(type) && type.startsWith('postmortem')),
        ['postmortem.published', 'postmortem.withdrawn'],
      )
    },
  )

  play(
    'shows nothing of the inside: not who, not which machine, not what was not chosen',
    async (it, { id }) => {
      await publish(it, id, { sections: ['Summary', 'Impact', 'Timeline', 'Actions'] })
      const all = everything(it)
      for (const secret of [
        'Ana',
        'Secret',
        'db-07',
        'internal',
        '10.1.2.3',
        'ana@example',
        'Ledger',
        'full disk',
        'tocsin graph',
      ])
        assert.ok(!all.includes(secret), `"${secret}" leaked`)
      assert.match(all, /\[name left out\] restarted \[host left out\] \(\[address left out\]\) after/)
      assert.match(all, /<li>Watch the disk \(to do\)<\/li>/)
      // And text stays text.
      assert.doesNotMatch(all, /<img|href="javascript:/i)
      assert.match(all, /&lt;img src=x onerror=alert\(1\)&gt;/)
    },
  )

  play('keeps the names that the editor lets through, and no other', async (it, { id, incidentId }) => {
    const { leftOut, kept, body } = await previewPublication(it.world, bo, {
      postmortemId: id,
      sections: ['Summary'],
      keepNames: ['DB-07.internal'],
    })
    assert.deepEqual(kept, [{ name: 'db-07.internal', kind: 'host', times: 1 }])
    assert.deepEqual(leftOut.map(({ name, kind }) => [name, kind]).sort(), [
      ['10.1.2.3', 'address'],
      ['Ana Secret', 'person'],
    ])
    assert.match(body, /\[name left out\] restarted db-07\.internal \(\[address left out\]\)/)
    await publish(it, id, {
      sections: ['Summary'],
      keepNames: ['db-07.internal'],
      title: 'The disk of db-07.internal',
    })
    assert.match(it.published(`post-mortems/${incidentId}.html`), /<h1>The disk of db-07\.internal<\/h1>/)
  })

  play('a newer text is not published before somebody looks at it', async (it, { id, incidentId }) => {
    await publish(it, id)
    const path = `post-mortems/${incidentId}.html`
    await it.travel('1h')
    const body = BODY.replace('A full disk.', 'A disk that nobody watched.')
    await editPostmortem(it.world, ana, { postmortemId: id, version: 2, title: 'x', body })
    await it.travel('2h')
    assert.equal((await readPublicStanding(it.world, id)).newerText, true)
    assert.match(it.published(path), /A full disk\./)
    const first = /2005:Incident\/[^/]+\/post-mortem<\/id>[\s\S]*?<published>([^<]+)/.exec(
      it.published('history.atom'),
    )![1]
    const again = await publish(it, id)
    assert.deepEqual([again.newerText, again.published!.version], [false, 3])
    assert.match(it.published(path), /A disk that nobody watched\./)
    assert.match(it.published(path), /, changed <time/)
    // One entry of the feed that changed, and not a second one.
    const feed = it.published('history.atom')
    assert.equal(feed.match(/\/post-mortem<\/id>/g)!.length, 1)
    assert.ok(feed.includes(`<published>${first}</published>`))
  })

  play('what is published is what was looked at', async (it, { id }) => {
    const choice = { postmortemId: id, sections: ['Summary'] }
    const { hash } = await previewPublication(it.world, bo, choice)
    await editPostmortem(it.world, ana, {
      postmortemId: id,
      version: 2,
      title: 'x',
      body: BODY.replace('five', 'six'),
    })
    await assert.rejects(publishPostmortem(it.world, bo, { ...choice, seen: hash }), {
      code: 'wrong-state',
      message: /another one than you looked at/,
    })
    await assert.rejects(publishPostmortem(it.world, bo, { ...choice, seen: 'x' }), { code: 'invalid-input' })
    assert.equal((await readPublicStanding(it.world, id)).published, null)
  })

  play(
    'only an editor publishes, only what is reviewed and written, only what the public knows of',
    async (it, { id }) => {
      const choice = { postmortemId: id, sections: ['Summary'] }
      await assert.rejects(previewPublication(it.world, ana, choice), { code: 'forbidden' })
      await assert.rejects(publishPostmortem(it.world, ana, { ...choice, seen: '0'.repeat(64) }), {
        code: 'forbidden',
      })
      await assert.rejects(withdrawPostmortem(it.world, ana, { postmortemId: id }), { code: 'forbidden' })
      for (const [sections, says] of [
        [['Takeaways'], /prompt still stands/],
        [['Nothing of the kind'], /There is no section/],
        [[], /at least one/],
      ] as [string[], RegExp][])
        await assert.rejects(previewPublication(it.world, bo, { ...choice, sections }), {
          code: 'invalid-input',
          message: says,
        })
      await changePostmortemState(it.world, ana, { postmortemId: id, to: 'in review' })
      await assert.rejects(previewPublication(it.world, bo, choice), {
        code: 'wrong-state',
        message: /"in review"/,
      })
      // An incident that the public was never told of.
      const inner = await openIncident(it.world, ana, {
        title: 'x',
        severity: 'SEV4',
        serviceIds: ['ledger'],
      })
      await it.engine.drain()
      const other = await draftPostmortem(it.world, ana, { incidentId: inner.id })
      await assert.rejects(previewPublication(it.world, bo, { ...choice, postmortemId: other.id }), {
        code: 'wrong-state',
        message: /publish an update about it first/,
      })
      await publishUpdate(it.world, ana, { incidentId: inner.id, status: 'resolved', body: 'It is over.' })
      await assert.rejects(previewPublication(it.world, bo, { ...choice, postmortemId: other.id }), {
        message: /"draft"/,
      })
      const [imported] = (
        await importPostmortem(it.world, ana, {
          name: 'a.md',
          content: '# A\n\n## Summary\n\nIt was dark.\n',
        })
      ).postmortemIds
      await assert.rejects(previewPublication(it.world, bo, { ...choice, postmortemId: imported! }), {
        code: 'wrong-state',
        message: /belongs to no incident/,
      })
      await assert.rejects(readPublicStanding(it.world, 'none'), { code: 'not-found' })
    },
  )

  play('two who publish at once: one text stands', async (it, { id, incidentId }) => {
    const choice = { postmortemId: id, sections: ['Summary'] }
    const { hash } = await previewPublication(it.world, bo, choice)
    const done = await Promise.allSettled(
      [1, 2, 3].map(() => publishPostmortem(it.world, bo, { ...choice, seen: hash })),
    )
    assert.ok(done.some(({ status }) => status === 'fulfilled'))
    for (const one of done)
      if (one.status === 'rejected') assert.equal(one.reason.code, 'wrong-state', one.reason)
    const standing = await it.store.read
      .selectFrom('public_documents')
      .selectAll()
      .where('incident_id', '=', incidentId)
      .where('ended_at', 'is', null)
      .execute()
    assert.equal(standing.length, 1)
  })

  play(
    'an incident that is long over comes back to the page with its post-mortem',
    async (it, { id, incidentId }) => {
      await it.resolve('a')
      const then = it.clock.now() - 100 * DAY
      await it.store.transaction(async (db) => {
        await db
          .updateTable('public_incidents')
          .set({ status: 'resolved', created_at: then, updated_at: then })
          .execute()
      })
      await publishNow(it.world, ana)
      await it.travel('10s')
      assert.doesNotMatch(everything(it), new RegExp(incidentId))
      await publish(it, id)
      assert.match(it.published('index.html'), new RegExp(`href="post-mortems/${incidentId}\\.html"`))
      assert.match(it.published(`post-mortems/${incidentId}.html`), /A full disk/)
    },
  )
})
