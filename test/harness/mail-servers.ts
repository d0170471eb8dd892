/** Real exim and dovecot on loopback. */
import { accountOf, daemonFolder, type Identity, type RunningDaemon, startDaemon } from './daemon.ts'
import { freePort } from './ports.ts'

export interface EximOptions {
  /** No TLS is offered without. */
  identity?: Identity
  /** Takes mail for everybody, as no server should. */
  openRelay?: boolean
  /** Further lines of its main section. */
  more?: string
}

/** Starts exim for example.org: mail for ana and postmaster is taken, nothing is relayed, nothing is delivered. */
export async function startExim({
  identity,
  openRelay,
  more = '',
}: EximOptions = {}): Promise<RunningDaemon> {
  const folder = daemonFolder('exim', accountOf('Debian-exim'))
  const port = await freePort()
  folder.makeFolder('spool')
  folder.makeFolder('log')
  if (identity) folder.place(identity)
  const config = folder.write(
    'exim.conf',
    `primary_hostname = mail.example.org
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
spool_directory = ${folder.path}/spool
log_file_path = ${folder.path}/log/%slog
pid_file_path = ${folder.path}/exim.pid
host_lookup =
rfc1413_query_timeout = 0s
tls_advertise_hosts = ${identity ? '*' : ''}
${identity ? `tls_certificate = ${folder.path}/cert.pem\ntls_privatekey = ${folder.path}/key.pem` : ''}
acl_smtp_rcpt = recipients
${more}
begin acl
recipients:
  accept domains = example.org
         local_parts = ana : postmaster
  deny   domains = example.org
         message = no such person here
  ${openRelay ? 'accept' : 'deny message = relay not permitted'}
begin routers
nobody:
  driver = redirect
  data = :blackhole:
`,
    0o644,
    // A configuration that its own account could change is refused.
    true,
  )
  return startDaemon('exim', ['-bdf', '-C', config], [port], folder)
}

export interface RunningDovecot extends RunningDaemon {
  imapPort: number
  pop3Port: number
}

/** Starts dovecot with IMAP and POP3, where nobody can log in. */
export async function startDovecot(identity: Identity | null): Promise<RunningDovecot> {
  const folder = daemonFolder('dovecot')
  const [imapPort, pop3Port] = [await freePort(), await freePort()]
  folder.makeFolder('run')
  folder.makeFolder('state')
  if (identity) folder.place(identity)
  const inet = (service: string, plain: string, secure: string, port: number) => `service ${service} {
  chroot =
  inet_listener ${plain} {
    port = ${port}
  }
  inet_listener ${secure} {
    port = 0
  }
}
`
  const config = folder.write(
    'dovecot.conf',
    `protocols = imap pop3
listen = 127.0.0.1
base_dir = ${folder.path}/run
state_dir = ${folder.path}/state
log_path = ${folder.path}/dovecot.log
ssl = ${identity ? 'yes' : 'no'}
${identity ? `ssl_cert = <${folder.path}/cert.pem\nssl_key = <${folder.path}/key.pem` : ''}
mail_location = maildir:${folder.path}/mail
passdb {
  driver = static
  args = password=never
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder.path}/home
}
${inet('imap-login', 'imap', 'imaps', imapPort)}${inet('pop3-login', 'pop3', 'pop3s', pop3Port)}`,
    0o644,
  )
  const daemon = await startDaemon('dovecot', ['-F', '-c', config], [imapPort, pop3Port], folder)
  return { ...daemon, imapPort, pop3Port }
}
