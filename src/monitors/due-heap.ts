/** A queue ordered by instant: the earliest is at hand, adding and taking cost log n. */
export class DueHeap<T> {
  readonly #items: { at: number; item: T }[] = []

  get size(): number {
    return this.#items.length
  }

  /** The earliest instant, or null. */
  nextAt(): number | null {
    return this.#items[0]?.at ?? null
  }

  push(at: number, item: T): void {
    const items = this.#items
    let index = items.push({ at, item }) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (items[parent]!.at <= items[index]!.at) break
      ;[items[parent], items[index]] = [items[index]!, items[parent]!]
      index = parent
    }
  }

  /** Takes the earliest when it is due by `now`. */
  take(now: number): { at: number; item: T } | null {
    const items = this.#items
    const first = items[0]
    if (!first || first.at > now) return null
    const last = items.pop()!
    if (items.length > 0) {
      items[0] = last
      this.#sink()
    }
    return first
  }

  #sink(): void {
    const items = this.#items
    for (let index = 0; ; ) {
      const left = 2 * index + 1
      if (left >= items.length) return
      const right = left + 1
      const child = right < items.length && items[right]!.at < items[left]!.at ? right : left
      if (items[index]!.at <= items[child]!.at) return
      ;[items[index], items[child]] = [items[child]!, items[index]!]
      index = child
    }
  }
}
