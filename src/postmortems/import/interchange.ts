import type { Found, Reading } from './reading.ts'

/** The form in which importers of post-mortems are compared: values without their places. */
export interface Interchange {
  incidents: {
    title: string
    summary: string
    impact: string
    rootCause: string
    trigger: string
    detection: string
    resolution: string
    timeline: { at: string | null; end?: string; approx?: true; text: string }[]
    wentWell: string[]
    wentWrong: string[]
    lucky: string[]
    actions: { text: string; status: 'done' | 'in_progress' | 'open' | 'unknown' }[]
    references: string[]
  }[]
}

const values = (list: readonly Found<string>[]) => list.map(({ value }) => value)

/** What was read, in the interchange form. */
export function toInterchange({ incidents }: Pick<Reading, 'incidents'>): Interchange {
  return {
    incidents: incidents.map((incident) => ({
      title: incident.title?.value ?? '',
      summary: incident.sections.summary?.value ?? '',
      impact: incident.sections.impact?.value ?? '',
      rootCause: incident.sections.rootCause?.value ?? '',
      trigger: incident.sections.trigger?.value ?? '',
      detection: incident.sections.detection?.value ?? '',
      resolution: incident.sections.resolution?.value ?? '',
      timeline: incident.timeline.map(({ at, end, approx, text }) => ({
        at: at?.value ?? null,
        ...(end ? { end: end.value } : {}),
        ...(approx ? { approx: true as const } : {}),
        text: text.value,
      })),
      wentWell: values(incident.wentWell),
      wentWrong: values(incident.wentWrong),
      lucky: values(incident.lucky),
      actions: incident.actions.map(({ text, status }) => ({
        text: text.value,
        status: status?.value ?? 'unknown',
      })),
      references: values(incident.references),
    })),
  }
}
