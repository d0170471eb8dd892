import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { signOut } from '../catalog/index.ts'
import type { Role } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import { type Desk, openDesk, PUBLIC_URL } from './desk-for-tests.ts'

/**
 * Who may use what, written down a second time on purpose: a route that changes its door must change this table
 * too, and a route without a line fails. `anyone` includes strangers.
 */
const ACCESS: Record<string, 'anyone' | 'who has its key' | Role> = {
  'GET /api/v1/me': 'viewer',
  'POST /api/v1/sign-in': 'anyone',
  'POST /api/v1/sign-out': 'viewer',
  'GET /api/v1/setup': 'anyone',
  'POST /api/v1/setup': 'anyone',
  'POST /api/v1/invitation': 'anyone',
  'GET /api/v1/events': 'viewer',
  'GET /api/v1/overview': 'viewer',
  'GET /api/v1/audit': 'administrator',
  'GET /api/v1/services': 'viewer',
  'GET /api/v1/teams': 'viewer',
  'GET /api/v1/people': 'viewer',
  'POST /api/v1/people': 'administrator',
  'PATCH /api/v1/people/:id': 'administrator',
  'POST /api/v1/people/:id/invite': 'administrator',
  'POST /api/v1/me/password': 'viewer',
  'POST /api/v1/people/:id/contacts': 'responder',
  'POST /api/v1/contacts/:id/send-verification': 'responder',
  'DELETE /api/v1/contacts/:id': 'responder',
  'GET /api/v1/channel-kinds': 'viewer',
  'GET /api/v1/tokens': 'administrator',
  'POST /api/v1/tokens': 'administrator',
  'DELETE /api/v1/tokens/:id': 'administrator',
  'GET /api/v1/monitors': 'viewer',
  'GET /api/v1/monitors/:id': 'viewer',
  'POST /api/v1/monitors': 'editor',
  'PUT /api/v1/monitors/:id': 'editor',
  'DELETE /api/v1/monitors/:id': 'editor',
  'POST /api/v1/monitors/try': 'editor',
  'GET /api/v1/monitors/:id/history': 'viewer',
  'GET /api/v1/monitors/:id/screenshot': 'responder',
  'GET /api/v1/monitor-counts': 'viewer',
  'GET /api/v1/monitors/:id/runs': 'viewer',
  'GET /api/v1/certificates': 'viewer',
  'GET /api/v1/monitors/:id/renewals': 'viewer',
  'GET /api/v1/monitor-kinds': 'viewer',
  'POST /api/v1/write': 'responder',
  'GET /api/v1/metrics/co-movement': 'responder',
  'GET /api/v1/pools': 'viewer',
  'GET /api/v1/pools/:id': 'viewer',
  'GET /api/v1/maintenance': 'viewer',
  'POST /api/v1/maintenance': 'responder',
  'DELETE /api/v1/maintenance/:id': 'responder',
  'GET /api/v1/alerts': 'viewer',
  'GET /api/v1/alerts/:id': 'viewer',
  'POST /api/v1/alerts/:id/acknowledge': 'responder',
  'POST /api/v1/alerts/:id/resolve': 'responder',
  'GET /api/v1/silences': 'viewer',
  'POST /api/v1/silences': 'responder',
  'DELETE /api/v1/silences/:id': 'responder',
  'GET /api/v1/pages': 'viewer',
  'GET /api/v1/schedules': 'viewer',
  'GET /api/v1/schedules/:id/shifts': 'viewer',
  'GET /api/v1/overrides': 'viewer',
  'POST /api/v1/overrides': 'responder',
  'DELETE /api/v1/overrides/:id': 'responder',
  'GET /api/v1/policies': 'viewer',
  'GET /api/v1/coverage': 'viewer',
  'GET /api/v1/incidents': 'viewer',
  'GET /api/v1/incidents/:id': 'viewer',
  'POST /api/v1/incidents': 'responder',
  'PATCH /api/v1/incidents/:id': 'responder',
  'PUT /api/v1/incidents/:id/roles/:role': 'responder',
  'GET /api/v1/incidents/:id/timeline': 'viewer',
  'POST /api/v1/incidents/:id/timeline': 'responder',
  'GET /api/v1/incidents/:id/updates': 'viewer',
  'POST /api/v1/incidents/:id/updates': 'responder',
  'GET /api/v1/search': 'viewer',
  'GET /api/v1/learning/words': 'viewer',
  'GET /api/v1/learning/records/:id': 'viewer',
  'PUT /api/v1/learning/records/:id': 'responder',
  'GET /api/v1/learning/records/:id/similar': 'viewer',
  'GET /api/v1/learning/recurrence': 'viewer',
  'GET /api/v1/learning/times': 'viewer',
  'GET /api/v1/postmortems': 'viewer',
  'GET /api/v1/postmortems/:id': 'viewer',
  'POST /api/v1/incidents/:id/postmortem': 'responder',
  'PUT /api/v1/postmortems/:id': 'responder',
  'POST /api/v1/postmortems/:id/state': 'responder',
  'POST /api/v1/postmortems/import': 'responder',
  'GET /api/v1/postmortems/:id/source': 'viewer',
  'GET /api/v1/postmortems/:id/markdown': 'viewer',
  'GET /api/v1/postmortems/:id/html': 'viewer',
  'GET /api/v1/postmortems/:id/pdf': 'viewer',
  'GET /api/v1/postmortems/:id/json': 'viewer',
  'GET /api/v1/postmortems/:id/publication': 'viewer',
  'POST /api/v1/postmortems/:id/publication/preview': 'editor',
  'POST /api/v1/postmortems/:id/publication': 'editor',
  'DELETE /api/v1/postmortems/:id/publication': 'editor',
  'GET /api/v1/postmortems/:id/review': 'viewer',
  'POST /api/v1/postmortems/:id/comments': 'responder',
  'POST /api/v1/postmortem-threads/:id/replies': 'responder',
  'POST /api/v1/postmortem-threads/:id/state': 'responder',
  'POST /api/v1/postmortems/:id/reviewers': 'responder',
  'DELETE /api/v1/postmortems/:id/reviewers/:person': 'responder',
  'POST /api/v1/postmortems/:id/verdict': 'responder',
  'GET /api/v1/postmortems/:id/hints': 'viewer',
  'POST /api/v1/postmortems/:id/hints': 'responder',
  'GET /api/v1/postmortems/:id/items': 'viewer',
  'GET /api/v1/postmortems/:id/live': 'viewer',
  'POST /api/v1/postmortem-items/:id/action': 'responder',
  'POST /api/v1/postmortem-items/:id/accept': 'editor',
  'POST /api/v1/postmortem-items/:id/open': 'responder',
  'GET /api/v1/luck': 'viewer',
  'GET /api/v1/actions': 'viewer',
  'GET /api/v1/actions/:id': 'viewer',
  'POST /api/v1/postmortems/:id/actions': 'responder',
  'PATCH /api/v1/actions/:id': 'responder',
  'POST /api/v1/actions/:id/claim': 'responder',
  'POST /api/v1/drill-runs/:id/answer': 'responder',
  'POST /api/v1/actions/:id/proofs': 'responder',
  'GET /api/v1/exercises': 'viewer',
  'GET /api/v1/exercises/:id': 'viewer',
  'POST /api/v1/exercises': 'responder',
  'POST /api/v1/exercises/:id/join': 'responder',
  'POST /api/v1/exercises/:id/move': 'responder',
  'POST /api/v1/exercises/:id/answers': 'responder',
  'GET /api/v1/actions/:id/proofs': 'viewer',
  'PUT /api/v1/actions/:id/with': 'responder',
  'POST /api/v1/actions/:id/promises': 'responder',
  'GET /api/v1/actions/:id/reminders': 'viewer',
  'GET /api/v1/trackers': 'viewer',
  'POST /api/v1/actions/:id/issue': 'responder',
  'POST /api/v1/actions/:id/issue/sync': 'responder',
  'DELETE /api/v1/actions/:id/issue': 'responder',
  'GET /api/v1/drills': 'viewer',
  'GET /api/v1/drills/:id': 'viewer',
  'POST /api/v1/drills': 'editor',
  'DELETE /api/v1/drills/:id': 'editor',
  'GET /api/v1/drill-kinds': 'viewer',
  'POST /api/v1/drills/:id/run': 'responder',
  'GET /api/v1/drills/:id/runs': 'viewer',
  'GET /api/v1/drill-runs/:id': 'viewer',
  'GET /api/v1/cases': 'viewer',
  'GET /api/v1/cases/:id': 'viewer',
  'DELETE /api/v1/cases/:id': 'editor',
  'POST /api/v1/cases/:id/adopt': 'editor',
  'POST /api/v1/postmortems/:id/case': 'editor',
  'GET /api/v1/blind-spots': 'viewer',
  'GET /api/v1/blind-spots/:service/:failureClass': 'viewer',
  'POST /api/v1/blind-spots/not-applicable': 'responder',
  // Beside the contract.
  'GET /api/openapi.json': 'anyone',
  'GET /metrics': 'viewer',
  'GET /pools/:pool/:member': 'viewer',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /ping/:key': 'anyone',
  'POST /ping/:key': 'anyone',
  'GET /ping/:key/:second': 'anyone',
  'POST /ping/:key/:second': 'anyone',
  'GET /ping/:key/:second/:third': 'anyone',
  'POST /ping/:key/:second/:third': 'anyone',
  'GET /api/push/:token': 'anyone',
  'POST /api/push/:token': 'anyone',
  'PUT /api/push/:token': 'anyone',
  'PATCH /api/push/:token': 'anyone',
  'DELETE /api/push/:token': 'anyone',
  'POST /logs/:key': 'anyone',
  // Who signs: the key is the monitor's, or the place's token.
  'POST /peers/:name/beat': 'who has its key',
  'POST /trackers/:name/webhook': 'anyone',
  'POST /probe/:place/work': 'who has its key',
  'POST /probe/:place/observations': 'who has its key',
  'GET /ack/:secret': 'anyone',
  'POST /ack/:secret': 'anyone',
  'GET /verify/:secret': 'anyone',
  'POST /verify/:secret': 'anyone',
  'GET /status': 'anyone',
  'GET /status/*': 'anyone',
  'GET /api/v2/*': 'anyone',
}

