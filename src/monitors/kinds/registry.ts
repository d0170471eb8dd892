import { heartbeat } from './heartbeat/index.ts'
import { http } from './http/index.ts'
import { tcp } from './tcp/index.ts'
import { tls } from './tls/index.ts'

/** Every kind of monitor: one folder beside this file and one line here. */
export const monitorKinds = {
  heartbeat,
  http,
  tcp,
  tls,
}
export type MonitorKindName = keyof typeof monitorKinds
