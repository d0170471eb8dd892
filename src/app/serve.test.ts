/** Starting and stopping the whole server, as a process. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../test/harness/ports.ts'
import { ADMIN_TOKEN, startTocsin } from '../../test/harness/tocsin.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

async function serveOn(folder: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const port = String(await freePort())
  const child = spawn(
    process.execPath,
    [MAIN, 'serve', '--port', port, '--data', `${folder}/data`, ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const said = text(child.stderr)
  child.stdout.on('data', (chunk) => String(chunk).includes('listening on') && child.kill('SIGTERM'))
  await once(child, 'exit')
  return { code: child.exitCode, said: await said }
}

describe('one data directory', () => {
  it('has one engine: a second server is refused and told what to do, one that only serves is not', async () => {
    const first = await startTocsin({ config: 'services: {}\n' })
    try {
      const second = await serveOn(first.folder)
      assert.equal(second.code, 1, second.said)
      assert.match(second.said, /Another Tocsin runs on the data in .*--no-engine/s)
      const onlyServes = await serveOn(first.folder, '--no-engine')
      assert.equal(onlyServes.code, 0, onlyServes.said)
      assert.equal((await fetch(`${first.url}/healthz`)).status, 200, 'the first goes on')
    } finally {
      await first.stop()
    }
  })

  it('is free again at once after kill -9', async () => {
    const first = await startTocsin({ config: 'services: {}\n' })
    await first.kill()
    const next = await startTocsin({ config: 'services: {}\n', folder: first.folder, port: first.port })
    await next.stop()
    await first.stop()
  })
})

describe('an orderly end', () => {
  it('does not wait for those who watch live', async () => {
    const tocsin = await startTocsin({ config: 'services: {}\n' })
    const stream = await fetch(`${tocsin.url}/api/v1/events`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    assert.equal(stream.status, 200)
    const ended = stream.body!.pipeTo(new WritableStream()).then(
      () => 'ended',
      () => 'ended',
    )
    await tocsin.stop()
    assert.equal(await ended, 'ended')
  })
})
