import { failure } from '../../net/failure.ts'
import { pushedSeries } from '../../series/samples.rows.ts'
import type { ReadSource } from './reading.ts'
import { pushedWindow } from './spec.ts'

/** Reads what was pushed to Tocsin for this monitor. */
export const readPush: ReadSource = async (spec, { now, windowMs }, { read, monitorId }) => {
  if (read === null || monitorId === null)
    return failure('metric.unread', 'what is pushed is only known to a monitor that runs in Tocsin')
  const series = await pushedSeries(read, monitorId, now - Math.max(windowMs, pushedWindow(spec)))
  return { series, hasPast: true, inspection: null }
}
