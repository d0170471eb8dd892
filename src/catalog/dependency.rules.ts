/** Who stands still when a service fails, and how many steps away; nearest first. Cycles are followed once. */
export function dependentsOf(
  edges: readonly { serviceId: string; dependsOn: string }[],
  serviceId: string,
): { serviceId: string; distance: number }[] {
  const byTarget = Map.groupBy(edges, (edge) => edge.dependsOn)
  const distances = new Map([[serviceId, 0]])
  const queue = [serviceId]
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    for (const { serviceId: dependent } of byTarget.get(next) ?? []) {
      if (distances.has(dependent)) continue
      distances.set(dependent, distances.get(next)! + 1)
      queue.push(dependent)
    }
  distances.delete(serviceId)
  return [...distances].map(([id, distance]) => ({ serviceId: id, distance }))
}
