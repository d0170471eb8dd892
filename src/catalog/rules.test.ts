import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkReferences, type KnownThings } from './catalog-references.rules.ts'
import { catalogConfig } from './config.ts'
import { dependentsOf } from './dependency.rules.ts'
import { judgePassword } from './password.rules.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { judgeSession, SESSION_IDLE, SESSION_LONGEST, SESSION_TOUCH } from './session.rules.ts'
import { admitSignIn, FAILURE_LIMITS, FAILURE_WINDOW } from './sign-in.rules.ts'
import { placeOf } from './sign-in-limit.ts'

const NOBODY: KnownThings = {
  ...{ services: new Set(), teams: new Set(), people: new Set(), emails: new Map() },
  ...{ policies: null, schedules: null },
}

test('a session is open until it ended, expired, idled out or its person was disabled', () => {
  const now = 10 * SESSION_LONGEST
  const session = { lastSeenAt: now - 1, expiresAt: now + 1, endedAt: null }
  const reason = (more: Partial<typeof session> | { endedAt: number }, disabled = false) =>
    judgeSession({ ...session, ...more }, disabled, now).reason
  assert.equal(reason({}), 'open')
  assert.equal(reason({ endedAt: now - 5 }), 'ended')
  assert.equal(reason({}, true), 'person-disabled')
  assert.equal(reason({ expiresAt: now }), 'expired')
  assert.equal(reason({ lastSeenAt: now - SESSION_IDLE }), 'idle')
  assert.equal(reason({ lastSeenAt: now - SESSION_IDLE + 1 }), 'open')
  assert.equal(judgeSession({ ...session, lastSeenAt: now - SESSION_TOUCH }, false, now).touch, true)
  assert.equal(judgeSession({ ...session, lastSeenAt: now - SESSION_TOUCH + 1 }, false, now).touch, false)
})

test('sign-in is admitted below each limit and says when to come back above it', () => {
  const none = { count: 0, oldest: null }
  const now = 1_000_000_000
  const admit = (more: object) => admitSignIn({ pair: none, ip: none, account: none, ...more }, now)
  assert.deepEqual(admit({}), { admitted: true, reason: 'admitted', retryAfterMs: 0 })
  for (const [key, reason] of [
    ['pair', 'account-from-here'],
    ['ip', 'too-many-from-here'],
    ['account', 'account-under-attack'],
  ] as const) {
    assert.equal(admit({ [key]: { count: FAILURE_LIMITS[key] - 1, oldest: now } }).admitted, true)
    assert.deepEqual(admit({ [key]: { count: FAILURE_LIMITS[key], oldest: now - 60_000 } }), {
      admitted: false,
      reason,
      retryAfterMs: FAILURE_WINDOW - 60_000,
    })
  }
})

