/** What the form asks. */
export interface DrillAnswers {
  kind: 'monitor-faults' | 'end-to-end'
  monitor: string
  every: string
  faults: string[]
  fault: string
  paged: string | null
  within: string
  at: string | null
}

/** The settings as the configuration would write them; what was left empty is left out. */
export function drillSettings(of: DrillAnswers): { kind: string; [name: string]: unknown } {
  const shared = {
    kind: of.kind,
    monitor: of.monitor,
    ...(of.every.trim() ? { every: of.every.trim() } : {}),
  }
  if (of.kind === 'monitor-faults')
    return { ...shared, ...(of.faults.length > 0 ? { faults: of.faults } : {}) }
  return {
    ...shared,
    ...(of.fault.trim() ? { fault: of.fault.trim() } : {}),
    expect: { ...(of.paged ? { paged: of.paged } : {}), within: of.within.trim() },
    ...(of.at ? { at: of.at } : {}),
  }
}
