// Longer than this nothing else in the process may have to wait: checks, pings, requests.
const LONGEST_TURN_MS = 10

let turned = 0

/**
 * Lets the rest of the process have its turn when this one has lasted. An in-process database answers within
 * the microtasks, so that a hundred alerts at once would otherwise hold up every check for seconds.
 */
export async function giveWay(): Promise<void> {
  if (performance.now() - turned < LONGEST_TURN_MS) return
  await new Promise<void>((resolve) => setImmediate(resolve))
  turned = performance.now()
}
