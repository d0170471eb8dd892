import { lab as http } from './http/lab.ts'
import type { LabProtocol } from './lab-protocol.ts'
import { lab as tcp } from './tcp/lab.ts'
import { lab as tls } from './tls/lab.ts'

/** How each kind of monitor is given something to look at: one folder beside this file and one line here. */
export const LABS: Record<string, LabProtocol> = {
  http: http as LabProtocol,
  tcp: tcp as LabProtocol,
  tls: tls as LabProtocol,
}