test('a place is an IPv4 address or an IPv6 network', () => {
  assert.equal(placeOf('192.0.2.7'), '192.0.2.7')
  assert.equal(placeOf('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(placeOf('2001:db8:1:2:3:4:5:6'), placeOf('2001:db8:1:2::9'))
  assert.notEqual(placeOf('2001:db8:1:2::9'), placeOf('2001:db8:1:3::9'))
})

test('a password needs length, not punctuation', () => {
  const ana = { name: 'Ana Maria Lopez', email: 'ana.lopez@example.org' }
  assert.equal(judgePassword('correct horse', ana), 'acceptable')
  assert.equal(judgePassword('eleven char', ana), 'too-short')
  assert.equal(judgePassword('x'.repeat(513), ana), 'too-long')
  assert.equal(judgePassword('aaaaaaaaaaaaaaaa', ana), 'one-character')
  assert.equal(judgePassword('abcabcabcabcabc', ana), 'one-character')
  assert.equal(judgePassword('Ana.Lopez@example.org', ana), 'name-or-address')
  assert.equal(judgePassword('ana maria lopez', ana), 'name-or-address')
  assert.equal(judgePassword('🔔🔔🔔🔔🔔🔔🔔🔔🔔🔔🔔', ana), 'too-short')
})

test('a password is kept as argon2id with the recommended cost, and found again', async () => {
  const hash = await hashPassword('correct horse battery')
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(await hashPassword('correct horse battery'), hash)
  assert.deepEqual(await verifyPassword('correct horse battery', hash), { right: true, outdated: false })
  assert.equal((await verifyPassword('correct horse batterz', hash)).right, false)
  assert.equal((await verifyPassword('correct horse battery', null)).right, false)
  // Composed and decomposed letters look the same and are typed by different keyboards.
  const accented = await hashPassword('caf\u00e9 au lait s’il vous')
  assert.equal((await verifyPassword('cafe\u0301 au lait s’il vous', accented)).right, true)
})

test('a hash made elsewhere with another cost is verified by its own and known as outdated', async () => {
  // Made with the reference implementation: argon2 "somesalt" -id -t 2 -m 16 -p 1, password "password".
  const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  assert.deepEqual(await verifyPassword('password', reference), { right: true, outdated: true })
  assert.equal((await verifyPassword('Password', reference)).right, false)
})

test('what stands still with a service is found through every path, cycles included', () => {
  const edges = [
    { serviceId: 'docs', dependsOn: 'proxy' },
    { serviceId: 'shop', dependsOn: 'proxy' },
    { serviceId: 'mobile', dependsOn: 'shop' },
    { serviceId: 'proxy', dependsOn: 'mobile' },
  ]
  assert.deepEqual(dependentsOf(edges, 'proxy'), [
    { serviceId: 'docs', distance: 1 },
    { serviceId: 'shop', distance: 1 },
    { serviceId: 'mobile', distance: 2 },
  ])
  assert.deepEqual(dependentsOf(edges, 'docs'), [])
})

test('the distance to a dependent is one more than to the nearest of what it depends on', () => {
  const id = fc.integer({ min: 0, max: 9 }).map(String)
  fc.assert(
    fc.property(
      fc.array(fc.record({ serviceId: id, dependsOn: id }), { maxLength: 40 }),
      id,
      (edges, start) => {
        const found = new Map(dependentsOf(edges, start).map((d) => [d.serviceId, d.distance]))
        assert.equal(found.has(start), false)
        const distance = (service: string) => (service === start ? 0 : (found.get(service) ?? Infinity))
        for (let i = 0; i < 10; i++) {
          const service = String(i)
          if (service === start) continue
          const targets = edges
            .filter((edge) => edge.serviceId === service)
            .map((edge) => distance(edge.dependsOn))
          assert.equal(distance(service), Math.min(Infinity, ...targets) + 1)
        }
      },
    ),
  )
})

test('every reference that leads nowhere is named at once, with place and remedy', () => {
  const section = catalogConfig.parse({
    services: { docs: { owner: 'web', dependsOn: ['proxy', 'docs'], policy: 'loud' } },
    teams: { ops: { members: ['ana', 'zoe'], schedule: 'week' } },
    people: {
      ana: { email: 'ana@example.org' },
      bo: { email: 'Ana@Example.org' },
      cy: { email: 'taken@example.org' },
    },
  })
  const known = {
    ...NOBODY,
    policies: new Set<string>(),
    schedules: new Set<string>(),
    emails: new Map([['taken@example.org', 'dan']]),
  }
  const problems = checkReferences(section, known)
  assert.deepEqual(
    problems.map(({ path, message }) => `${path}: ${message}`),
    [
      'services.docs.owner: there is no team "web"',
      'services.docs.policy: there is no policy "loud"',
      'services.docs.dependsOn.0: there is no service "proxy"',
      'services.docs.dependsOn.1: a service cannot depend on itself',
      'teams.ops.schedule: there is no schedule "week"',
      'teams.ops.members.1: there is no person "zoe"',
      'people.bo.email: ana has this address too',
      'people.cy.email: dan has this address too',
    ],
  )
  for (const { remedy } of problems) assert.ok(remedy)
})

test('what was made by hand counts, and other sections are not guessed at', () => {
  const section = catalogConfig.parse({
    services: { docs: { owner: 'web', dependsOn: ['proxy'], policy: 'any' } },
    teams: { ops: { members: ['zoe'], schedule: 'any' } },
    people: { dan: { email: 'taken@example.org' } },
  })
  const known = { ...NOBODY, services: new Set(['proxy']), teams: new Set(['web']), people: new Set(['zoe']) }
  assert.deepEqual(
    checkReferences(section, { ...known, emails: new Map([['taken@example.org', 'dan']]) }),
    [],
  )
})

test('the sections refuse unknown keys, hidden characters, long names and false zones', () => {
  const bad: unknown[] = [
    { services: { docs: { owners: 'web' } } },
    { services: { Docs: {} } },
    { services: { docs: { name: 'Docs\u202egnp' } } },
    { services: { docs: { name: 'x'.repeat(121) } } },
    { services: { docs: { name: 'two\nlines' } } },
    { services: { docs: { audience: 'everybody' } } },
    { people: { ana: {} } },
    { people: { ana: { email: 'ana@example.org', role: 'root' } } },
    { people: { ana: { email: 'ana@example.org', timezone: 'Mars/Olympus' } } },
    { people: { ana: { email: 'ana@example.org', password: 'x' } } },
    { people: { ana: { email: 'ana@example.org', contacts: [{ kind: 'slack' }] } } },
    { teams: { web: { members: 'ana' } } },
    { team: {} },
  ]
  for (const section of bad)
    assert.equal(catalogConfig.safeParse(section).success, false, JSON.stringify(section))
  assert.equal(catalogConfig.parse({ services: { docs: { name: '  Docs ' } } }).services.docs!.name, 'Docs')
})
