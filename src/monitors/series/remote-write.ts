import type { Labels, Series } from './series.ts'
import { type Malformed, unpackSnappy } from './snappy.ts'
import { WireError, WireReader } from './wire.ts'

/** What one request brought. Histograms and exemplars are counted and not kept. */
export interface Written {
  series: Series[]
  samples: number
  histograms: number
  exemplars: number
}

export const WRITE_VERSIONS = ['1', '2'] as const
export type WriteVersion = (typeof WRITE_VERSIONS)[number]

/** The most that one request unpacks to. */
export const MOST_UNPACKED = 32 * 1024 * 1024
const MOST_SERIES = 100_000
const MOST_SAMPLES = 1_000_000
const MOST_LABELS = 200
const MOST_SYMBOLS = 500_000
const LONGEST_TEXT = 64 * 1024

/** Which message a Content-Type announces; null for one that is not known. */
export function writeVersionOf(contentType: string | undefined): WriteVersion | null {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim())
  if (type?.toLowerCase() !== 'application/x-protobuf') return null
  const proto = parameters.map((one) => /^proto=(.*)$/i.exec(one)?.[1]).find((one) => one !== undefined)
  if (proto === undefined || proto === 'prometheus.WriteRequest') return '1'
  return proto === 'io.prometheus.write.v2.Request' ? '2' : null
}

/** Reads a whole request: a Snappy block with a message of remote write 1.0 or 2.0. */
export function readRemoteWrite(
  body: Uint8Array,
  version: WriteVersion,
  mostUnpacked = MOST_UNPACKED,
): Written | Malformed {
  const unpacked = unpackSnappy(body, mostUnpacked)
  if ('malformed' in unpacked) return unpacked
  try {
    return version === '1' ? readFirst(new WireReader(unpacked)) : readSecond(unpacked)
  } catch (error) {
    if (error instanceof WireError) return { malformed: `the protobuf message is broken: ${error.message}` }
    throw error
  }
}

const nothing = (): Written => ({ series: [], samples: 0, histograms: 0, exemplars: 0 })

function readFirst(reader: WireReader): Written {
  const written = nothing()
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field !== 1 || next.type !== 2) reader.skip(next.type)
    else addSeries(written, readFirstSeries(reader.message(), written))
  }
  return written
}

function readFirstSeries(reader: WireReader, written: Written): Series {
  const series: Series = { labels: Object.create(null), points: [] }
  let count = 0
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field === 1 && next.type === 2) {
      if (++count > MOST_LABELS) throw new WireError(`a series has more than ${MOST_LABELS} labels`)
      readLabel(reader.message(), series.labels)
    } else if (next.field === 2 && next.type === 2) addSample(series, reader.message(), written)
    else {
      if (next.field === 3) written.exemplars++
      if (next.field === 4) written.histograms++
      reader.skip(next.type)
    }
  }
  return series
}

function readLabel(reader: WireReader, labels: Labels): void {
  let [name, value] = ['', '']
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field === 1 && next.type === 2) name = reader.string(LONGEST_TEXT)
    else if (next.field === 2 && next.type === 2) value = reader.string(LONGEST_TEXT)
    else reader.skip(next.type)
  }
  if (name !== '' && value !== '') labels[name] = value
}

// A value of both versions is the same: a double, and milliseconds. "Stale" is a NaN of its own and says "no more".
function addSample(series: Series, reader: WireReader, written: Written): void {
  if (++written.samples > MOST_SAMPLES) throw new WireError(`there are more than ${MOST_SAMPLES} samples`)
  let [value, at] = [0, 0]
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field === 1 && next.type === 1) value = reader.double()
    else if (next.field === 2 && next.type === 0) at = reader.int64()
    else reader.skip(next.type)
  }
  if (!Number.isSafeInteger(at)) throw new WireError('a time is out of all bounds')
  series.points.push({ at, value })
}

function readSecond(bytes: Uint8Array): Written {
  const written = nothing()
  const symbols: string[] = []
  // The texts may stand after the series that refer to them.
  const first = new WireReader(bytes)
  for (let next = first.next(); next; next = first.next()) {
    if (next.field !== 4 || next.type !== 2) first.skip(next.type)
    else if (symbols.push(first.string(LONGEST_TEXT)) > MOST_SYMBOLS)
      throw new WireError(`there are more than ${MOST_SYMBOLS} symbols`)
  }
  if (symbols.length > 0 && symbols[0] !== '') throw new WireError('the first symbol is not the empty text')
  const reader = new WireReader(bytes)
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field !== 5 || next.type !== 2) reader.skip(next.type)
    else addSeries(written, readSecondSeries(reader.message(), symbols, written))
  }
  return written
}

function readSecondSeries(reader: WireReader, symbols: string[], written: Written): Series {
  const series: Series = { labels: Object.create(null), points: [] }
  const references: number[] = []
  for (let next = reader.next(); next; next = reader.next()) {
    if (next.field === 1) reader.numbers(next.type, 2 * MOST_LABELS, references)
    else if (next.field === 2 && next.type === 2) addSample(series, reader.message(), written)
    else {
      if (next.field === 3) written.histograms++
      if (next.field === 4) written.exemplars++
      reader.skip(next.type)
    }
  }
  if (references.length % 2 === 1) throw new WireError('a label has a name and no value')
  for (let index = 0; index < references.length; index += 2) {
    const [name, value] = [symbols[references[index]!], symbols[references[index + 1]!]]
    if (name === undefined || value === undefined) throw new WireError('a label refers to no symbol')
    if (name !== '' && value !== '') series.labels[name] = value
  }
  return series
}

function addSeries(written: Written, series: Series): void {
  if (series.labels.__name__ === undefined) throw new WireError('a series has no name')
  if (written.series.push(series) > MOST_SERIES)
    throw new WireError(`there are more than ${MOST_SERIES} series`)
}
