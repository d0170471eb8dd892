import { createServer, type Socket } from 'node:net'
import type { SmtpSpec } from '../../../monitors/index.ts'
import { aimAtTarget } from '../aim-at-target.ts'
import { goSecure } from '../go-secure.ts'
import type { Aim, LabIdentity, LabProtocol } from '../lab-protocol.ts'

/** What can be wrong with a mail server, as `twist`. */
export type SmtpTwist =
  | 'not-offered'
  | 'injection'
  | 'turned-away'
  | 'recipient-refused'
  | 'open-relay'
  | 'wrong-banner'
  | 'extension-missing'

/** What the healthy mail server says. */
interface HealthySmtp {
  security: SmtpSpec['security']
  banner: string
  /** Whether the monitor knows the server by its banner. */
  ownBanner: boolean
  extensions: string[]
  recipient: 'accepted' | 'refused'
}

/** A mail server that takes no mail. */
export const lab: LabProtocol<SmtpSpec> = {
  kind: 'smtp',
  aim: aimSmtp,
  server: ({ expects, twist }, identity) =>
    createServer((socket) => {
      const healthy = expects.healthy as HealthySmtp
      socket.on('error', () => {})
      const talk = (over: Socket, isSecure: boolean) =>
        converse(over, healthy, { isSecure, twist: twist as SmtpTwist | undefined, identity })
      if (healthy.security === 'tls') talk(goSecure(socket, identity!), true)
      else talk(socket, false)
    }),
}

function aimSmtp(spec: SmtpSpec): Aim {
  const healthy: HealthySmtp = {
    security: spec.security,
    banner: spec.expect.banner ?? 'lab ready',
    ownBanner: spec.expect.banner !== undefined,
    extensions: spec.expect.extensions,
    recipient: spec.envelope?.recipient ?? 'accepted',
  }
  return aimAtTarget(spec, { speaks: 'smtp', secure: spec.security !== 'none', healthy })
}

interface Talk {
  isSecure: boolean
  twist: SmtpTwist | undefined
  identity: LabIdentity | null
}

function converse(
  socket: Socket,
  healthy: HealthySmtp,
  { isSecure, twist, identity }: Talk,
  greets = true,
): void {
  const say = (...lines: string[]) => socket.write(lines.map((line) => `${line}\r\n`).join(''))
  const banner = twist === 'wrong-banner' ? otherThan(healthy.banner) : healthy.banner
  if (greets) say(twist === 'turned-away' ? '421 lab too busy' : `220 ${banner}`)
  const offers = healthy.security === 'starttls' && !isSecure && twist !== 'not-offered' ? ['STARTTLS'] : []
  const takes = twist === 'open-relay' || (healthy.recipient === 'accepted' && twist !== 'recipient-refused')
  let heard = ''
  const hear = (chunk: Buffer) => {
    heard = (heard + chunk.toString('latin1')).slice(-4_096)
    for (let end = heard.indexOf('\n'); end >= 0; end = heard.indexOf('\n')) {
      const verb = heard.slice(0, 4).toUpperCase()
      heard = heard.slice(end + 1)
      if (verb === 'STAR' && identity) {
        socket.removeListener('data', hear)
        socket.pause()
        say('220 begin', ...(twist === 'injection' ? ['250 injected'] : []))
        converse(goSecure(socket, identity), healthy, { isSecure: true, twist, identity }, false)
        return
      }
      if (verb === 'EHLO') {
        const extensions = healthy.extensions.slice(0, twist === 'extension-missing' ? -1 : undefined)
        const lines = ['lab', ...offers, ...extensions]
        say(...lines.map((line, index) => `250${index < lines.length - 1 ? '-' : ' '}${line}`))
      } else if (verb === 'RCPT') say(takes ? '250 ok' : '550 no such person')
      else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else say('250 ok')
    }
  }
  socket.on('data', hear)
}

/** A greeting that does not contain this text. */
function otherThan(banner: string): string {
  return 'another-host.invalid'.includes(banner) ? '~' : 'another-host.invalid'
}
