/**
 * CERNphone, July 2024: somebody saw the fault at midnight, and nobody on the list could be reached until the morning; one
 * of them should not have stood there any more. Here a real Kamailio stands still, a real mail server knows the first
 * person no more, the second one sleeps, and the third is reached.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellIncident } from '../../harness/incident-line.ts'
import { startKamailio } from '../../harness/kamailio.ts'
import { needs } from '../../harness/needs.ts'
import { freePort } from '../../harness/ports.ts'
import { type Mail, startSmtp } from '../../harness/smtp.ts'
import { startTocsin } from '../../harness/tocsin.ts'
import { packageVersionOf, versionOf } from '../../harness/versions.ts'

const PEOPLE = ['left', 'asleep', 'awake']
const WAIT = 10

function linkIn(mail: Mail, kind: 'verify' | 'ack'): string {
  const link = new RegExp(`https?://[^\\s"<>]+/${kind}/[A-Za-z0-9_.-]+`).exec(mail.text)?.[0]
  assert.ok(link, mail.text)
  return link
}

async function press(link: string): Promise<void> {
  const answer = await fetch(link, { method: 'POST', headers: { origin: new URL(link).origin } })
  assert.ok(answer.ok, `${link} answered ${answer.status}`)
}

test(
  'whoever left and whoever sleeps is passed over, until somebody acknowledges',
  needs('kamailio'),
  async (t) => {
    const kamailio = await startKamailio({ domain: 'pbx.example.org' })
    t.after(() => kamailio.stop())
    const smtp = await startSmtp()
    t.after(() => smtp.stop())
    const port = await freePort()
    const tocsin = await startTocsin({
      port,
      config: `
publicUrl: http://127.0.0.1:${port}
mail: { host: 127.0.0.1, port: ${smtp.port}, from: tocsin@lab.example }
people:
${PEOPLE.map((who) => `  ${who}: { name: ${who}, email: ${who}@lab.example, role: responder }`).join('\n')}
teams: { voice: { members: [${PEOPLE.join(', ')}], policy: usual } }
services: { phones: { name: Telephony, owner: voice } }
policies:
  usual:
    default: true
    steps:
      - { notify: [{ person: left }], wait: 5m }
      - { notify: [{ person: asleep }], wait: ${WAIT}s }
      - { notify: [{ person: awake }], wait: 5m }
    lastResort: { people: [awake] }
monitors:
  phones: { service: phones, type: sip, target: "127.0.0.1:${kamailio.port}", every: 1s, confirm: 1, timeout: 900ms }
`,
    })
    const pageTo = (who: string) =>
      smtp.waitFor(
        `a page for ${who}`,
        (mail) => mail.to === `${who}@lab.example` && /\/ack\//.test(mail.text),
        30_000,
      )
    t.after(() => tocsin.stop())
    for (const who of PEOPLE)
      await press(
        linkIn(
          await smtp.waitFor(`a link for ${who}`, (mail) => mail.to === `${who}@lab.example`, 20_000),
          'verify',
        ),
      )
    await tocsin.until('the front end is well', 20_000, async () => {
      const { state } = await tocsin.api<{ state: string }>('GET', '/api/v1/monitors/phones')
      return state === 'up'
    })
    // Whoever has left has no mailbox any more, and still stands on the list.
    smtp.gone.add('left@lab.example')
    const fault = Date.now()
    kamailio.freeze()
    const second = await pageTo('asleep')
    const third = await pageTo('awake')
    assert.ok(third.at - second.at >= (WAIT - 1) * 1_000, 'nobody had time to answer')
    assert.ok(!smtp.mails.some((mail) => mail.to === 'left@lab.example' && /\/ack\//.test(mail.text)))
    await press(linkIn(third, 'ack'))
    const [alert] = (
      await tocsin.api<{ items: { state: string; acknowledgedBy: string | null }[] }>('GET', '/api/v1/alerts')
    ).items
    assert.deepEqual([alert?.state, alert?.acknowledgedBy], ['acknowledged', 'awake'])
    const told = { incident: 'cernphone-registration', verdict: 'paged', reason: 'sip.no-answer' } as const
    const software = `${versionOf('kamailio')}, ${packageVersionOf('smtp-server')}`
    tellIncident(t, {
      ...told,
      software,
      failure: 'Kamailio stands still, and the mailbox of the first person is gone',
      seconds: (second.at - fault) / 1_000,
      note: 'the second person is written to at once, and not after the five minutes of the first',
    })
    tellIncident(t, {
      ...told,
      software,
      failure: 'and the second person sleeps',
      seconds: (third.at - fault) / 1_000,
      note: `the third is written to after the ${WAIT} s that the second had, and acknowledges`,
    })
  },
)