/** What a viewer may not even ask about by a valid body: it must be refused before it is read. */
const BODY = '{"this is":"no valid body"}'

const ORDER: Role[] = ['viewer', 'responder', 'editor', 'administrator']
// The administrator owns, the responder is on the team, the viewer looks on, the stranger must see nothing.
const CALLERS = [
  'administrator',
  'responder',
  'viewer',
  'stranger',
  'ended session',
  'made-up token',
] as const
type Caller = (typeof CALLERS)[number]

describe('every route, as owner, teammate, viewer and stranger', () => {
  let desk: Desk
  const headers = {} as Record<Caller, Record<string, string>>

  before(async () => {
    desk = await openDesk()
    for (const role of ['administrator', 'responder', 'viewer'] as const)
      headers[role] = { authorization: `Bearer ${await desk.token(role)}` }
    const { cookie } = await desk.person('administrator', 'gone')
    await signOut(desk.world, cookie.split('=')[1]!)
    headers.stranger = {}
    headers['ended session'] = { cookie, origin: PUBLIC_URL }
    headers['made-up token'] = { authorization: `Bearer ${'x'.repeat(43)}` }
  })
  after(() => desk.close())

  test('every route that is served has its line, and every line its route', () => {
    const open = (route: string) => !/ \/assets\//.test(route) && route !== 'GET /*'
    assert.deepEqual(desk.app.served.filter(open).sort(), Object.keys(ACCESS).sort())
  })

  test('the contract says the same', () => {
    const said = Object.fromEntries(
      routes.map(({ method, path, access }) => [
        `${method} ${path}`,
        access === 'public' ? 'anyone' : access,
      ]),
    )
    const written = Object.entries(ACCESS).filter(([route]) => route.includes(' /api/v1/'))
    assert.deepEqual(said, Object.fromEntries(written))
  })

  for (const [route, needed] of Object.entries(ACCESS)) {
    const [method, path] = route.split(' ') as [string, string]
    // An open stream would never end the request; its own test speaks to a real socket.
    const streams = path === '/api/v1/events'
    test(`${route} is for ${needed}`, async () => {
      const url = path.replace(/:[a-z]+/gi, 'nothing-of-this-name').replace('*', 'nothing')
      for (const caller of CALLERS) {
        const role = ORDER.find((one) => one === caller)
        const allowed =
          needed === 'anyone' ||
          (role !== undefined && needed !== 'who has its key' && ORDER.indexOf(role) >= ORDER.indexOf(needed))
        if (allowed && streams) continue
        const sendsBody = method !== 'GET' && method !== 'DELETE' && path.startsWith('/api/')
        const answer = await desk.app.inject({
          method: method as 'GET',
          url,
          headers: { ...headers[caller], ...(sendsBody ? { 'content-type': 'application/json' } : {}) },
          ...(sendsBody ? { payload: BODY } : {}),
        })
        const { statusCode } = answer
        const told = `${caller} got ${statusCode}: ${answer.body.slice(0, 200)}`
        // No role opens it, not even the highest.
        if (needed === 'who has its key') assert.equal(statusCode, 401, told)
        else if (!allowed && role !== undefined) assert.equal(statusCode, 403, told)
        else if (!allowed) assert.equal(statusCode, 401, told)
        else assert.ok(statusCode !== 401 && statusCode !== 403 && statusCode < 500, told)
        if (!allowed && needed !== 'who has its key')
          assert.match(String(answer.headers['content-type']), /problem\+json/, told)
      }
    })
  }
})
