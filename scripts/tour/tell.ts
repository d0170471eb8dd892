import { formatDuration } from '../../src/kit/duration.ts'

export interface Teller {
  /** A chapter begins. */
  chapter(title: string): void
  /** Something happened that the reader should know. */
  say(text: string): void
  /** A station of the story was reached; its time goes into the summary. */
  reached(station: string, text: string): void
  summary(): void
}

/** Tells the story on a terminal, or plainly in a pipe. */
export function teller(out: NodeJS.WriteStream): Teller {
  const colour = out.isTTY && !process.env.NO_COLOR
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const begin = Date.now()
  const since = () => `${((Date.now() - begin) / 1000).toFixed(1).padStart(6)} s`
  const stations: { station: string; at: number }[] = []
  const line = (mark: string, text: string) => out.write(`${paint(90, since())}  ${mark} ${text}\n`)
  return {
    chapter: (title) => out.write(`\n${paint(1, title)}\n`),
    say: (text) => line(' ', text),
    reached(station, text) {
      stations.push({ station, at: Date.now() })
      line(paint(32, '✓'), text)
    },
    summary() {
      out.write(`\n${paint(1, 'Times, from the fault')}\n`)
      const fault = stations.find(({ station }) => station === 'fault')?.at ?? begin
      let before = fault
      for (const { station, at } of stations.filter((s) => s.at >= fault)) {
        out.write(
          `  ${station.padEnd(22)} ${`+${formatDuration(at - fault)}`.padStart(9)}   ${paint(90, `(+${formatDuration(at - before)})`)}\n`,
        )
        before = at
      }
    },
  }
}
