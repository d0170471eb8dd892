import { stringify } from 'yaml'
import { findPerson } from '../catalog/index.ts'
import { authorize } from '../engine/authorize.ts'
import type { Actor, World } from '../engine/world.ts'
import { findIncident, incidentTimes } from '../incidents/index.ts'
import { iso, isoOrNull } from '../kit/clock.ts'
import { notFound } from '../kit/errors.ts'
import { withActions } from './actions-table.rules.ts'
import type { Action } from './postmortem.ts'
import { findPostmortem, listActions, readPostmortemSettings } from './postmortems.rows.ts'
import { findSection, sectionState } from './sections.rules.ts'

/**
 * A post-mortem as a Markdown file with YAML front matter: the keys that collections of public post-mortems
 * use, and under `tocsin` what they have no word for.
 */
export async function exportMarkdown(
  world: World,
  actor: Actor,
  { postmortemId }: { postmortemId: string },
): Promise<string> {
  authorize(actor, 'viewer')
  const db = world.store.read
  const postmortem = await findPostmortem(db, postmortemId)
  if (!postmortem) throw notFound('post-mortem', postmortemId)
  const incident = postmortem.incidentId ? await findIncident(db, postmortem.incidentId) : null
  const actions = (await listActions(db, { postmortemId, limit: 1_000 })).reverse()
  const names = await ownersOf(world, actions)
  const { company, product } = await readPostmortemSettings(db)
  const times = incident ? incidentTimes(incident) : null
  const written = sectionState(postmortem.body, 'Summary') === 'written'
  const front = {
    uuid: postmortem.id,
    url: `${world.publicUrl}/postmortems/${postmortem.id}`,
    title: postmortem.title,
    // Empty where nobody knows, as the format has it.
    start_time: isoOrNull(incident?.impactStartedAt) ?? '',
    end_time: isoOrNull(incident?.resolvedAt) ?? '',
    categories: postmortem.categories.length > 0 ? postmortem.categories : ['undescriptive'],
    keywords: postmortem.keywords,
    company,
    product,
    summary: written ? findSection(postmortem.body, 'Summary')!.body : '',
    tocsin: {
      state: postmortem.state,
      version: postmortem.version,
      incident: incident && {
        id: incident.id,
        severity: incident.severity,
        state: incident.state,
        services: incident.serviceIds,
        detection: incident.detection,
        reopened: incident.reopened,
        times: Object.fromEntries(
          times!.times.map(({ name, at }) => [name.replaceAll(' ', '_'), isoOrNull(at)]),
        ),
        metrics: times!.metrics.map(({ name, ms, formula, status }) => ({ name, ms, formula, status })),
      },
      actions: actions.map((action) => ({
        id: action.id,
        title: action.title,
        type: action.type,
        owner: action.owner,
        due: isoOrNull(action.dueAt),
        criterion: action.criterion,
        drill: action.drillId,
        state: action.state,
        since: iso(action.since),
        run: action.drillRunId,
      })),
    },
  }
  const yaml = stringify(front, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
  return `---\n${yaml}---\n\n${withActions(postmortem.body, actions, names).trimEnd()}\n`
}

async function ownersOf(world: World, actions: readonly Action[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const owner of new Set(actions.map((action) => action.owner)))
    if (owner) names.set(owner, (await findPerson(world.store.read, owner))?.name ?? owner)
  return names
}
