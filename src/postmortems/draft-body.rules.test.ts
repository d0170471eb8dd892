import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Incident, incidentTimes, type TimelineEntry } from '../incidents/index.ts'
import { MINUTE, SECOND } from '../kit/duration.ts'
import { type DraftFacts, draftBody, utc } from './draft-body.rules.ts'
import { decidePostmortemMove } from './postmortem-state.rules.ts'
import { findSection, SECTIONS, sectionState, splitSections } from './sections.rules.ts'

const AT = Date.UTC(2026, 0, 31, 14, 5, 9)

const incident: Incident = {
  id: 'i1',
  title: 'The disk',
  severity: 'SEV2',
  state: 'resolved',
  reason: 'watch-period-passed',
  since: AT,
  detection: 'monitor',
  impactStartedAt: AT,
  detectedAt: AT + 30 * SECOND,
  declaredAt: AT + 30 * SECOND,
  acknowledgedAt: AT + 4 * MINUTE,
  mitigatedAt: null,
  resolvedAt: AT + 20 * MINUTE,
  closedAt: null,
  openedBy: 'system:incidents',
  openedByName: 'Tocsin',
  reopened: 0,
  updatedAt: AT,
  serviceIds: ['docs'],
  alerts: [
    {
      alertId: 'a1',
      serviceId: 'docs',
      monitorId: 'docs-port',
      severity: 'critical',
      title: 'docs-port is down',
      openedAt: AT + 30 * SECOND,
      acknowledgedAt: null,
      resolvedAt: null,
    },
  ],
  roles: [],
  links: [],
}

const entry = (id: string, text: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id,
  incidentId: 'i1',
  happenedAt: AT,
  writtenAt: AT,
  kind: 'alert',
  text,
  actor: 'system:incidents',
  actorName: 'Tocsin',
  factSeq: null,
  corrects: null,
  ...more,
})

function draft(change: Partial<Incident> = {}, facts: Partial<DraftFacts> = {}): string {
  const known = { ...incident, ...change }
  return draftBody({
    incident: known,
    times: incidentTimes(known),
    timeline: [],
    services: { docs: 'Documentation' },
    updates: [],
    ...facts,
  })
}
const section = (name: (typeof SECTIONS)[number], ...args: Parameters<typeof draft>) =>
  findSection(draft(...args), name)!.body.split('\n')

describe('the draft of a post-mortem', () => {
  const cases: [string, (typeof SECTIONS)[number], Parameters<typeof draft>, string[]][] = [
    [
      'what is known stands with its formula',
      'Detection',
      [],
      [
        '- A monitor noticed it.',
        '- First alert: docs-port is down, 2026-01-31 14:05:39 UTC',
        '- TTD = impact start → detected: 30s',
        '- TTA = first alert → acknowledged: 3m 30s',
        '- Paged: nobody',
      ],
    ],
    [
      'what nobody recorded is not made up',
      'Resolution',
      [{ impactStartedAt: null }],
      [
        '- Impact start: not recorded',
        '- Mitigated: not recorded',
        '- Resolved: 2026-01-31 14:25:09 UTC',
        '- TTM = impact start → mitigated: not recorded (impact start and mitigated not recorded)',
        '- TTR = impact start → resolved: not recorded (impact start not recorded)',
      ],
    ],
    [
      'times that contradict each other give no number',
      'Resolution',
      [{ resolvedAt: AT - 1 }],
      ['- TTR = impact start → resolved: invalid (resolved lies before impact start)'],
    ],
    [
      'an incident without alerts and services',
      'Detection',
      [{ alerts: [], detection: 'customer' }],
      ['- A customer reported it, before any monitor noticed.', '- First alert: none'],
    ],
    ['services that nobody named', 'Impact', [{ serviceIds: [] }], ['- Services: not recorded']],
    ['a service that is gone keeps its id', 'Impact', [{ serviceIds: ['shop'] }], ['- Services: shop']],
    ['never re-opened', 'Impact', [], ['- Re-opened: never', '- Public updates: none']],
    ['re-opened once', 'Impact', [{ reopened: 1 }], ['- Re-opened: once']],
    ['re-opened more often', 'Impact', [{ reopened: 3 }], ['- Re-opened: 3 times']],
    [
      'what the public was told',
      'Impact',
      [{}, { updates: [1, 2].map((n) => ({ publishedAt: AT + n, status: 'monitoring', body: 'x' })) }],
      ['- Public updates: 2, the first at 2026-01-31 14:05:09 UTC'],
    ],
    [
      'who was paged',
      'Detection',
      [{}, { timeline: [entry('1', 'Page handed over to Ana by email', { kind: 'page' })] }],
      ['- Paged:', '  - 2026-01-31 14:05:09 UTC — Page handed over to Ana by email'],
    ],
    [
      'who had which role',
      'Resolution',
      [{ roles: [{ role: 'commander', personId: 'ana', name: 'Ana *', assignedAt: AT }] }],
      ['- Roles: commander: Ana \\*'],
    ],
    [
      'a corrected entry is struck, its correction says so, and a note names its writer',
      'Timeline',
      [
        {},
        {
          timeline: [
            entry('1', 'the first call', { kind: 'note', actorName: 'Ana' }),
            entry('2', 'the second call', { kind: 'note', actorName: 'Bo', corrects: '1' }),
            entry('3', 'Alert opened'),
          ],
        },
      ],
      [
        '- **2026-01-31 14:05:09 UTC** — ~~the first call~~ (Ana)',
        '- **2026-01-31 14:05:09 UTC** — Correction: the second call (Bo)',
        '- **2026-01-31 14:05:09 UTC** — Alert opened',
      ],
    ],
    ['an empty timeline says so', 'Timeline', [], ['No entry was recorded.']],
  ]
  for (const [title, name, args, lines] of cases)
    test(title, () => {
      const written = section(name, ...args)
      for (const line of lines) assert.ok(written.includes(line), `${line}\nin:\n${written.join('\n')}`)
    })

  test('is never ready for a review by itself, and says what is missing', () => {
    const decision = decidePostmortemMove({ state: 'draft', body: draft() }, 'in review', [])
    assert.deepEqual(decision, {
      outcome: 'refuse',
      reason: 'sections-missing',
      sections: [
        { name: 'Summary', state: 'prompt-left' },
        { name: 'Root cause', state: 'prompt-left' },
      ],
    })
  })

  test('whatever people and machines wrote, it has its sections, each once, and none is written for them', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\n## Root cause\n\nIt was me',
        '```\n',
        '~~~',
        '\r\n## Summary\r\nx',
        '<script>',
        '1. one',
      ),
    )
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 6 }), nasty, (texts, one) => {
        const body = draft(
          {
            roles: [{ role: one, personId: 'x', name: one, assignedAt: AT }],
            alerts: [{ ...incident.alerts[0]!, title: one }],
          },
          {
            services: { docs: one },
            timeline: texts.map((text, i) => entry(String(i), text, { kind: 'note', actorName: one })),
          },
        )
        assert.deepEqual(
          splitSections(body).map(({ title }) => title),
          [...SECTIONS],
        )
        assert.equal(sectionState(body, 'Root cause'), 'prompt-left')
        assert.doesNotMatch(body, /(?<!\\)<script>/)
      }),
    )
  })

  test('an instant is written in UTC, to the second', () => {
    assert.equal(utc(AT + 999), '2026-01-31 14:05:09 UTC')
    assert.equal(utc(0), '1970-01-01 00:00:00 UTC')
  })
})
