/** Drills and cases that people made can be taken away, and nothing on which a proof rests. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Story, story, USUAL } from '../../test/harness/story.ts'
import { openIncident } from '../incidents/index.ts'
import { addAction, changeAction, claimAction, draftPostmortem, findAction } from '../postmortems/index.ts'
import { adoptCase, createDrill, findCase, runDrill, shippedCases, writeCase } from '../proofs/index.ts'
import { type Desk, openDesk } from './desk-for-tests.ts'

const QUIET = USUAL.replace('every: 60s', 'every: 12h')
const REACHES = { kind: 'end-to-end', monitor: 'docs-port', expect: { within: '1d' } }
const FILE_DRILL = `drills: { of-file: { kind: end-to-end, monitor: docs-port, expect: { within: 1d } } }\n`

const atTheDesk = (config: string, play: (s: Story, desk: Desk) => Promise<void>) => () =>
  story({ config }, async (s) => {
    const desk = await openDesk({ world: s.tocsin().world })
    try {
      await play(s, desk)
    } finally {
      await desk.close()
    }
  })

const remove = async (desk: Desk, url: string, role: Parameters<Desk['call']>[0] = 'editor') => {
  const { statusCode, body } = await desk.call(role, 'DELETE', url)
  return { status: statusCode, problem: body === '' ? null : JSON.parse(body) }
}

async function postmortemOf(s: Story) {
  const { world } = s.tocsin()
  const incident = await openIncident(world, s.as('ana'), {
    title: 'Unseen',
    severity: 'SEV3',
    serviceIds: ['docs'],
  })
  return draftPostmortem(world, s.as('ana'), { incidentId: incident.id })
}

test(
  'a drill goes, and its runs stay; what the file manages, and what is not there, does not go',
  atTheDesk(QUIET + FILE_DRILL, async (s, desk) => {
    const { world } = s.tocsin()
    await createDrill(world, s.as('cy', 'administrator'), {
      id: 'by-hand',
      settings: { ...REACHES, every: '1d' },
    })
    const run = await runDrill(world, s.as('bo'), 'by-hand')
    await s.settle()
    assert.equal((await remove(desk, '/api/v1/drills/by-hand', 'responder')).status, 403)
    assert.equal((await remove(desk, '/api/v1/drills/by-hand')).status, 204)
    assert.equal((await desk.call('viewer', 'GET', '/api/v1/drills/by-hand')).statusCode, 404)
    const kept = (await desk.call('viewer', 'GET', `/api/v1/drill-runs/${run.id}`)).json()
    assert.equal(kept.state, 'passed', kept.reason)
    assert.equal((await s.facts('drill.retired')).length, 1)
    await s.travel('2d')
    const started = (await s.facts('drill.started')).filter(({ subject }) => subject === 'by-hand')
    assert.equal(started.length, 1, 'it is due no more')
    const file = await remove(desk, '/api/v1/drills/of-file')
    assert.equal(file.status, 409)
    assert.match(JSON.stringify(file.problem), /configuration file manages/)
    assert.equal((await remove(desk, '/api/v1/drills/by-hand')).status, 404)
  }),
)

test(
  'a drill on which a proof rests stays, and the refusal names the action',
  atTheDesk(QUIET, async (s, desk) => {
    const { world } = s.tocsin()
    const ana = s.as('ana')
    await createDrill(world, s.as('cy', 'administrator'), { id: 'wakes', settings: REACHES })
    const { id: postmortemId } = await postmortemOf(s)
    const { id: actionId } = await addAction(world, ana, {
      postmortemId,
      title: 'Wake somebody',
      type: 'detect',
      criterion: 'Somebody is paged.',
      drillId: 'wakes',
    })
    await claimAction(world, ana, { actionId })
    await s.settle()
    assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    const refused = await remove(desk, '/api/v1/drills/wakes')
    assert.equal(refused.status, 409)
    assert.match(refused.problem.detail ?? refused.problem.title, /rests the proof of "Wake somebody"/)
    const [problem] = refused.problem.problems
    assert.deepEqual([problem.path, problem.message], [`actions.${actionId}`, '"Wake somebody" is proved.'])
    assert.equal((await findAction(s.store.read, actionId))!.state, 'proved')
    await changeAction(world, s.as('cy', 'administrator'), {
      actionId,
      state: 'dropped',
      reason: 'the service is going away',
    })
    await s.settle()
    assert.equal((await remove(desk, '/api/v1/drills/wakes')).status, 204)
  }),
)

test(
  'a case that a person wrote goes once no drill plays it; those that are shipped stay',
  atTheDesk(QUIET, async (s, desk) => {
    const { world } = s.tocsin()
    const editor = s.as('bo', 'editor')
    const { id: postmortemId } = await postmortemOf(s)
    const { id: _id, origin: _origin, postmortemId: _of, ...definition } = shippedCases()[0]!
    await writeCase(world, editor, {
      postmortemId,
      id: 'ours',
      definition: { ...definition, title: 'It was ours' } as Record<string, unknown>,
    })
    const values = Object.fromEntries(
      Object.entries(definition.values).map(([key, { example }]) => [key, example]),
    )
    const [plan] = await adoptCase(world, editor, {
      caseId: 'ours',
      serviceIds: ['docs'],
      values: { docs: values },
    })
    const drillId = plan!.drill!.id
    const refused = await remove(desk, '/api/v1/cases/ours')
    assert.equal(refused.status, 409)
    assert.ok(
      JSON.stringify(refused.problem).includes(`It is played by ${drillId}.`),
      JSON.stringify(refused),
    )
    assert.equal((await remove(desk, `/api/v1/drills/${drillId}`)).status, 204)
    assert.equal((await remove(desk, '/api/v1/cases/ours', 'responder')).status, 403)
    assert.equal((await remove(desk, '/api/v1/cases/ours')).status, 204)
    assert.equal(await findCase(s.store.read, 'ours'), null)
    const told = (await s.facts('case.configured')).map(({ data }) => (data as { change: string }).change)
    assert.deepEqual(told, ['created', 'removed'])
    assert.equal((await remove(desk, `/api/v1/cases/${shippedCases()[0]!.id}`)).status, 409)
    assert.equal((await remove(desk, '/api/v1/cases/ours')).status, 404)
  }),
)
