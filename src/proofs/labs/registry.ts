import { lab as dns } from './dns/lab.ts'
import { lab as grpc } from './grpc/lab.ts'
import { lab as heartbeat } from './heartbeat/lab.ts'
import { lab as http } from './http/lab.ts'
import { lab as icmp } from './icmp/lab.ts'
import { lab as inventory } from './inventory/lab.ts'
import { lab as journey } from './journey/lab.ts'
import type { LabProtocol } from './lab-protocol.ts'
import { lab as log } from './log/lab.ts'
import { lab as metric } from './metric/lab.ts'
import { lab as oidc } from './oidc/lab.ts'
import { lab as peer } from './peer/lab.ts'
import { lab as place } from './place/lab.ts'
import { poolLab } from './pool/lab.ts'
import { lab as rdp } from './rdp/lab.ts'
import { lab as sip } from './sip/lab.ts'
import { lab as smtp } from './smtp/lab.ts'
import { lab as sql } from './sql/lab.ts'
import { lab as starttls } from './starttls/lab.ts'
import { lab as tcp } from './tcp/lab.ts'
import { lab as tls } from './tls/lab.ts'
import { lab as websocket } from './websocket/lab.ts'

/** How each kind of monitor is given something to look at: one folder beside this file and one line here. */
export const LABS: Record<string, LabProtocol> = {
  // A pool plays the lab of whatever checks its members.
  dns: dns as LabProtocol,
  grpc: grpc as LabProtocol,
  heartbeat: heartbeat as LabProtocol,
  http: http as LabProtocol,
  icmp: icmp as LabProtocol,
  inventory: inventory as LabProtocol,
  journey: journey as LabProtocol,
  log: log as LabProtocol,
  metric: metric as LabProtocol,
  oidc: oidc as LabProtocol,
  peer: peer as LabProtocol,
  place: place as LabProtocol,
  pool: poolLab((kind) => LABS[kind]) as LabProtocol,
  rdp: rdp as LabProtocol,
  sip: sip as LabProtocol,
  smtp: smtp as LabProtocol,
  sql: sql as LabProtocol,
  starttls: starttls as LabProtocol,
  tcp: tcp as LabProtocol,
  tls: tls as LabProtocol,
  websocket: websocket as LabProtocol,
}

/** Kinds of monitor that nothing can be played for, each with the reason, as it is shown to people. */
export const WITHOUT_LAB: Record<string, string> = {}
