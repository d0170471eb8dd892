/** The seven incidents in our own words, and the page that is made of them and of what their stories printed. */
import { INCIDENTS, type IncidentLine, type IncidentName } from '../test/harness/incident-line.ts'

export const STORIES = 'test/story/incidents'
export const PAGE = 'docs/incidents.md'
export const COMMAND = 'npm run incidents'

interface Told {
  title: string
  when: string
  /** The class of failure. */
  failure: string
  what: string
  /** How long nobody knew, then. */
  unnoticed: string
  /** The story whose first line stands in the overview. */
  lead: string
  /** What else went wrong, and where it is shown; or that it is not. */
  besides: string[]
}

/** The incidents, as they went then. */
export const TOLD: Record<IncidentName, Told> = {
  cernts: {
    title: 'CERNTS, terminal servers',
    when: '15 and 16 November 2024',
    failure: 'a node that takes users with the wrong certificate',
    what:
      'Eight of thirty nodes were rebuilt under time pressure and joined the pool on Friday afternoon before they were ' +
      'configured. A reboot in the night ended idle sessions, and in the morning people were sent to these nodes, which ' +
      'turned them away. The monitor asked whether a node had a certificate for RDP, not whether it was the right one.',
    unnoticed:
      'From Friday afternoon to Saturday 10:43, when users said so in a chat; seven and a half hours after the reboot.',
    lead: 'certs-rdp',
    besides: [
      'A virus scanner broke the nodes in the first place: not to be seen from outside before they fail.',
    ],
  },
  'cernphone-registration': {
    title: 'CERNphone, registrations',
    when: '5 and 6 July 2024',
    failure: 'a leak that restarts hide, until nobody restarts',
    what:
      'The front end for telephones lost memory, bit by bit. A workaround for another fault restarted it now and then, ' +
      'which put the memory back and hid the leak. Once the workaround was gone, phones lost their registration and ' +
      'calls could not be made. Nobody watched the memory, and nobody tried to register.',
    unnoticed:
      'From 20:47 to 23:59 by anybody, and to 08:25 by anybody who could mend it, on his own phone: 11 h 38 min.',
    lead: 'cernphone-leak',
    besides: [
      'Who is paged when, over which channels and after how long, is played on a travelled clock ' +
        '(`test/story/paging.test.ts`).',
    ],
  },
  'cernphone-address': {
    title: 'CERNphone, addresses',
    when: '7 and 8 July 2024',
    failure: 'a registry that is wrong, and waits for the day on which it matters',
    what:
      'In the network registry the main address of a front end was bound to no network card, and its floating address was. ' +
      'At a renewal the DHCP server therefore gave the machine the floating address. While the first fault was mended, ' +
      'two machines had the same address, and telephones stood still for 37 minutes.',
    unnoticed:
      'The registry was wrong since the server was made. An alarm of 22:37 was taken up at 08:45: 10 h 8 min.',
    lead: 'cernphone-address',
    besides: [
      'An alarm stood for a night: one that nobody acknowledges goes on to the next person (`test/story/paging.test.ts`).',
    ],
  },
  'gluster-docs': {
    title: 'Gluster, documentation',
    when: '13 to 20 November 2018',
    failure: 'a job that hangs, a certificate that ends, and a monitor that is dead',
    what:
      'Certificates were renewed by a nightly run, a week before their end. Two dead builders made that run wait for ever, ' +
      'night after night. The monitor had been short of memory for two weeks and checked nothing in the last days; and had it ' +
      'lived, it looked only whether TLS was answered.',
    unnoticed:
      'A week for the hanging run; 5 h 1 min for the certificate that had ended, until somebody asked in a chat.',
    lead: 'gluster-docs',
    besides: [
      'More faults of the watcher, and who notices them, stand in [Who watches the watcher](watching-the-watcher.md).',
      'The run had no limit of its own: `maxRun` is judged outside of it.',
    ],
  },
  'atlas-iam': {
    title: 'ATLAS IAM, tokens',
    when: '29 October to 1 November 2022',
    failure: 'a service that accepts and never answers, and everybody who waits for it',
    what:
      'A load test asked the token service in production for about a hundred tokens a second, each a row of its database, ' +
      'until the service stood still two days later. It still accepted connections. Whoever verified tokens fetched its keys, ' +
      'waited, and could do nothing else meanwhile, so that sites all over the world took hardly any work.',
    unnoticed: 'Two days for the rows; 2 h 43 min for the standstill, until another experiment complained.',
    lead: 'atlas-iam',
    besides: [
      'Almost everybody who knew the service was away: an escalation goes on (`test/story/paging.test.ts`).',
      'The load test was not announced: the client whose rows they are is named.',
      'The backup that saved them: drills that restore a backup are not part of these stories.',
    ],
  },
  'logdna-certificates': {
    title: 'LogDNA, certificate chain',
    when: '30 May to 1 June 2020',
    failure: 'a chain that breaks for some clients only',
    what:
      'A root named AddTrust ended. Servers still sent a certificate that it had signed. New clients went another way; older ' +
      'ones followed what was sent, arrived at the dead root, and shipped no more data. Connections that were open went on, ' +
      'so that the flow of data did not stop, and nothing looked at the service from outside.',
    unnoticed: '2 h 11 min, until the first customer wrote.',
    lead: 'logdna-addtrust',
    besides: [
      'A mended agent was released that did not start: a matter of tests before a release, which Tocsin does not run.',
      'The data never stopped altogether: a monitor that makes a new connection each time does not depend on them.',
    ],
  },
  'logdna-tenant': {
    title: 'LogDNA, one loud tenant',
    when: '8 to 15 June 2020',
    failure: 'one tenant that takes what is everybody’s, and a queue that ends before it is worked off',
    what:
      'One customer sent far more than usual. Search ran out of threads, work piled up, and what had waited for eighteen ' +
      'hours was thrown away. In between a health check that could not see the storage killed everything on the nodes ' +
      'that it looked at, one node after the other.',
    unnoticed:
      '3 h 35 min from the spike to the first alert; that data would be lost was seen when they were, four days later.',
    lead: 'logdna-tenant',
    besides: [
      'Which things moved together was found by eye, after days: asked for a window, Tocsin names them ' +
        '(`test/story/co-movement.test.ts`).',
      'Faults of the storage that damaged indices: seen when the log says so, by the kind `log`.',
    ],
  },
}

