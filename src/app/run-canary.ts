import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { verifyContact } from '../catalog/index.ts'
import { type Capture, captureChannels } from '../channels/index.ts'
import { runEngine } from '../engine/runner.ts'
import { sleep, systemClock } from '../kit/clock.ts'
import { reasonOf } from '../kit/errors.ts'
import { silentLog } from '../kit/log.ts'
import { checkMonitor } from '../monitors/index.ts'
import { openStore } from '../store/open-store.ts'
import { composeTocsin } from './compose.ts'
import { readConfiguration } from './configuration.ts'

/** What became of one canary, and how far it came. */
export type CanaryResult =
  | { noticed: true; tookMs: number }
  | { noticed: false; reached: 'nothing' | 'verdict' | 'alert'; why: string }

const PEOPLE = `
people: { keeper: { name: Keeper, email: keeper@canary.invalid } }
services: { canary: { name: Canary } }
policies:
  canary: { default: true, steps: [{ notify: [{ person: keeper }], wait: 5m }], lastResort: { people: [keeper] } }
`
const monitor = (port: number) => `
monitors:
  canary: { service: canary, type: tcp, target: "127.0.0.1:${port}", every: 1s, timeout: 1s, confirm: 1 }
`

const LOOK_EVERY = 25

/**
 * Lets a canary fail and waits until somebody would have been told: a real check of a port where nothing listens, the
 * verdict, the alert, the page, by the same program on the same event loop and by the wall clock. All of it lives in a
 * world of its own that is marked as a drill, and its channels send nothing: nobody is paged, nothing is shown.
 */
export async function runCanary(within: number, capture: Capture = captureChannels()): Promise<CanaryResult> {
  const store = await openStore({ directory: ':memory:', now: systemClock.now() })
  const tocsin = composeTocsin({
    clock: systemClock,
    store,
    log: silentLog,
    instance: 'canary',
    publicUrl: 'http://canary.invalid',
    network: { check: checkMonitor, channels: capture.channels },
    publicDirectory: null,
    composeReplica: async () => {
      throw new Error('a canary composes no replica')
    },
    drill: 'canary',
  })
  const apply = async (text: string) => {
    const read = readConfiguration(text, { env: {}, folder: '.' })
    if (!read.ok) throw new Error(`the canary's configuration: ${read.problems[0]?.message}`)
    await tocsin.apply(read.value)
  }
  let began = systemClock.now()
  let engine: ReturnType<typeof runEngine> | null = null
  try {
    await apply(PEOPLE)
    await tocsin.start()
    engine = runEngine(tocsin.world, tocsin.engine)
    let told = 0
    while (systemClock.now() - began < within) {
      for (; told < capture.sent.length; told++) {
        const { message } = capture.sent[told]!
        const secret = /\/verify\/([\w.-]+)/.exec(`${message.link?.url} ${message.text}`)?.[1]
        if (secret) {
          // Its keeper confirms the address, as anybody does; only then does it fail.
          await verifyContact(tocsin.world, secret)
          await apply(PEOPLE + monitor(await deadPort()))
          began = systemClock.now()
        } else if (/canary/i.test(message.subject))
          return { noticed: true, tookMs: systemClock.now() - began }
      }
      await sleep(systemClock, LOOK_EVERY)
    }
    const { verdicts, alerts } = await howFar(store)
    const reached = alerts > 0 ? 'alert' : verdicts > 0 ? 'verdict' : 'nothing'
    return { noticed: false, reached, why: `no page left within ${Math.round(within / 1_000)} s` }
  } catch (error) {
    return { noticed: false, reached: 'nothing', why: reasonOf(error) }
  } finally {
    await engine?.stop()
    await store.close()
  }
}

async function howFar(
  store: Awaited<ReturnType<typeof openStore>>,
): Promise<{ verdicts: number; alerts: number }> {
  const { countUnresolved } = await import('../alerts/index.ts')
  const { countVerdicts } = await import('../monitors/index.ts')
  const verdicts = await countVerdicts(store.read)
  return { verdicts: verdicts.down ?? 0, alerts: await countUnresolved(store.read) }
}

/** A port of loopback where nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
