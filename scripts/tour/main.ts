/** The whole loop once, on this machine: `npm run tour`, or `npm run tour -- --exit` to end at the end. */
import { parseArgs } from 'node:util'
import { ADMIN_TOKEN } from '../../test/harness/tocsin.ts'
import { provideTools } from '../../test/run.machine.ts'
import { setStage } from './stage.ts'
import { playStory, type Skip } from './story.ts'
import { teller } from './tell.ts'

const { values } = parseArgs({
  options: {
    exit: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    // Leaves a turn of the story out; the tour must then fail.
    skip: { type: 'string' },
  },
})

const tell = teller(process.stdout)
provideTools(['nginx'], (line) => tell.say(line))
tell.chapter('Setting the stage: a certificate authority, nginx, an SMTP server, Tocsin')
const stage = await setStage(Number(values.port))
let failed = false
try {
  await playStory(stage, tell, (values.skip ?? null) as Skip)
  tell.summary()
} catch (error) {
  failed = true
  process.stdout.write(
    `\nThe story did not go as it must: ${error instanceof Error ? error.message : error}\n`,
  )
}
if (values.exit || failed) {
  await stage.clear()
  process.exit(failed ? 1 : 0)
}
const invitation = await stage.tocsin.api<{ link: string }>('POST', '/api/v1/people/bo/invite')
process.stdout.write(`
Tocsin is still running, with all that happened in it. Look around:
  ${invitation.link}      sets a password for bo (bo@lab.example) and signs in
  ${stage.tocsin.url}/status/      what the public sees
API: curl -H 'Authorization: Bearer ${ADMIN_TOKEN}' ${stage.tocsin.url}/api/v1/incidents
Ctrl-C ends it and removes everything.
`)
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void stage.clear().then(() => process.exit(0))
  })