/** What each story does, by its file without `.test.ts`. */
export const REPRODUCED: Record<string, string> = {
  'atlas-iam':
    'A real issuer from npm, in a process of its own, is frozen; and then slowed down at one address.',
  'atlas-iam-growth': 'Tokens are inserted into a real PostgreSQL, as fast as the load test did and faster.',
  'cernphone-address':
    'A registry file is read by the monitor and by `tocsin check`, and is then saved with the mistake; and two hosts hold one address.',
  'cernphone-log':
    'Phones register with a real Kamailio and never sign off, until its memory is really full.',
  'cernphone-leak':
    'A process really leaks, is scraped by a real Prometheus, and is restarted as it was then.',
  'cernphone-nobody-reached':
    'A real Kamailio stands still; a real mail server knows the first person no more, and the second one sleeps.',
  'cernphone-sip': 'A real Kamailio is frozen, answers 503, or confirms registrations that it does not keep.',
  'certs-joining':
    'A node behind a real HAProxy goes away, and comes back as a rebuilt xrdp that nobody has configured.',
  'certs-pool': 'Four real xrdp stand behind a real HAProxy, which asks Tocsin by its agent-check.',
  'certs-rdp': 'A real xrdp serves three wrong certificates, one after the other.',
  'gluster-docs':
    'Jobs that are real processes hang on builders that do not answer, beside a real nginx; a week is travelled.',
  'gluster-watcher':
    'A real Tocsin runs out of memory, and then lives on without storing a check, beside `tocsin watch-peer`.',
  'logdna-addtrust':
    'A real nginx sends such a chain under today’s dates, to a real Node.js 8, to GnuTLS and to today’s Node.js.',
  'logdna-certificates':
    'A Tocsin and a probe, two processes, see the same name from two sides; on one of them the chain ends.',
  'logdna-tenant':
    'An intake with eight tenants, in which an hour is a second; one becomes loud, then work stops.',
}

