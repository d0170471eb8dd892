import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { configurationSchema, emptyConfiguration, readConfiguration } from './configuration.ts'
import { nearest } from './explain-issue.ts'

const folder = mkdtempSync(join(tmpdir(), 'tocsin-configuration-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string, env: Record<string, string> = {}) => readConfiguration(text, { env, folder })

function problemsOf(text: string, env?: Record<string, string>): string[] {
  const result = read(text, env)
  assert.ok(!result.ok, 'it should have been refused')
  return result.problems.map((p) => `${p.line}:${p.column} ${p.path}: ${p.message} | ${p.remedy}`)
}

const WELL = `
mail: { host: mail.lab.example, port: 25, from: tocsin@lab.example }
people: { ana: { email: ana@lab.example } }
teams: { web: { members: [ana], schedule: week, policy: usual } }
services: { docs: { name: Documentation, owner: web, audience: public } }
oncall: { week: { rotation: weekly, from: 2026-01-05T09:00, timezone: Europe/Paris, order: [ana] } }
policies: { usual: { steps: [{ notify: [{ schedule: week }], wait: 5m }], lastResort: { people: [ana] } } }
monitors:
  docs-certificate: { service: docs, type: tls, target: docs.lab.example:443, every: 60s, expect: { name: docs.lab.example } }
drills: { routes: { kind: end-to-end, monitor: docs-certificate, expect: { paged: ana, within: 5m } } }
`

describe('reading a configuration', () => {
  it('takes a whole file, with durations as milliseconds', () => {
    const result = read(WELL)
    assert.ok(result.ok, JSON.stringify(result))
    assert.equal(result.value.monitors['docs-certificate']?.every, 60_000)
    assert.equal(result.value.policies.usual?.steps[0]?.wait, 300_000)
  })

  it('takes an empty file', () => {
    assert.deepEqual(read(''), { ok: true, value: emptyConfiguration() })
  })

  it('tells every problem at once, in the order of the file, with line, path and remedy', () => {
    const text = WELL.replace('type: tls', 'type: tsl')
      .replace('audience: public', 'audiense: public')
      .replace('wait: 5m', 'wait: soon')
    assert.deepEqual(problemsOf(text), [
      '5:54 services.docs.audiense: the key "audiense" is not known here | Did you mean "audience"?',
      '7:62 policies.usual.steps.0.wait: must be a duration such as 5m | Change "soon".',
      '9:38 monitors.docs-certificate.type: "tsl" is not a known type | Did you mean "tls"?',
    ])
  })

  it('finds what one section says of another and is not so', () => {
    const text = WELL.replace('owner: web', 'owner: wed')
      .replace('order: [ana]', 'order: [ann]')
      .replace('service: docs', 'service: dogs')
    const found = problemsOf(text)
    assert.equal(found.length, 3)
    assert.equal(found[0], '5:42 services.docs.owner: there is no team "wed" | Did you mean "web"?')
    assert.match(found[1]!, /^6:\d+ oncall\.week\.order\.0: there is no person "ann" /)
    assert.match(
      found[2]!,
      /^9:\d+ monitors\.docs-certificate\.service: there is no service "dogs" \| Did you mean "docs"\?/,
    )
  })

  it('says where the YAML itself breaks', () => {
    const [problem] = problemsOf('services:\n  docs: { name: Documentation\nteams: {}\n')
    assert.match(problem!, /^3:1 : this is not YAML: /)
  })

  it('refuses a key that is given twice', () => {
    assert.match(
      problemsOf('services: {}\nservices: {}\n')[0]!,
      /^2:1 : this is not YAML: Map keys must be unique/,
    )
  })
})

describe('secrets', () => {
  const mail = (password: string) => `mail: { host: m.example, from: t@m.example, user: t, ${password} }`

  it('come from the environment and from files', () => {
    writeFileSync(join(folder, 'password'), 'from-a-file\n')
    const fromEnv = read(mail('password: "${MAIL_PASSWORD}"'), { MAIL_PASSWORD: 'from-env' })
    assert.ok(fromEnv.ok && fromEnv.value.mail?.password === 'from-env')
    const fromFile = read(mail('password_FILE: password'))
    assert.ok(fromFile.ok && fromFile.value.mail?.password === 'from-a-file')
    const escaped = read(mail('password: "$${NOT_A_NAME}"'))
    assert.ok(escaped.ok && escaped.value.mail?.password === '${NOT_A_NAME}')
  })

  it('that are missing are named with their place, and never guessed', () => {
    assert.deepEqual(problemsOf(mail('password: "${MAIL_PASSWORD}"')), [
      '1:54 mail.password: the environment has no variable "MAIL_PASSWORD" | Set MAIL_PASSWORD before the start, or write $${MAIL_PASSWORD} if you mean the text itself.',
    ])
    assert.match(
      problemsOf(mail('password_FILE: nowhere'))[0]!,
      /mail\.password_FILE: the file "nowhere" cannot be read/,
    )
  })
})

describe('the schema for editors', () => {
  it('knows every section', () => {
    const schema = configurationSchema() as {
      properties: Record<string, unknown>
      additionalProperties: unknown
    }
    for (const section of [
      'services',
      'teams',
      'people',
      'monitors',
      'oncall',
      'policies',
      'incidents',
      'statusPage',
      'drills',
      'mail',
    ])
      assert.ok(schema.properties[section], section)
    assert.equal(schema.additionalProperties, false)
  })
})

describe('the nearest known word', () => {
  it('is offered when it is near enough, and not otherwise', () => {
    assert.equal(nearest('targt', ['target', 'timeout']), 'target')
    assert.equal(nearest('zzz', ['target', 'timeout']), null)
  })
})

describe('cases of one’s own', () => {
  const disk = (change = '') => `${WELL}
cases:
  disk-fills:
    title: The disk fills
    what: A disk filled in the night.
    lesson: Watch the disk.
    classes: [resource.leak]
    services: [docs]
    values: { url: { title: Metrics, example: "http://db.lab.example:9100/metrics" } }
    monitors:
      disk: { because: It sees the disk., sees: [metric-limit-soon], settings: { type: metric, from: scrape, url: "{url}", metric: free, forecast: { limit: 5 } } }
${change}`
  it('are taken', () => {
    const result = read(disk())
    assert.ok(result.ok, JSON.stringify(result))
    assert.deepEqual(result.value.cases['disk-fills']?.drill, { within: '15m', every: '7d' })
  })
  it('are refused with their place: settings, faults, services and drills that name none', () => {
    const places = (text: string) => problemsOf(text).map((problem) => problem.split(' ')[1])
    assert.deepEqual(places(disk().replace('metric: free,', 'metric: "{",')), [
      'cases.disk-fills.monitors.disk.settings.metric:',
    ])
    assert.deepEqual(places(disk().replace('metric-limit-soon', 'sip-not-bound')), [
      'cases.disk-fills.monitors.disk.sees.0:',
    ])
    assert.deepEqual(places(disk().replace('services: [docs]', 'services: [dogs]')), [
      'cases.disk-fills.services.0:',
    ])
    assert.deepEqual(places(disk().replace('disk-fills:', 'loud-tenant:')), ['cases.loud-tenant:'])
    const drill = 'drills: { d: { kind: case, monitor: docs-certificate, case: disk-full } }'
    assert.deepEqual(places(disk().replace(/drills: .*/, drill)), ['drills.d.case:'])
    assert.ok(read(disk().replace(/drills: .*/, drill.replace('disk-full', 'disk-fills'))).ok)
  })
  it('so is what no service has', () => {
    const [problem] = problemsOf(WELL.replace('audience: public', 'has: [gremlins]'))
    assert.match(problem!, /services\.docs\.has\.0/)
  })
})
