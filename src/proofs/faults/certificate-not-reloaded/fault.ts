import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY } from '../../../kit/duration.ts'
import type { Fault } from '../fault.ts'
import { goodLeaf } from '../lab.ts'
import { startLabServer } from '../lab-server.ts'

/** The renewal went well, and the server was never told. */
export const fault: Fault = {
  name: 'certificate-not-reloaded',
  title: 'Renewed on the disk, not reloaded',
  description: 'A new certificate lies on the disk, and the server goes on with the old one until it ends.',
  breaks: 'any',
  of: 'tls',
  failureClass: 'certificate.not-reloaded',
  remedy: 'Set `expect.file` to the certificate on the disk of this machine.',
  applies: (expects) => expects.secure,
  // Without a file there is nothing to compare with: then only the end of the old one is seen.
  demanded: (expects) => expects.file === true,
  async start({ clock, lab, expects }) {
    const leaf = goodLeaf(expects, lab.now)
    const renewed = await lab.expected.issue({ ...leaf, notAfter: leaf.notAfter + 90 * DAY })
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-drill-'))
    const file = join(folder, 'renewed.pem')
    writeFileSync(file, renewed.chainPem)
    const running = await startLabServer({ clock, expects, certificate: lab.good })
    return {
      ...running,
      input: { file },
      async stop() {
        await running.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}