export interface CollectedStory {
  /** The file without `.test.ts`. */
  story: string
  lines: IncidentLine[]
}

/** Why no page can be made of this; null when one can. */
export function whyNot(collected: CollectedStory[]): string | null {
  for (const { story, lines } of collected) {
    if (!Object.hasOwn(REPRODUCED, story)) return `scripts/incidents.ts does not say what ${story} does`
    if (lines.length === 0) return `${story} printed no line; tell one with tellIncident`
  }
  for (const story of Object.keys(REPRODUCED))
    if (!collected.some((one) => one.story === story)) return `there is no story ${story}`
  const told = new Set(collected.flatMap(({ lines }) => lines.map(({ incident }) => incident)))
  const untold = INCIDENTS.filter((name) => !told.has(name))
  return untold.length > 0 ? `no story tells of ${untold.join(', ')}` : null
}

/** The page; `machine` and `day` say where and when it was made. */
export function incidentsPage(
  collected: CollectedStory[],
  { machine, day }: { machine: string; day: string },
): string {
  const problem = whyNot(collected)
  if (problem) throw new Error(problem)
  const rows = collected.flatMap(({ story, lines }) => lines.map((line) => ({ story, line })))
  const parts = INCIDENTS.map((name) => {
    const mine = rows.filter(({ line }) => line.incident === name)
    const { title, when, failure, what, unnoticed, besides } = TOLD[name]
    const stories = [...new Set(mine.map(({ story }) => story))]
    return [
      `## ${title}`,
      `${when}: ${failure}.`,
      what,
      `**Unnoticed then:** ${unnoticed}`,
      stories.map((story) => `- [${story}](../${STORIES}/${story}.test.ts): ${REPRODUCED[story]}`).join('\n'),
      table(mine.map(({ line }) => line)),
      `Besides:\n\n${besides.map((point) => `- ${point}`).join('\n')}`,
    ].join('\n\n')
  })
  const overview = INCIDENTS.map((name) => {
    const mine = rows.filter(({ line }) => line.incident === name)
    const bad = (mine.find(({ story }) => story === TOLD[name].lead) ?? mine[0]!).line
    return `| [${TOLD[name].title}](#${anchorOf(TOLD[name].title)}) | ${cell(TOLD[name].unnoticed)} | ${cell(bad.failure)} | \`${bad.reason}\` | ${after(bad.seconds)} |`
  })
  return `# The seven incidents

Tocsin is measured by seven incidents that happened elsewhere and whose accounts are public. Each is brought about again
by tests that break real software on one machine, and Tocsin has to say what is wrong. This page is written by
\`${COMMAND}\`, which runs the tests and takes the figures from what they print; it was made on ${day}, with ${machine}.

Checks are made every second or two in these stories, so that the tests are short. With an interval of a minute most of
the times below become a minute or two; where time is travelled, they are what they would be. What the figures do not
say is how long people need after that.

| Incident | Nobody knew for | Brought about again | Tocsin says | After |
|---|---|---|---|---|
${overview.join('\n')}

${parts.join('\n\n')}
`
}

function table(lines: IncidentLine[]): string {
  const rows = lines.map(({ failure, software, verdict, reason, seconds, note }) => {
    const last = note ? `${after(seconds)}; ${note}` : after(seconds)
    return `| ${[failure, software, verdict, `\`${reason}\``, last].map(cell).join(' | ')} |`
  })
  return `| Failure | Real software | Verdict | Reason | From fault to verdict |\n|---|---|---|---|---|\n${rows.join('\n')}`
}

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim()

/** `1.2 s`, `1 h`, `1 d 3 h`. */
export function after(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`
  const minutes = Math.round(seconds / 60)
  const parts = [
    [Math.floor(minutes / 1_440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const
  return parts
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')
}

/** As a Markdown renderer makes the address of a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-')
}
