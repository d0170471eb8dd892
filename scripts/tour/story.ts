import type { Alert } from '../../src/contract/alerts.ts'
import type { Incident, TimelineEntry } from '../../src/contract/incidents.ts'
import type { Monitor } from '../../src/contract/monitors.ts'
import type { Action, Postmortem, PostmortemDetail } from '../../src/contract/postmortems.ts'
import type { DrillRun } from '../../src/contract/proofs.ts'
import type { Mail } from '../../test/harness/smtp.ts'
import { tourConfiguration } from './configuration.ts'
import type { Stage } from './stage.ts'
import type { Teller } from './tell.ts'

interface List<Item> {
  items: Item[]
}

/** What is used of Statuspage's summary. */
interface StatusSummary {
  status: { indicator: string; description: string }
  incidents: unknown[]
}

/** Which turn of the story to leave out, to see that the tour notices. */
export type Skip = 'fault' | 'repair' | 'sabotage' | null

const MONITOR = 'docs-certificate'

function linkIn(mail: Mail, kind: 'verify' | 'ack'): string {
  const link = new RegExp(`https?://[^\\s"<>]+/${kind}/[A-Za-z0-9_.-]+`).exec(mail.text)?.[0]
  if (!link) throw new Error(`the mail "${mail.subject}" has no ${kind} link:\n${mail.text}`)
  return link
}

async function press(link: string): Promise<string> {
  const page = await (await fetch(link)).text()
  if (!page.includes('<button')) throw new Error(`${link} shows no button:\n${page}`)
  const answer = await fetch(link, { method: 'POST', headers: { origin: new URL(link).origin } })
  if (!answer.ok) throw new Error(`${link} answered ${answer.status}: ${await answer.text()}`)
  return answer.text()
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`this should hold and does not: ${what}`)
}

