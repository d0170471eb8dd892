/** A real SMTP server on loopback that keeps what it is sent. */
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

export interface Mail {
  to: string
  subject: string
  text: string
  html: string
  messageId: string
  /** Every header, as it stood. */
  headers: { key: string; value: string }[]
  /** When it was accepted, milliseconds. */
  at: number
}

export interface RunningSmtp {
  port: number
  mails: Mail[]
  /** Recipients that it knows no more: whoever writes to them is refused for good. */
  gone: Set<string>
  /** The first mail that matches, waiting for it; fails after `ms`. */
  waitFor(what: string, matches: (mail: Mail) => boolean, ms: number): Promise<Mail>
  stop(): Promise<void>
}

export async function startSmtp(): Promise<RunningSmtp> {
  const mails: Mail[] = []
  const gone = new Set<string>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo({ address }, _session, done) {
      done(gone.has(address) ? Object.assign(new Error('no such user here'), { responseCode: 550 }) : null)
    },
    onData(stream, session, done) {
      text(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => {
          for (const { address } of session.envelope.rcptTo)
            mails.push({
              to: address,
              subject: mail.subject ?? '',
              text: mail.text ?? '',
              html: mail.html ?? '',
              messageId: mail.messageId ?? '',
              headers: mail.headers,
              at: Date.now(),
            })
          done()
        }, done)
    },
  })
  // A client that goes away in the middle is not our failure.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as { port: number }
  return {
    port,
    mails,
    gone,
    async waitFor(what, matches, ms) {
      for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
        const found = mails.find(matches)
        if (found) return found
      }
      const had = mails.map((mail) => `${mail.to}: ${mail.subject}`).join('; ') || 'none'
      throw new Error(`no mail came within ${ms / 1000} s: ${what} (had: ${had})`)
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
