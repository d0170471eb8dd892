/** Requests of remote write as senders make them, by other people's libraries. */
import { createRequire } from 'node:module'
import { PbfWriter } from 'pbf'
import type { Series } from './series.ts'

// It has no types.
const snappy = createRequire(import.meta.url)('snappyjs') as { compress(bytes: Uint8Array): Uint8Array }

export function snappyBlock(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(snappy.compress(bytes))
}

/** Remote write 1.0. */
export function firstRequest(series: readonly Series[]): Uint8Array {
  const pbf = new PbfWriter()
  for (const one of series)
    pbf.writeMessage(
      1,
      (given: Series, inner: PbfWriter) => {
        for (const [name, value] of Object.entries(given.labels))
          inner.writeMessage(
            1,
            (pair: [string, string], label: PbfWriter) => {
              label.writeStringField(1, pair[0])
              label.writeStringField(2, pair[1])
            },
            [name, value] as [string, string],
          )
        for (const point of given.points) writeSample(inner, point)
      },
      one,
    )
  return snappyBlock(pbf.finish())
}

function writeSample(pbf: PbfWriter, point: { at: number; value: number }): void {
  pbf.writeMessage(
    2,
    (given: typeof point, sample: PbfWriter) => {
      sample.writeDoubleField(1, given.value)
      sample.writeVarintField(2, given.at)
    },
    point,
  )
}

/** Remote write 2.0: every text once, and series that refer to them. */
export function secondRequest(series: readonly Series[], symbolsLast = false): Uint8Array {
  const symbols = ['']
  const place = (text: string) => {
    if (!symbols.includes(text)) symbols.push(text)
    return symbols.indexOf(text)
  }
  const referred = series.map((one) => ({
    refs: Object.entries(one.labels).flatMap(([name, value]) => [place(name), place(value)]),
    points: one.points,
  }))
  const pbf = new PbfWriter()
  const writeSymbols = () => {
    for (const text of symbols) pbf.writeStringField(4, text)
  }
  if (!symbolsLast) writeSymbols()
  for (const one of referred)
    pbf.writeMessage(
      5,
      (given: (typeof referred)[number], inner: PbfWriter) => {
        inner.writePackedVarint(1, given.refs)
        for (const point of given.points) writeSample(inner, point)
      },
      one,
    )
  if (symbolsLast) writeSymbols()
  return snappyBlock(pbf.finish())
}
