import { dns } from './dns/index.ts'
import { grpc } from './grpc/index.ts'
import { heartbeat } from './heartbeat/index.ts'
import { http } from './http/index.ts'
import { icmp } from './icmp/index.ts'
import { inventory } from './inventory/index.ts'
import { journey } from './journey/index.ts'
import type { MonitorKind } from './kind.ts'
import { log } from './log/index.ts'
import { metric } from './metric/index.ts'
import { oidc } from './oidc/index.ts'
import { peer } from './peer/index.ts'
import { place } from './place/index.ts'
import { poolKind } from './pool/index.ts'
import { rdp } from './rdp/index.ts'
import { sip } from './sip/index.ts'
import { smtp } from './smtp/index.ts'
import { sql } from './sql/index.ts'
import { starttls } from './starttls/index.ts'
import { tcp } from './tcp/index.ts'
import { tls } from './tls/index.ts'
import { websocket } from './websocket/index.ts'

/** Every kind of monitor: one folder beside this file and one line here. */
export const monitorKinds = {
  dns,
  grpc,
  heartbeat,
  http,
  icmp,
  inventory,
  journey,
  log,
  metric,
  oidc,
  peer,
  place,
  pool: poolKind(otherKind),
  rdp,
  sip,
  smtp,
  sql,
  starttls,
  tcp,
  tls,
  websocket,
}
export type MonitorKindName = keyof typeof monitorKinds

/** The kinds that a pool may check its members with. */
function otherKind(name: string): MonitorKind | null {
  const kinds = monitorKinds as unknown as Record<string, MonitorKind>
  return name !== 'pool' && Object.hasOwn(kinds, name) ? kinds[name]! : null
}
