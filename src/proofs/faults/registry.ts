import { fault as certificateChainExpired } from './certificate-chain-expired/fault.ts'
import { fault as certificateChainIncomplete } from './certificate-chain-incomplete/fault.ts'
import { fault as certificateExpired } from './certificate-expired/fault.ts'
import { fault as certificateExpiresSoon } from './certificate-expires-soon/fault.ts'
import { fault as certificateNotYetValid } from './certificate-not-yet-valid/fault.ts'
import { fault as certificateSelfSigned } from './certificate-self-signed/fault.ts'
import { fault as certificateUntrusted } from './certificate-untrusted/fault.ts'
import { fault as certificateWrongIssuer } from './certificate-wrong-issuer/fault.ts'
import { fault as certificateWrongName } from './certificate-wrong-name/fault.ts'
import { fault as connectionRefused } from './connection-refused/fault.ts'
import type { Fault } from './fault.ts'
import { fault as healthy } from './healthy/fault.ts'
import { fault as http500 } from './http-500/fault.ts'
import { fault as httpWrongContent } from './http-wrong-content/fault.ts'
import { fault as slow } from './slow/fault.ts'
import { fault as tarpit } from './tarpit/fault.ts'

/** Every fault, in the order in which a drill plays them. */
export const FAULTS: readonly Fault[] = [
  certificateExpired,
  certificateNotYetValid,
  certificateExpiresSoon,
  certificateWrongName,
  certificateWrongIssuer,
  certificateUntrusted,
  certificateSelfSigned,
  certificateChainIncomplete,
  certificateChainExpired,
  http500,
  httpWrongContent,
  slow,
  tarpit,
  connectionRefused,
]

/** What every drill plays before and after its faults. */
export const CONTROL: Fault = healthy

/** The names, for the configuration and its schema. */
export const FAULT_NAMES: readonly string[] = FAULTS.map((fault) => fault.name)
