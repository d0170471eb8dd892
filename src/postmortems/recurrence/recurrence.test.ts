import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { passRun, person, playedIn, type ResponseWorld, tester } from '../../../test/harness/response.ts'
import { onEveryStore } from '../../../test/harness/stores.ts'
import { changeIncident, openIncident } from '../../incidents/index.ts'
import { DAY, HOUR, MINUTE } from '../../kit/duration.ts'
import { addAction } from '../add-action.ts'
import { claimAction } from '../claim-action.ts'
import { draftPostmortem } from '../draft-postmortem.ts'
import { editPostmortem } from '../edit-postmortem.ts'
import { importPostmortem } from '../import/import-postmortem.ts'
import { findPostmortem } from '../postmortems.rows.ts'
import { settleActionIn } from '../settle-action.ts'
import { findSimilar } from './find-similar.ts'
import { judgeRecord, readRecord } from './judge-record.ts'
import { readRecurrence } from './read-recurrence.ts'
import { readTimes } from './read-times.ts'

const ana = person('ana')
const classTitle = (id: string) => id
const FOLDER = resolve(import.meta.dirname, '../../../test/fixtures/postmortems')

const text = (title: string, sections: Record<string, string>) =>
  `# ${title}\n\n${Object.entries(sections)
    .map(([name, body]) => `## ${name}\n\n${body}\n`)
    .join('\n')}`

const EXPIRED = {
  Summary: 'The certificate of the Shop expired, and every till stood still.',
  Trigger: 'The certificate expired at midnight.',
  'Root cause': 'The renewal robot hung on the builder, and nobody watched the certificate.',
  Detection: 'Customers reported it by telephone.',
  Timeline:
    '- 2025-03-05 10:00 UTC outage starts\n- 2025-03-05 10:40 UTC customers report it\n- 2025-03-05 11:00 UTC we noticed it\n- 2025-03-05 12:00 UTC resolved',
}

onEveryStore('what recurs', ({ open }) => {
  const play = playedIn(open)

  const imported = async (it: ResponseWorld, title: string, sections: Record<string, string>) =>
    (await importPostmortem(it.world, ana, { name: `${title}.md`, content: text(title, sections) }))
      .postmortemIds[0]!

  const incident = (it: ResponseWorld, title: string, more: object = {}) =>
    openIncident(it.world, ana, { title, severity: 'SEV2', serviceIds: ['docs'], ...more })

  play('a text says what it is about, with the words that say so', async (it) => {
    const id = await imported(it, 'Tills stand still', EXPIRED)
    const record = await readRecord(it.world, ana, id)
    const marks = (kind: string) =>
      record.marks.filter((mark) => mark.kind === kind).map(({ value }) => value)
    assert.deepEqual(marks('class'), ['certificate.expired'])
    assert.deepEqual(marks('trigger'), ['expiry'])
    assert.deepEqual(marks('factor'), ['unwatched'])
    assert.deepEqual(marks('service'), ['shop'])
    assert.equal(record.detectedBy?.value, 'customer')
    for (const mark of record.marks) {
      assert.equal(mark.origin, 'text')
      assert.notEqual(mark.because, '')
    }
    assert.equal(record.happenedAt, Date.parse('2025-03-05T10:00Z'))
    assert.equal(record.resolvedAt, Date.parse('2025-03-05T12:00Z'))
  })

  play('what a person says stands over what was read, until it is taken back', async (it) => {
    const id = await imported(it, 'Tills stand still', EXPIRED)
    const judged = await judgeRecord(it.world, ana, {
      ...{ id, classes: ['job.hung'], trigger: null, factors: ['one-head'], services: ['docs'] },
      ...{ detectedBy: 'partner', reportedAt: Date.parse('2025-03-05T10:10Z') },
    })
    const said = (record: typeof judged) =>
      record.marks.map(({ kind, value, origin }) => `${kind} ${value} ${origin}`).toSorted()
    const ours = ['class job.hung person', 'factor one-head person', 'service docs person']
    assert.deepEqual(said(judged), ours)
    assert.equal(judged.detectedBy?.value, 'partner')
    assert.equal(judged.reportedAt, Date.parse('2025-03-05T10:10Z'))
    // An edit of the text changes nothing of it.
    await editPostmortem(it.world, ana, {
      postmortemId: id,
      version: 1,
      title: 'Tills',
      body: '## Summary\n\nDNS failed: dns, name server.',
    })
    assert.deepEqual(said(await readRecord(it.world, ana, id)), ours)
    const back = await judgeRecord(it.world, ana, { id })
    assert.deepEqual(said(back), ['class dns.content text'])
    assert.equal((await it.facts('learning.judged')).length, 2)
  })

  play('who only looks judges nothing, and what is not known is refused', async (it) => {
    const id = await imported(it, 'Tills stand still', EXPIRED)
    await assert.rejects(judgeRecord(it.world, person('x', 'viewer'), { id }), { code: 'forbidden' })
    for (const wrong of [
      { id, classes: ['no.such'] },
      { id, services: ['nowhere'] },
      { id, reportedAt: it.clock.now() + HOUR },
    ])
      await assert.rejects(judgeRecord(it.world, ana, wrong), { code: 'invalid-input' })
    await assert.rejects(judgeRecord(it.world, ana, { id: 'nobody' }), { code: 'not-found' })
    const own = await incident(it, 'One')
    await assert.rejects(judgeRecord(it.world, ana, { id: own.id, services: ['shop'] }), {
      code: 'invalid-input',
    })
  })

  play('the most alike come first, each with why, and the same every time', async (it) => {
    const first = await imported(it, 'Tills stand still', EXPIRED)
    const twin = await imported(it, 'Till certificate ran out again', {
      ...EXPIRED,
      Summary: 'The certificate of the Shop expired again: the renewal robot hung on the builder.',
    })
    await imported(it, 'Queue of parcels', {
      Summary: 'Parcels waited in the warehouse because the sorter was out of memory.',
      Trigger: 'A new version of the sorter was deployed.',
      'Root cause': 'A memory leak.',
    })
    const ask = () => findSimilar(it.world, ana, { id: first, limit: 5, classTitle })
    const alike = await ask()
    assert.deepEqual(
      alike.map(({ record }) => record.id),
      [twin],
    )
    const why = alike[0]!.why.map((one) => one.text)
    assert.ok(why.includes('same failure class: certificate.expired'), why.join('\n'))
    assert.ok(why.includes('same trigger: Something came to its end'))
    assert.ok(why.includes('shares the service: Shop') || why.includes('shares the service Shop'))
    assert.ok(
      why.some((one) => /^rare words in common: .*\brobot\b/.test(one)),
      why.join('\n'),
    )
    assert.ok(alike[0]!.likeness > 50)
    assert.deepEqual(await ask(), alike)
    await assert.rejects(findSimilar(it.world, ana, { id: 'nobody', limit: 5, classTitle }), {
      code: 'not-found',
    })
  })

  play('an incident is like a post-mortem of before, while it still runs', async (it) => {
    const before = await imported(it, 'Sorter leaked', {
      Summary: 'Parcels waited: the sorter ran out of memory.',
      Trigger: 'The sorter ran out of memory.',
      'Root cause': 'A memory leak in the sorter.',
      Impact: 'The Shop could not send parcels.',
    })
    const now = await incident(it, 'Parcel sorter ran out of memory', { serviceIds: ['shop'] })
    const [alike] = await findSimilar(it.world, ana, { id: now.id, limit: 5, classTitle })
    assert.equal(alike?.record.postmortemId, before)
    assert.deepEqual(alike.why.map(({ kind }) => kind).toSorted(), ['class', 'service', 'trigger', 'words'])
  })

  play('classes, triggers, factors and services are counted by period', async (it) => {
    await imported(it, 'One', EXPIRED)
    await imported(it, 'Two', { ...EXPIRED, Timeline: '- 2025-08-05 10:00 UTC outage starts' })
    await incident(it, 'Three')
    const view = await readRecurrence(it.world, ana, { per: 'quarter' })
    assert.equal(view.records, 3)
    assert.deepEqual(
      view.periods.map(({ name, records }) => [name, records]),
      [
        ['2025 Q1', 1],
        ['2025 Q2', 0],
        ['2025 Q3', 1],
        ['2025 Q4', 0],
        ['2026 Q1', 1],
      ],
    )
    assert.deepEqual(view.marks.class, [{ value: 'certificate.expired', count: 2, counts: [1, 0, 1, 0, 0] }])
    assert.deepEqual(
      view.marks.service.map(({ value, count }) => [value, count]),
      [
        ['shop', 2],
        ['docs', 1],
      ],
    )
    assert.equal(view.unmarked.class, 1)
    const shop = await readRecurrence(it.world, ana, {
      per: 'year',
      service: 'shop',
      from: Date.parse('2025-06-01'),
    })
    assert.deepEqual([shop.records, shop.periods.map(({ name }) => name)], [1, ['2025']])
    assert.deepEqual((await readRecurrence(it.world, ana, { per: 'month', severity: 'SEV1' })).periods, [])
  })

  play('a cause that comes back after its action was closed is told, with what it rests on', async (it) => {
    const { id } = await incident(it, 'Certificate of the docs expired')
    const draft = await draftPostmortem(it.world, ana, { incidentId: id })
    const action = await addAction(it.world, ana, {
      ...{
        postmortemId: draft.id,
        title: 'Watch every certificate',
        type: 'detect',
        criterion: 'An alert',
        drillId: 'd',
      },
    })
    const none = await readRecurrence(it.world, ana, { per: 'quarter' })
    assert.deepEqual(none.cameBack, [])
    await it.travel('1d')
    await claimAction(it.world, ana, { actionId: action.id })
    const runId = await passRun(it, action.id, 'run-1')
    await it.world.transact((tx) =>
      settleActionIn(tx, it.world, tester, {
        actionId: action.id,
        drillRunId: runId,
        outcome: 'proved',
        reason: 'passed',
      }),
    )
    assert.deepEqual((await readRecurrence(it.world, ana, { per: 'quarter' })).cameBack, [])
    await it.travel('2d')
    // The same class on another service has not come back; on this one it has.
    await incident(it, 'Certificate of the shop expired', { serviceIds: ['shop'] })
    const again = await incident(it, 'Certificate of the docs expired once more')
    const { cameBack } = await readRecurrence(it.world, ana, { per: 'quarter' })
    assert.deepEqual(
      cameBack.map((one) => [
        one.kind,
        one.value,
        one.action.closed,
        one.first.id,
        one.again.map((other) => other.id),
      ]),
      [['class', 'certificate.expired', 'proved', id, [again.id]]],
    )
  })

  play('an action that only the document calls done counts, and is told apart', async (it) => {
    await imported(it, 'Tills stand still', { ...EXPIRED, Actions: '- [x] Watch the certificate' })
    const again = await incident(it, 'Certificate of the shop expired', { serviceIds: ['shop'] })
    const { cameBack } = await readRecurrence(it.world, ana, { per: 'quarter' })
    assert.deepEqual(
      cameBack.map(({ action, again }) => [action.closed, again.map(({ id }) => id)]),
      [['said-done', [again.id]]],
    )
  })

  play(
    'times are points with median and quartiles, and what nobody recorded is counted as that',
    async (it) => {
      const start = it.clock.now() - 10 * DAY
      for (const [i, minutes] of [10, 20, 30, 40].entries())
        await incident(it, `No ${i}`, { impactStart: start, detectedAt: start + minutes * MINUTE })
      await incident(it, 'No times', { detectedAt: null })
      const wrong = await incident(it, 'Backwards', { impactStart: start, detectedAt: start - HOUR })
      const { metrics, records } = await readTimes(it.world, ana, {})
      const ttd = metrics.find(({ name }) => name === 'TTD')!
      assert.equal(ttd.formula, 'TTD = impact start → detected')
      assert.deepEqual([ttd.recorded, ttd.notRecorded, ttd.invalid], [4, 1, 1])
      assert.deepEqual(ttd.quartiles, {
        ...{ least: 10 * MINUTE, lower: 17.5 * MINUTE, median: 25 * MINUTE },
        ...{ upper: 32.5 * MINUTE, most: 40 * MINUTE },
      })
      assert.deepEqual(
        ttd.points.map(([ms]) => ms / MINUTE),
        [10, 20, 30, 40],
      )
      assert.deepEqual(
        ttd.points.map(([, place]) => records[place]!.title),
        ['No 0', 'No 1', 'No 2', 'No 3'],
      )
      const tta = metrics.find(({ name }) => name === 'TTA')!
      assert.deepEqual([tta.recorded, tta.notRecorded, tta.quartiles], [0, 6, null])
      await changeIncident(it.world, ana, { incidentId: wrong.id, detectedAt: start + 50 * MINUTE })
      assert.equal((await readTimes(it.world, ana, {})).metrics[0]!.recorded, 5)
      assert.equal((await readTimes(it.world, ana, { service: 'shop' })).records.length, 0)
    },
  )

  play(
    'times of imported documents count, and users who knew first are counted with their lead',
    async (it) => {
      await imported(it, 'Tills stand still', {
        ...EXPIRED,
        Detection: 'An engineer noticed it by chance.',
        Timeline:
          '- 2025-03-05 10:00 UTC outage starts\n- 2025-03-05 10:40 UTC complaints on the telephone\n- 2025-03-05 11:00 UTC problem detected\n- 2025-03-05 12:00 UTC resolved',
      })
      await it.alert('late')
      const own = await incident(it, 'Users called', {
        ...{ detection: 'customer', impactStart: it.clock.now() - HOUR, serviceIds: ['shop'] },
      })
      const { metrics, detection } = await readTimes(it.world, ana, {})
      assert.equal(
        metrics.find(({ name }) => name === 'TTR')!.points.some(([ms]) => ms === 2 * HOUR),
        true,
      )
      const by = Object.fromEntries(detection.by.map(({ id, count }) => [id, count]))
      assert.equal(by.staff, 1)
      assert.equal(by.customer, 1)
      const { usersFirst } = detection
      assert.equal(usersFirst.count, 2)
      assert.deepEqual(
        usersFirst.bore.points.map(([ms]) => ms / MINUTE),
        [40, 60],
      )
      // Twenty minutes from the report to the one who noticed; monitoring never saw the other.
      assert.deepEqual(
        [usersFirst.lead.points.map(([ms]) => ms / MINUTE), usersFirst.lead.notRecorded],
        [[20], 1],
      )
      assert.ok(own.id)
    },
  )

  play('every document that we know is read, and none breaks the reading', async (it) => {
    for (const name of readdirSync(FOLDER).filter((one) => !one.endsWith('.expected.json')))
      await importPostmortem(it.world, ana, { name, content: readFileSync(join(FOLDER, name)) })
    const { records } = await readTimes(it.world, ana, {})
    assert.ok(records.length >= 35, `${records.length}`)
    let marks = 0
    for (const { id } of records) {
      const record = await readRecord(it.world, ana, id)
      const { title, body } = (await findPostmortem(it.store.read, id))!
      const whole = `${title}\n${body}`.replaceAll(/\s+/g, ' ').toLowerCase()
      for (const { because } of record.marks) {
        for (const words of because.split(', ')) assert.ok(whole.includes(words), `${title}: ${words}`)
        marks++
      }
    }
    assert.ok(marks >= 20, `${marks}`)
  })
})
