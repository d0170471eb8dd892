/** Post-mortems of three years, as a team might have kept them, to be imported. */

interface Kind {
  title: string
  summary: string
  trigger: string
  cause: string
  went: string
  action: string
}

const KINDS: Kind[] = [
  {
    title: 'Certificate of the documentation expired',
    summary: 'Documentation could not be opened, because its certificate had expired.',
    trigger: 'The certificate expired at midnight.',
    cause: 'The renewal robot hung on the builder, and nobody watched the certificate.',
    went: 'There was no alert before the end of the certificate.',
    action: 'Warn thirty days before a certificate ends',
  },
  {
    title: 'Sorter of uploads ran out of memory',
    summary: 'Uploads to Source hosting were refused: the sorter was out of memory.',
    trigger: 'A new version of the sorter was deployed.',
    cause: 'A memory leak in the sorter; a workaround had hidden it with restarts.',
    went: 'The rollback took an hour.',
    action: 'Forecast the memory of the sorter',
  },
  {
    title: 'Documentation led to another page after a DNS change',
    summary: 'Documentation showed the page of another site.',
    trigger: 'A change of configuration of the zone file.',
    cause: 'The name server answered with an old zone file. It was edited by hand, and not tested.',
    went: 'Nobody was told of the change.',
    action: 'Compare the zone with the name servers',
  },
  {
    title: 'Nightly backup stayed away for a week',
    summary: 'No backup of Source hosting was made for a week.',
    trigger: 'Planned work on the database.',
    cause: 'The nightly job hung on a lock, and monitoring was down.',
    went: 'Only one person knew the job.',
    action: 'Tell when the backup does not end',
  },
]

const NOTICED = [
  'An alert fired.',
  'Customers reported it in support tickets.',
  'An engineer noticed it by chance.',
  'Another team reported it.',
]

const stamp = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** As many documents as asked for, the newest a few days before `now`. */
export function pastIncidents(count: number, now: number): { name: string; content: string }[] {
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS[(i * 7 + (i >> 2)) % KINDS.length]!
    const began = now - (5 + i * 37) * DAY + (i % 9) * 47 * MINUTE
    const after = (minutes: number) => stamp(began + minutes * MINUTE)
    const detected = 3 + ((i * 13) % 90)
    const resolved = detected + 12 + ((i * i * 17) % 900)
    const times = [
      `- ${after(0)} UTC outage starts`,
      ...(i % 6 === 5 ? [] : [`- ${after(detected)} UTC problem detected`]),
      `- ${after(detected + 9)} UTC acknowledged`,
      ...(i % 3 === 0 ? [] : [`- ${after(resolved - 8)} UTC mitigated`]),
      `- ${after(resolved)} UTC resolved`,
    ]
    const content = `# ${kind.title}, no. ${count - i}

## Summary

${kind.summary}

## Impact

Severity: SEV${1 + (i % 4)}. Users waited for ${resolved} minutes.

## Trigger

${kind.trigger}

## Root cause

${kind.cause}

## Detection

${i % 7 === 6 ? 'We do not know.' : NOTICED[(i * 3 + (i >> 1)) % NOTICED.length]}

## Timeline

${times.join('\n')}

## What went wrong

- ${kind.went}

## Actions

- [${i % 2 === 0 ? 'x' : ' '}] ${kind.action}
`
    return { name: `${count - i}.md`, content }
  })
}
