/** The tour tells the whole story against real servers, and fails when a turn of it does not happen. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { needs } from '../harness/needs.ts'

const MAIN = fileURLToPath(new URL('../../scripts/tour/main.ts', import.meta.url))

async function tour(...args: string[]): Promise<{ code: number | null; told: string }> {
  const child = spawn(process.execPath, [MAIN, '--exit', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [told] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { code: child.exitCode, told }
}

describe('the tour', needs('nginx'), () => {
  it('goes from the fault to the proof, and through the sabotage to the action that is open again', async () => {
    const { code, told } = await tour()
    assert.equal(code, 0, told)
    const stations = ['fault', 'verdict', 'page', 'next page', 'acknowledged', 'public', 'repair noticed']
    for (const station of [...stations, 'resolved', 'draft', 'proof', 'sabotage', 're-opened', 'alert'])
      assert.match(told, new RegExp(`^  ${station} +\\+`, 'm'), `the summary has the time of "${station}"`)
  })

  it('fails when nginx serves no bad certificate', async () => {
    const { code, told } = await tour('--skip', 'fault')
    assert.equal(code, 1, told)
    assert.match(told, /The story did not go as it must: waited .* the monitor says down/)
  })

  it('fails when nobody repairs it', async () => {
    const { code, told } = await tour('--skip', 'repair')
    assert.equal(code, 1, told)
    assert.match(told, /the monitor says up/)
  })
})
