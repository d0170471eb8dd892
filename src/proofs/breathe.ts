/** Lets others have the processor: long work on a store in memory, or over many services, must not hold up live checks. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
