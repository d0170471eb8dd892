import { loadavg } from 'node:os'

/** One measured figure, printed as one line of JSON. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** What it is held against, measured in the same run. */
  against?: { name: string; value: number; unit: string }
  /** `value / against.value`, or as `bar` says. */
  ratio?: number
  /** What the ratio or value should keep to, in words. */
  bar?: string
  /** Everything else needed to read the figure. */
  context?: Record<string, unknown>
}

const round = (n: number) => Number(n.toPrecision(4))

/** Prints a figure, and beside it how busy the machine was: a figure of a busy machine says little by itself. */
export function print(figure: Figure): void {
  const { against, ratio, context } = figure
  process.stdout.write(
    `${JSON.stringify({
      ...figure,
      value: round(figure.value),
      ...(against ? { against: { ...against, value: round(against.value) } } : {}),
      ...(ratio === undefined ? {} : { ratio: round(ratio) }),
      context: { ...context, load: round(loadavg()[0]!) },
    })}\n`,
  )
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))]!
}
