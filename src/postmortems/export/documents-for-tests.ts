import { type PostmortemDocument, postmortemDocument } from '../../contract/postmortem-document.ts'

const DAY = '2026-01-08'
const HERE = 'https://tocsin.example.org'
const ANA = { id: 'ana', name: 'Ana Lindqvist' }

const TIMELINE: [string, string, string][] = [
  ['02:00:00', 'verdict', 'The nightly deployment began on builder-1 and did not end'],
  ['05:12:00', 'note', 'The certificate of docs.example.org expired'],
  ['09:40:00', 'note', 'Bo asked in the channel why the documentation does not open'],
  ['09:52:00', 'acknowledgement', 'Ana acknowledged'],
  ['10:05:00', 'note', 'Restarted the deployment by hand; it hung at the same builder'],
  ['10:31:00', 'state', 'Taken builder-1 out of the pool, the deployment ran through'],
  ['10:34:00', 'state', 'The new certificate is served from every place'],
]

const BODY = `## Summary

The certificate of the documentation was renewed and never deployed, so that browsers refused it for five hours.

## Impact

- Severity: SEV2
- Services: Documentation, Package index
- Everybody who opened the documentation between 05:12 and 10:34 UTC was shown a warning; about 2,300 visitors turned away.

## Trigger

The nightly deployment hung on a builder whose disk did not answer any more.

## Root cause

Nothing ended a deployment that hung, and nothing said that the last one had not finished. Renewing a certificate and serving it were two jobs, of which only the first was watched.

## Contributing factors

1. The monitor asked whether TLS answers, and not which certificate it answers with.
2. The deployment had run by itself for so long that nobody looked at it.

> We thought that a green light meant that somebody had looked.

## Detection

A person noticed it, not a monitor. \`renewBefore\` was set nowhere:

\`\`\`yaml
expect:
  name: docs.example.org
  renewBefore: 30d
\`\`\`

## Resolution

Builder-1 was taken out of the pool and the deployment was started again. See [the change](https://git.example.org/ops/pull/412).

## Timeline

All times are UTC.

${TIMELINE.map(([at, , text]) => `- **${DAY} ${at} UTC** — ${text}`).join('\n')}

## What went well

- The runbook for certificates was right in every step
- Two people were there within ten minutes

## What went wrong

- The warning of the renewal went to a mailbox that nobody reads

## Where we got lucky

- It was a Thursday morning; on a Sunday it would have lasted all day

## Actions

## Takeaways

| What we believed | What is so |
| --- | --- |
| A renewed certificate is a served certificate | It is served once the deployment says so |
| Silence of a nightly job is good news | Silence is no news |
`

/** A post-mortem of a middling incident with everything in it. */
export function documentForTests(change: Partial<PostmortemDocument> = {}): PostmortemDocument {
  const at = (time: string) => `${DAY}T${time}.000Z`
  const action = (
    n: number,
    title: string,
    state: 'proved' | 'open' | 'claimed' | 'refuted',
    more: object = {},
  ): object => ({
    id: `019b9d3a-0000-7000-8000-00000000000${n}`,
    title,
    type: 'detect',
    owner: ANA,
    dueAt: '2026-02-01T00:00:00.000Z',
    criterion: 'A certificate that is renewed and not served for an hour pages the team.',
    drill: null,
    createdAt: at('12:00:00'),
    standing: [
      {
        at: HERE,
        state,
        reason: 'written down',
        since: at('12:00:00'),
        claimedBy: null,
        run: null,
        proof: null,
      },
    ],
    ...more,
  })
  return postmortemDocument.parse({
    schema: 'tocsin/postmortem@1',
    id: '019b9d3a-5b1c-7a3e-9f00-1f2e3d4c5b6a',
    origin: HERE,
    title: 'The documentation was not to be opened: a certificate that nobody deployed',
    categories: ['time', 'automation'],
    keywords: ['certificate'],
    company: 'Example',
    product: 'Docs',
    version: 4,
    createdAt: at('11:00:00'),
    updatedAt: '2026-01-12T09:30:00.000Z',
    draftDueAt: null,
    dueAt: '2026-01-15T11:00:00.000Z',
    standing: [
      { at: HERE, state: 'reviewed', reason: 'changed-by-person', since: '2026-01-12T09:30:00.000Z' },
    ],
    body: BODY,
    incident: {
      id: '019b9d3a-1111-7a3e-9f00-1f2e3d4c5b6a',
      title: 'Documentation does not open',
      severity: 'SEV2',
      state: 'closed',
      detection: 'person',
      reopened: 0,
      services: [
        { id: 'docs', name: 'Documentation' },
        { id: 'index', name: 'Package index' },
      ],
      roles: [{ role: 'commander', name: 'Ana Lindqvist' }],
      times: {
        impact_start: at('05:12:00'),
        detected: at('09:40:00'),
        declared: at('09:45:00'),
        acknowledged: at('09:52:00'),
        mitigated: null,
        resolved: at('10:34:00'),
      },
      durations: [
        {
          name: 'TTD',
          ms: 16_080_000,
          formula: 'TTD = impact start → detected',
          status: 'recorded',
          why: '',
        },
        {
          name: 'TTA',
          ms: null,
          formula: 'TTA = first alert → acknowledged',
          status: 'not recorded',
          why: 'first alert not recorded',
        },
        {
          name: 'TTM',
          ms: null,
          formula: 'TTM = impact start → mitigated',
          status: 'not recorded',
          why: 'mitigated not recorded',
        },
        {
          name: 'TTR',
          ms: 19_320_000,
          formula: 'TTR = impact start → resolved',
          status: 'recorded',
          why: '',
        },
      ],
      timeline: TIMELINE.map(([time, kind, text], i) => ({
        id: `entry-${i}`,
        happenedAt: at(time),
        writtenAt: at(time),
        kind,
        text,
        by: ANA,
        corrects: null,
      })),
    },
    actions: [
      action(1, 'Page when the served certificate is older than the renewed one', 'proved', {
        drill: 'renewed-not-served',
      }),
      action(2, 'End a deployment that takes longer than an hour', 'claimed', { type: 'mitigate' }),
      action(3, 'Send warnings of renewals to the people on call', 'open', {
        owner: null,
        dueAt: null,
        ownerWritten: 'Dana, or whoever has the mailbox',
        counterpart: { kind: 'vendor', name: 'Paper & Seal Ltd', reference: 'CASE-7' },
        promises: ['2026-01-20', '2026-02-15'].map((day) => ({
          counterpart: 'Paper & Seal Ltd',
          promisedAt: `${day}T00:00:00.000Z`,
          note: 'by telephone',
          by: ANA,
          at: at('14:00:00'),
        })),
        issue: {
          tracker: 'work',
          project: 'ops/docs',
          number: '12',
          url: 'https://git.example.org/ops/docs/issues/12',
          state: 'open',
        },
      }),
    ],
    revisions: [{ version: 4, title: 'x', body: BODY, by: ANA, at: at('12:00:00') }],
    source: null,
    ...change,
  })
}
