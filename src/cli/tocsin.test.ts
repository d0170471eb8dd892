import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { ADMIN_TOKEN, startTocsin } from '../../test/harness/tocsin.ts'

const TOCSIN = resolve(import.meta.dirname, '../../bin/tocsin')
const folder = mkdtempSync(join(tmpdir(), 'tocsin-program-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** The program as a person starts it. */
async function tocsin(args: string[], env: Record<string, string> = {}) {
  const child = spawn(TOCSIN, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

describe('validate, on files as people write them', () => {
  for (const [what, text, told] of [
    [
      'misspelt keys, in two places',
      'servces: {}\nmonitors:\n  docs: { service: docs, type: tcp, target: "a:1", evry: 60s }\n',
      [
        /:1:1: servces: .*not known.*\n +Did you mean "services"\?/,
        /:3:\d+: monitors\.docs\.evry: .*not known/,
      ],
    ],
    [
      'a duration that is none',
      'services: { docs: {} }\nmonitors:\n  docs:\n    service: docs\n    type: tcp\n    target: "a:1"\n    every: soon\n',
      [/:7:\d+: monitors\.docs\.every: /],
    ],
    ['text that is not YAML', 'services:\n  docs: [\n', [/:\d+:\d+: this is not YAML/]],
    [
      'a service that nobody defined',
      'monitors:\n  docs: { service: dosc, type: tcp, target: "a:1" }\n',
      [/:2:\d+: monitors\.docs\.service: .*dosc/],
    ],
  ] as const)
    test(what, async () => {
      const file = join(folder, 'broken.yaml')
      writeFileSync(file, text)
      const { code, out } = await tocsin(['validate', file])
      assert.equal(code, 1, out)
      for (const place of told) assert.match(out, place)
      assert.match(out, /\d+ problems?\n$/)
    })

  test('a good one is one line and exit code 0', async () => {
    const file = join(folder, 'good.yaml')
    writeFileSync(file, 'services: { docs: { name: Documentation } }\n')
    const { code, out, err } = await tocsin(['validate', file])
    assert.equal(code, 0, out + err)
    assert.match(out, /^.*good\.yaml: OK, 1 service, /)
  })
})

test('schema prints a JSON Schema that knows the sections', async () => {
  const { code, out } = await tocsin(['schema'])
  assert.equal(code, 0)
  const schema = JSON.parse(out)
  for (const section of ['services', 'monitors', 'people', 'policies', 'mail'])
    assert.ok(schema.properties[section], section)
})

test('a running Tocsin, and the commands beside it', async () => {
  const running = await startTocsin({ config: 'services: { docs: { name: Documentation } }\n' })
  const data = join(running.folder, 'data')
  try {
    const made = await tocsin(['token', 'create', '--name', 'ci', '--role', 'responder', '--data', data])
    assert.equal(made.code, 0, made.err)
    const token = made.out.trim()
    const me = await fetch(`${running.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(((await me.json()) as { role: string }).role, 'responder')

    const unknown = await tocsin(['alert', 'ack', 'no-such-alert', '--url', running.url, '--token', token])
    assert.equal(unknown.code, 1)
    assert.match(unknown.err, /There is no alert "no-such-alert"/)
    const refused = await tocsin(['alert', 'ack', 'x'], { TOCSIN_URL: running.url, TOCSIN_TOKEN: 'made-up' })
    assert.equal(refused.code, 1)
    assert.match(refused.err, /Sign in/)

    const audit = await tocsin(['audit', 'verify', '--data', data])
    assert.equal(audit.code, 0, audit.err)
    assert.match(audit.out, /^the fact log holds: \d+ facts/)

    const file = join(running.folder, 'backup.db')
    const saved = await tocsin(['backup', file, '--data', data])
    assert.equal(saved.code, 0, saved.err)
    const into = join(running.folder, 'restored')
    const restored = await tocsin(['restore', file, '--data', into])
    assert.equal(restored.code, 0, restored.err)
    assert.match(restored.out, /^restored \d+ facts/)
    assert.equal((await tocsin(['restore', file, '--data', into])).code, 2)

    running.reload('services: { docs: { name: 3 } }\n')
    await running.until('the bad file is reported', 10_000, async () =>
      /one before stays in force/.test(running.output()),
    )
    assert.match(running.output(), /1:\d+: services\.docs\.name/)
    const { items } = await running.api<{ items: { name: string }[] }>('GET', '/api/v1/services')
    assert.equal(items[0]!.name, 'Documentation')
    running.reload('services: { docs: { name: Manual } }\n')
    await running.until('the good file is in force', 10_000, async () => {
      const page = await running.api<{ items: { name: string }[] }>('GET', '/api/v1/services')
      return page.items[0]!.name === 'Manual'
    })
    assert.ok(!running.output().includes(ADMIN_TOKEN))
  } finally {
    await running.stop()
  }
})

test('drills run beside a server, and through it', async () => {
  const running = await startTocsin({
    config: `
services: { docs: { name: Documentation } }
monitors: { docs-port: { service: docs, type: tcp, target: "127.0.0.1:9" } }
drills:
  port-closed: { kind: monitor-faults, monitor: docs-port, faults: [connection-refused] }
`,
  })
  const junit = join(running.folder, 'junit.xml')
  try {
    const server = { TOCSIN_URL: running.url, TOCSIN_TOKEN: ADMIN_TOKEN }
    const through = await tocsin(['drill', 'run', 'port-closed', '--junit', junit], server)
    assert.equal(through.code, 0, through.out + through.err)
    assert.match(through.out, /^PASSED {2}.*\n {4}caught: connection-refused\n1 of 1 drills passed\n$/)
    assert.match(readFileSync(junit, 'utf8'), /tests="1" failures="0" errors="0"/)

    const beside = await tocsin(['drill', 'run', '--json', '--data', join(running.folder, 'data')])
    assert.equal(beside.code, 0, beside.out + beside.err)
    const { passed, runs } = JSON.parse(beside.out)
    assert.equal(passed, 1)
    assert.deepEqual(runs[0].caught, ['connection-refused'])
    const { items } = await running.api<{ items: { id: string }[] }>('GET', '/api/v1/drills/port-closed/runs')
    assert.ok(
      items.some(({ id }) => id === runs[0].id),
      'the server knows the run',
    )
  } finally {
    await running.stop()
  }
})

test('a port that is taken is said in one line', async () => {
  const running = await startTocsin({ config: '{}\n' })
  try {
    const { code, err } = await tocsin([
      'serve',
      '--port',
      String(running.port),
      '--data',
      join(folder, 'second'),
    ])
    assert.equal(code, 1)
    assert.match(err, /EADDRINUSE|in use/)
    assert.doesNotMatch(err, /\n\s+at /)
  } finally {
    await running.stop()
  }
})
