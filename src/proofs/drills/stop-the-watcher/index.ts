import { z } from 'zod'
import type { Millis } from '../../../kit/clock.ts'
import { MINUTE, SECOND } from '../../../kit/duration.ts'
import type { Conclusion } from '../../drill.ts'
import { durationBetween, millis } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'
import { judgeStopped, STOPPED_REASONS, type StoppedReason } from './judge-stopped.rules.ts'
import { NotStarted, openPair, type Pair } from './open-pair.ts'

const schema = z.strictObject({
  how: z
    .enum(['freeze', 'kill'])
    .default('freeze')
    .meta({
      title: 'How',
      description:
        '`freeze` stops the process where it stands (SIGSTOP), as a machine that hangs does; `kill` ends it at once ' +
        '(SIGKILL), as the kernel does when memory runs out.',
    }),
  silence: durationBetween(2 * SECOND, 2 * MINUTE)
    .default('10s')
    .meta({
      title: 'Silence',
      description: 'How long its watcher waits for a sign of life. Write what your watcher has, or less.',
    }),
  within: durationBetween(3 * SECOND, 5 * MINUTE)
    .default('30s')
    .meta({
      title: 'Within',
      description: 'How soon after it was stopped the message must have left.',
    }),
})
type Settings = z.output<typeof schema>

/** Starts a Tocsin and its watcher, stops the one, and looks whether the other says so. */
export const drillKind: DrillKind<Settings> = {
  kind: 'stop-the-watcher',
  title: 'Who notices that Tocsin itself is gone?',
  description:
    'Starts a second Tocsin and a `tocsin watch-peer` on this machine, for the drill alone, lets the first be watched, and ' +
    'freezes or kills it. It passes when the watcher says so in time, by a contact of its own. The Tocsin that plays the ' +
    'drill is never touched, and the contact is a web hook of the drill: nobody is paged.',
  reasons: STOPPED_REASONS,
  needsMonitor: false,
  schema,
  async play(context) {
    const { settings, startDisposable, clock } = context
    if (!startDisposable) return ended('not-here', 'This process cannot start another one.')
    let pair: Pair
    try {
      pair = await openPair({ startDisposable, clock, peer: 'rehearsal', silence: settings.silence })
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error
      return { ...ended('never-started', error.message), evidence: { error: error.printed } }
    }
    try {
      return await stop(pair, context)
    } finally {
      await pair.close()
    }
  },
}

const IS_BACK = /\bis back\b/
const CALM_PATIENCE = 20 * SECOND

async function stop(
  pair: Pair,
  { settings, clock }: Pick<PlayContext<Settings>, 'settings' | 'clock'>,
): Promise<Conclusion> {
  const { how, within, silence } = settings
  const withinMs = millis(within)
  // On a busy machine the first sign of life may come late; then the watcher complains, and takes it back.
  const isCalm = () => !pair.told.at(-1) || IS_BACK.test(pair.told.at(-1)!.subject)
  const calm = await pair.until(isCalm, CALM_PATIENCE)
  const beatsBefore = pair.beats()
  const before = pair.told.length
  const stoppedAt = clock.now()
  pair.watched.signal(how === 'freeze' ? 'SIGSTOP' : 'SIGKILL')
  if (calm) await pair.until(() => pair.told.length > before, withinMs)
  const said = pair.told
    .slice(calm ? before : 0)
    .map(({ subject, text, at }) => ({ subject, text, afterMs: at - stoppedAt }))
  const noticedAfterMs: Millis | null = calm ? (said[0]?.afterMs ?? null) : null
  const stopped = {
    how,
    watcher: 'started for this drill',
    silenceMs: millis(silence),
    beatsBefore,
    noticedAfterMs,
    withinMs,
    said,
  }
  return { ...judgeStopped(stopped, calm), evidence: { stopped } }
}

function ended(reason: StoppedReason, summary: string): Conclusion {
  return { outcome: 'inconclusive', reason, summary, evidence: {} }
}
