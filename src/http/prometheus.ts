/** One metric with its samples, in the order in which they are written. */
export interface Metric {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: { labels?: Record<string, string>; value: number }[]
}

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

function label(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')
}

/** Metrics in Prometheus' text format 0.0.4. */
export function writeMetrics(metrics: Metric[]): string {
  return metrics
    .filter((metric) => metric.samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels = {}, value }) => {
        const inner = Object.entries(labels)
          .map(([key, text]) => `${key}="${label(text)}"`)
          .join(',')
        return `${name}${inner ? `{${inner}}` : ''} ${Number.isFinite(value) ? value : 'NaN'}\n`
      })
      return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n${lines.join('')}`
    })
    .join('')
}
