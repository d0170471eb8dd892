import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { needs } from '../harness/needs.ts'
import { ADMIN_TOKEN, type RunningTocsin, startTocsin } from '../harness/tocsin.ts'
import { type Stage, startStage } from './stage.ts'

describe('the live line', needs('chromium'), () => {
  let stage: Stage
  let again: RunningTocsin | null = null
  before(async () => {
    stage = await startStage()
  })
  after(async () => {
    await again?.stop()
    await stage?.stop()
  })

  test('says that it broke, stands again by itself and fetches what was missed', async () => {
    const { page } = await stage.signedIn()
    await page.goto(`${stage.tocsin.url}/incidents`)
    await page.getByText('No incident yet').or(page.getByText('git-front')).first().waitFor()
    await page.getByRole('status').getByText('Live', { exact: true }).first().waitFor()
    const { folder, port, configFile } = stage.tocsin
    await stage.tocsin.kill()
    await page.getByText('Reconnecting').first().waitFor()
    again = await startTocsin({ folder, port, config: readFileSync(configFile, 'utf8') })
    // Written before the page is listening again: no event will tell it of this one.
    const answer = await fetch(`${again.url}/api/v1/incidents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'While nobody listened', severity: 'SEV3' }),
    })
    assert.equal(answer.status, 201)
    await page.getByRole('status').getByText('Live', { exact: true }).first().waitFor()
    await page.getByText('While nobody listened').waitFor()
    assert.equal(new URL(page.url()).pathname, '/incidents', 'the session outlives a crash')
  })
})
