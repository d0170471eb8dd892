import { z } from 'zod'
import { findPerson } from '../../../catalog/index.ts'
import { slug } from '../../../contract/route.ts'
import { factsAbout } from '../../../engine/facts.ts'
import { type Clock, type Millis, sleep } from '../../../kit/clock.ts'
import { formatDuration, MINUTE, SECOND } from '../../../kit/duration.ts'
import { isQuiet, quietHours } from '../../../kit/quiet-hours.ts'
import { onCallNow } from '../../../oncall/index.ts'
import type { Conclusion } from '../../drill.ts'
import { drillAnswered } from '../../facts.ts'
import { durationBetween, millis } from '../fields.ts'
import type { DrillKind, PlayContext } from '../kind.ts'

const schema = z.strictObject({
  who: z
    .union([z.strictObject({ schedule: slug }), z.strictObject({ person: slug })])
    .meta({ title: 'Who', description: 'Whoever is on call in a schedule, or one person.' }),
  within: durationBetween(5 * SECOND, 9 * MINUTE)
    .default('5m')
    .meta({
      title: 'Within',
      description: 'How soon the person must say that the message came.',
    }),
  quiet: quietHours(
    'Between these times of the person’s own day nobody is disturbed; `null` for at any hour.',
  ),
})
type Settings = z.output<typeof schema>

/** Sends one real message, marked as a drill, and waits until its person says that it came. */
export const drillKind: DrillKind<Settings> = {
  kind: 'page-a-human',
  title: 'Does a page reach its person?',
  description:
    'Sends one message to whoever is on call, through their real and verified channels, marked as a drill from its first ' +
    'word. It passes when that person answers in time. It opens no alert and no incident, and keeps quiet hours.',
  reasons: ['answered', 'not-answered', 'nobody-on-call', 'not-sent', 'quiet-hours', 'only-the-server'],
  needsMonitor: false,
  schema,
  async play(context) {
    const { live, settings, reach } = context
    if (!reach)
      return ended(
        'inconclusive',
        'only-the-server',
        'Only the server that pages can play this: run it there.',
      )
    const personId = await whom(context)
    const person = personId === null ? null : await findPerson(live.store.read, personId)
    if (!person) return ended('failed', 'nobody-on-call', 'Nobody is on call who could be reached.')
    if (settings.quiet && isQuiet(live.clock.now(), person.timezone, settings.quiet))
      return ended(
        'inconclusive',
        'quiet-hours',
        `It is a quiet hour for ${person.name}: nobody was disturbed.`,
      )
    const within = millis(settings.within)
    const sent = await reach(live, person.id, {
      ...messageOf(context, person.name, within),
      key: `drill:${context.runId}`,
    })
    const evidence = { reached: sent.map((one) => ({ person: person.name, ...one })) }
    if (!sent.some((one) => one.sent)) {
      const why = sent[0]?.reason ?? 'there is no verified contact'
      return { ...ended('failed', 'not-sent', `No message to ${person.name} left: ${why}.`), evidence }
    }
    const took = await answered(context, person.id, within)
    if (took === null)
      return {
        ...ended('failed', 'not-answered', `${person.name} did not answer within ${formatDuration(within)}.`),
        evidence,
      }
    return {
      ...ended('passed', 'answered', `${person.name} answered after ${formatDuration(took)}.`),
      evidence,
    }
  },
}

type Alone = Omit<PlayContext<Settings>, 'monitor'>

async function whom({ live, settings: { who } }: Alone): Promise<string | null> {
  if ('person' in who) return who.person
  const now = await onCallNow(live.store.read, live.clock.now())
  return now.find(({ scheduleId }) => scheduleId === who.schedule)?.personId ?? null
}

function messageOf({ live, runId }: Alone, name: string, within: Millis) {
  const url = `${live.publicUrl}/drill-runs/${runId}`
  return {
    subject: '[drill] Nothing is broken: does this reach you?',
    text: [
      `This is a drill, ${name}. Nothing is broken and nobody waits for help.`,
      `Tocsin wants to know whether a page would reach you. Please open the link within ${formatDuration(within)} and say that it did.`,
    ].join('\n'),
    link: { label: 'It reached me', url },
  }
}

const LOOK_EVERY = SECOND

/** How long until the person said so; null when the time was over. The clock is that of the machine. */
async function answered(
  { live, runId, clock: own }: Alone,
  personId: string,
  within: Millis,
): Promise<number | null> {
  const began = own.now()
  for (;;) {
    const said = (await factsAbout(live.store.read, runId)).some(
      (fact) => drillAnswered.is(fact) && fact.data.personId === personId,
    )
    const took = own.now() - began
    if (said) return took
    if (took >= within) return null
    await rest(own, Math.min(LOOK_EVERY, within - took))
  }
}

const rest = (own: Clock, ms: Millis) => sleep(own, ms)

function ended(outcome: Conclusion['outcome'], reason: string, summary: string): Conclusion {
  return { outcome, reason, summary, evidence: {} }
}
