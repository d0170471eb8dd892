import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY } from '../../src/kit/duration.ts'
import { type LabCa, type LabCertificate, mintLabCa } from '../../src/proofs/index.ts'
import { type RunningNginx, startNginx } from '../../test/harness/nginx.ts'
import { freePort } from '../../test/harness/ports.ts'
import { type RunningSmtp, startSmtp } from '../../test/harness/smtp.ts'
import { type RunningTocsin, startTocsin } from '../../test/harness/tocsin.ts'
import { type TourPlace, tourConfiguration } from './configuration.ts'

export const NAME = 'docs.lab.example'

export interface Stage {
  nginx: RunningNginx
  smtp: RunningSmtp
  tocsin: RunningTocsin
  place: TourPlace
  /** What nginx should serve. */
  good: LabCertificate
  /** The same name from the same authority, but its time is over. */
  expired: LabCertificate
  clear(): Promise<void>
}

function certificate(ca: LabCa, from: number, to: number): Promise<LabCertificate> {
  return ca.issue({ names: [NAME], notBefore: Date.now() + from, notAfter: Date.now() + to })
}

/** Sets up a certificate authority, a real nginx, a real SMTP server, and Tocsin itself. */
export async function setStage(port: number): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-tour-'))
  const ca = await mintLabCa({ subject: 'CN=Lab Trust Root, O=Lab Trust', now: Date.now() })
  const caFile = join(folder, 'lab-root.pem')
  writeFileSync(caFile, ca.rootPem)
  const good = await certificate(ca, -DAY, 90 * DAY)
  const expired = await certificate(ca, -90 * DAY, -60_000)
  const closing: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })]
  const clear = async () => {
    for (const close of closing.reverse()) await close()
  }
  try {
    const nginx = await startNginx(NAME, good)
    closing.push(() => nginx.stop())
    const smtp = await startSmtp()
    closing.push(() => smtp.stop())
    const ownPort = port || (await freePort())
    const place = {
      nginxPort: nginx.port,
      smtpPort: smtp.port,
      caFile,
      publicUrl: `http://127.0.0.1:${ownPort}`,
    }
    const tocsin = await startTocsin({ config: tourConfiguration(place, 'strict'), folder, port: ownPort })
    closing.push(() => tocsin.stop())
    return { nginx, smtp, tocsin, place, good, expired, clear }
  } catch (error) {
    await clear()
    throw error
  }
}