/** Plays the story; throws where it does not go as it must. */
export async function playStory(stage: Stage, tell: Teller, skip: Skip): Promise<void> {
  const { tocsin, nginx, smtp } = stage
  const monitor = () =>
    tocsin
      .api<List<Monitor>>('GET', '/api/v1/monitors')
      .then(({ items }) => items.find((m) => m.id === MONITOR))
  const waitForMonitor = (state: string, ms: number) =>
    tocsin.until(`the monitor says ${state}`, ms, async () => {
      const now = await monitor()
      return now?.state === state ? now : null
    })
  const alerts = () => tocsin.api<List<Alert>>('GET', '/api/v1/alerts').then(({ items }) => items)
  const action = (id: string) => tocsin.api<Action>('GET', `/api/v1/actions/${id}`)

  tell.chapter('All is well')
  for (const who of ['ana', 'bo']) {
    const mail = await smtp.waitFor(`verification for ${who}`, (m) => m.to === `${who}@lab.example`, 15_000)
    await press(linkIn(mail, 'verify'))
    tell.say(`${who} has confirmed the address ${mail.to}: only verified contacts count`)
  }
  const healthy = await waitForMonitor('up', 15_000)
  tell.say(`${MONITOR} is up: ${healthy.summary}`)

  tell.chapter('The certificate goes bad')
  if (skip !== 'fault') await nginx.serve(stage.expired)
  tell.reached('fault', 'nginx serves a certificate whose time is over')
  const down = await waitForMonitor('down', 20_000)
  check(down.reason === 'certificate.expired', `the reason is certificate.expired, not ${down.reason}`)
  tell.reached('verdict', `${MONITOR} is down: ${down.summary}`)
  const alert = await tocsin.until('an open alert', 10_000, async () =>
    (await alerts()).find((a) => a.monitorId === MONITOR && a.state === 'open'),
  )
  const isPage = (to: string) => (m: Mail) => m.to === `${to}@lab.example` && /\/ack\//.test(m.text)
  const toAna = await smtp.waitFor('a page for ana, who is on call', isPage('ana'), 15_000)
  tell.reached('page', `ana, who is on call, is mailed: "${toAna.subject}"`)
  tell.say('ana does not answer')
  const toBo = await smtp.waitFor('a page for bo, the next step', isPage('bo'), 30_000)
  tell.reached('next page', 'nobody acknowledged, so bo is mailed')
  const link = linkIn(toBo, 'ack')
  await fetch(link)
  const unmoved = (await alerts()).find((a) => a.id === alert.id)
  check(unmoved?.state === 'open', 'opening the link alone acknowledges nothing (link scanners do that)')
  await press(link)
  const taken = await tocsin.until('the alert is acknowledged', 10_000, async () =>
    (await alerts()).find((a) => a.id === alert.id && a.state === 'acknowledged'),
  )
  tell.reached('acknowledged', `bo pressed the button (via ${taken.acknowledgedVia})`)

  tell.chapter('The incident writes itself')
  const incident = await tocsin.until('an open incident', 10_000, async () =>
    (await tocsin.api<List<Incident>>('GET', '/api/v1/incidents')).items.find((i) =>
      i.alertIds.includes(alert.id),
    ),
  )
  tell.say(`${incident.severity} "${incident.title}" was declared by rule`)
  const summary = await tocsin.until('the status page says so', 15_000, async () => {
    const page = (await (await fetch(`${tocsin.url}/api/v2/summary.json`)).json()) as StatusSummary
    return page.status?.indicator !== 'none' && page.incidents.length > 0 ? page : null
  })
  const html = await (await fetch(`${tocsin.url}/status/`)).text()
  check(
    html.includes('Documentation') && !html.includes(MONITOR),
    'the page names the service and no internals',
  )
  check(!/<script/i.test(html), 'the status page has no JavaScript')
  tell.reached('public', `the status page says "${summary.status.description}"`)

  tell.chapter('The repair')
  if (skip !== 'repair') await nginx.serve(stage.good)
  tell.say('a good certificate is in place again')
  const up = await waitForMonitor('up', 20_000)
  tell.reached('repair noticed', `${MONITOR} is up: ${up.summary}`)
  const resolved = await tocsin.until('the incident is resolved', 30_000, async () => {
    const now = await tocsin.api<Incident>('GET', `/api/v1/incidents/${incident.id}`)
    return now.state === 'resolved' ? now : null
  })
  tell.reached('resolved', 'believed resolved, watched for a while, resolved')
  for (const { name, ms, formula } of resolved.metrics)
    tell.say(`${name} = ${ms === null ? 'not recorded' : `${(ms / 1000).toFixed(1)} s`}   (${formula})`)
  const timeline = await tocsin.api<List<TimelineEntry>>('GET', `/api/v1/incidents/${incident.id}/timeline`)
  check(timeline.items.length >= 6, 'the timeline tells what happened')
  tell.say(`its timeline has ${timeline.items.length} entries, none of them typed by hand`)

  tell.chapter('The lesson')
  const postmortem = await tocsin.until('a post-mortem draft', 15_000, async () =>
    (await tocsin.api<List<Postmortem>>('GET', '/api/v1/postmortems')).items.find(
      (p) => p.incidentId === incident.id,
    ),
  )
  const draft = await tocsin.api<PostmortemDetail>('GET', `/api/v1/postmortems/${postmortem.id}`)
  check(/## Timeline/.test(draft.body) && /## Detection/.test(draft.body), 'the draft has its sections')
  tell.reached('draft', `a draft lies ready: "${draft.title}"`)
  const created = await tocsin.api<Action>('POST', `/api/v1/postmortems/${postmortem.id}/actions`, {
    title: 'A bad certificate is noticed before users notice',
    type: 'detect',
    owner: 'bo',
    dueAt: null,
    criterion: `Every certificate fault played against ${MONITOR} is caught.`,
    drillId: 'docs-certificate-faults',
  })
  tell.say(`action: "${created.title}" — proof: ${created.criterion}`)
  await tocsin.api('POST', `/api/v1/actions/${created.id}/claim`)
  tell.say('bo claims that it is done; a drill decides')
  const proved = await tocsin.until('the action is proved', 60_000, async () => {
    const now = await action(created.id)
    check(now.state !== 'refuted', `the drill refuted the action: ${now.reason}`)
    return now.state === 'proved' ? now : null
  })
  const evidence = await tocsin.api<DrillRun>('GET', `/api/v1/drill-runs/${proved.provedByRunId}`)
  check(evidence.caught.length >= 6 && evidence.missed.length === 0, 'the drill caught every fault')
  tell.reached('proof', `proved: ${evidence.caught.length} of ${evidence.caught.length} faults were caught`)
  const route = await tocsin.api<DrillRun>('POST', '/api/v1/drills/docs-route/run')
  const routed = await tocsin.until('the drill of the route has run', 60_000, async () => {
    const run = await tocsin.api<DrillRun>('GET', `/api/v1/drill-runs/${route.id}`)
    return ['queued', 'running'].includes(run.state) ? null : run
  })
  check(routed.state === 'passed', `the right person would be paged: ${routed.reason}`)
  tell.say(`end to end in virtual time: ${routed.reason}`)

  tell.chapter('The sabotage')
  if (skip !== 'sabotage') tocsin.reload(tourConfiguration(stage.place, 'any'))
  tell.reached('sabotage', 'somebody changes the monitor so that it accepts any certificate')
  const reopened = await tocsin.until('the action is open again', 90_000, async () => {
    const now = await action(created.id)
    return now.state === 'open' ? now : null
  })
  const [newest] = (await tocsin.api<List<DrillRun>>('GET', '/api/v1/drills/docs-certificate-faults/runs'))
    .items
  check((newest?.missed.length ?? 0) >= 5, 'the drill names the faults that are missed now')
  tell.reached(
    're-opened',
    `the next drill missed ${newest!.missed.length} faults: ${newest!.missed.join(', ')}`,
  )
  tell.say(`the action is open again: ${reopened.reason}`)
  const warning = await tocsin.until('an alert says so', 10_000, async () =>
    (await alerts()).find((a) => a.source === 'proof' && a.state !== 'resolved'),
  )
  const quiet = (await (await fetch(`${tocsin.url}/api/v2/summary.json`)).json()) as StatusSummary
  check(quiet.status.indicator === 'none', 'a lost proof is no trouble of the public')
  tell.reached('alert', `an alert says so: "${warning.title}"`)
}
