import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelOf, sectionOf, type Topic } from './headings.rules.ts'

const TABLE: Record<Topic, string[]> = {
  summary: [
    'Summary',
    'Executive summary',
    'TL;DR',
    'What happened?',
    '1. Overview',
    'Incident summary:',
    'Problem description',
    'The incident',
    '📝 Summary',
    'So what happened',
  ],
  impact: [
    'Impact',
    'User impact',
    'Customer Impact',
    'The impact',
    'Who was affected',
    'Affected users',
    'Business impact',
    'Blast radius',
    'Impact on customers',
    'Scope of impact',
    'Symptoms',
  ],
  trigger: ['Trigger', 'Triggers', 'What triggered it', 'Root trigger'],
  rootCause: [
    'Root cause',
    'Root Causes',
    'Root cause analysis',
    'RCA',
    'Cause',
    'Why did this happen?',
    'Why it happened',
    'What caused the outage',
    'The origin of the failure',
    'Five whys',
    '5 Whys',
    'The bug',
    'Cause of the outage',
    'Analysis',
    'Technical analysis',
  ],
  contributing: ['Contributing factors', 'Contributors & Enablers', 'Key factors', 'Contributory causes'],
  detection: [
    'Detection',
    'How was it detected?',
    'How did we find out',
    'Discovery',
    'Incident detection',
    'Alerting',
  ],
  resolution: [
    'Resolution',
    'Recovery',
    'Resolution and recovery',
    'Mitigation',
    'How we fixed it',
    'Response',
    'Fix',
    'Assess and resolve',
    'How was it resolved?',
  ],
  remediation: [
    'Remediation',
    'Actions taken',
    'Measures taken',
    'What we have done',
    'Remediation and follow-up steps',
  ],
  timeline: [
    'Timeline',
    'Time line',
    'Timeline (UTC)',
    'Incident timeline',
    'Timeline of events',
    'Chronology',
    'Sequence of events',
    'Key events',
    'Event log',
    'Detailed times (in UTC)',
    'Incident timeline and impact',
  ],
  wentWell: [
    'What went well',
    'What went well?',
    'What worked well',
    'Things that went well',
    'Went well',
    'What went right',
    'The good',
    'Mitigators',
  ],
  wentWrong: [
    'What went wrong',
    'What went poorly',
    "What didn't go so well?",
    'What could have gone better',
    'Things that went badly',
    'What went bad',
    'Areas for improvement',
    'The bad',
    'Difficulties',
    'What did not go well',
    'What could be improved',
  ],
  lucky: ['Where we got lucky', 'When we were lucky', 'Where did we get lucky?', 'Luck', 'Near misses'],
  actions: [
    'Action items',
    'Actions',
    'Follow-up actions',
    'Follow up Action Items',
    'Next steps',
    'Corrective actions',
    'Corrective and preventative actions',
    'Preventive measures',
    'TODO',
    'Follow-ups',
    'How will we prevent this from happening again?',
    'What we are doing about it',
    "What we're doing",
    'Action plan',
    'Short-term improvements',
    'Potential improvements to make',
    'Going forward',
    'Recommendations',
    'Prevention',
    'Follow-up tasks',
    'Actionables',
    'Immediate actions',
    "What's next",
    'Long-term improvements (Q3)',
  ],
  lessons: [
    'Lessons learned',
    'Lessons learnt',
    'Takeaways',
    'Key takeaways',
    'Conclusion',
    'What did we learn',
    'Learnings',
    'Wrap up',
  ],
  references: ['References', 'Links', 'Related incidents', 'Further reading', 'See also'],
  people: ['Participants', 'Authors', 'Responders', 'People involved', 'Incident commander'],
  facts: [
    'Status',
    'Date',
    'Severity',
    'Duration',
    'Time to detection',
    'Time to recover',
    'Stats',
    'Priority',
    'Metadata',
  ],
  agenda: ['Agenda', 'Contents', 'Table of contents', 'Outline'],
  other: [
    'Appendix',
    'Glossary',
    'Background',
    'Context',
    'Chat logs',
    'Copyright',
    'Detailed description',
    'Revision history',
  ],
}

describe('the names of sections', () => {
  for (const [topic, headings] of Object.entries(TABLE))
    test(`${topic}: ${headings.length} of its names`, () => {
      for (const heading of headings) assert.equal(sectionOf(heading)?.topic, topic, heading)
    })

  test('other headings are none', () => {
    for (const heading of [
      'Endpoint monitoring',
      'The noisy neighbour',
      'Security and developer experience',
      'Database',
      'Testing',
      'Alert system of the second floor',
      'A word on caches',
      'Why-not',
      '',
      '###',
      '2021-03-05',
      '10:30 UTC',
      'Author of the script stops it',
    ])
      assert.equal(sectionOf(heading), null, heading)
  })

  test('a heading of several topics says so', () => {
    assert.deepEqual(sectionOf('Summary & Impact | TICKET-1'), {
      topic: 'summary',
      several: true,
      exact: true,
    })
    assert.equal(sectionOf('Root cause, Detection, Resolution')?.several, true)
    assert.equal(sectionOf('Takeaways / Future work')?.topic, 'actions')
    assert.equal(sectionOf('Resolution and recovery')?.several, false)
  })

  test('vague words are no labels within text', () => {
    for (const label of ['Alerts', 'Fix', 'Events', 'Response', 'Data'])
      assert.equal(sectionOf(label, true), null, label)
    assert.equal(sectionOf('Impact', true)?.topic, 'impact')
  })

  test('a long line is no heading, however it begins', () => {
    assert.equal(sectionOf(`Summary ${'of everything that happened '.repeat(5)}`), null)
  })

  test('labels end at their colon', () => {
    assert.deepEqual(labelOf('Impact: nobody could log in'), { to: 6, rest: 7 })
    assert.equal(labelOf('At 10:30 it stopped'), null)
    assert.equal(labelOf('No label here'), null)
    assert.equal(labelOf('https://example.org'), null)
  })
})
