/** Real vsftpd, slapd, MariaDB and prosody on loopback. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { accountOf, daemonFolder, type Identity, type RunningDaemon, startDaemon } from './daemon.ts'
import { freePort } from './ports.ts'

const run = promisify(execFile)

/** Starts an FTP server without users. */
export async function startVsftpd(identity: Identity | null): Promise<RunningDaemon> {
  const folder = daemonFolder('vsftpd')
  const port = await freePort()
  const empty = folder.makeFolder('empty')
  if (identity) folder.place(identity)
  const config = folder.write(
    'vsftpd.conf',
    `listen=YES
listen_address=127.0.0.1
listen_port=${port}
background=NO
local_enable=NO
anonymous_enable=YES
anon_root=${empty}
secure_chroot_dir=${empty}
${process.getuid?.() === 0 ? '' : 'run_as_launching_user=YES\n'}seccomp_sandbox=NO
${
  identity
    ? `ssl_enable=YES
allow_anon_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file=${folder.path}/cert.pem
rsa_private_key_file=${folder.path}/key.pem
`
    : ''
}`,
  )
  return startDaemon('vsftpd', [config], [port], folder)
}

/** Starts a directory with nothing in it. */
export async function startSlapd(identity: Identity | null): Promise<RunningDaemon> {
  const folder = daemonFolder('slapd')
  const port = await freePort()
  if (identity) folder.place(identity)
  const config = folder.write(
    'slapd.conf',
    `include /etc/ldap/schema/core.schema
pidfile ${folder.path}/slapd.pid
${identity ? `TLSCertificateFile ${folder.path}/cert.pem\nTLSCertificateKeyFile ${folder.path}/key.pem` : ''}
`,
  )
  return startDaemon('slapd', ['-f', config, '-h', `ldap://127.0.0.1:${port}`, '-d', '0'], [port], folder)
}

/** Starts MariaDB with an empty database in a temporary folder. */
export async function startMariadb(
  identity: Identity | null,
  settings: string[] = [],
): Promise<RunningDaemon> {
  const account = accountOf('mysql')
  const folder = daemonFolder('mariadb', account)
  const port = await freePort()
  const data = folder.makeFolder('data')
  if (identity) folder.place(identity)
  const installer = ['/usr/bin/mariadb-install-db', '/opt/homebrew/bin/mariadb-install-db'].find(existsSync)
  if (!installer) throw new Error('mariadb-install-db is not installed; see docs/developing.md')
  const as = account ? [`--user=mysql`] : []
  await run(installer, ['--no-defaults', `--datadir=${data}`, '--skip-test-db', ...as], { cwd: folder.path })
  return startDaemon(
    'mariadb',
    [
      '--no-defaults',
      ...as,
      `--datadir=${data}`,
      `--socket=${folder.path}/socket`,
      `--pid-file=${folder.path}/pid`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--innodb-buffer-pool-size=16M',
      '--innodb-flush-log-at-trx-commit=0',
      ...(identity
        ? [`--ssl-cert=${folder.path}/cert.pem`, `--ssl-key=${folder.path}/key.pem`]
        : ['--skip-ssl']),
      ...settings,
    ],
    [port],
    folder,
    { end: 'SIGKILL' },
  )
}

export interface RunningProsody extends RunningDaemon {
  serverPort: number
}

/** Starts an XMPP server for one domain. */
export async function startProsody(domain: string, identity: Identity | null): Promise<RunningProsody> {
  const account = accountOf('prosody')
  const folder = daemonFolder('prosody', account)
  const [clients, servers] = [await freePort(), await freePort()]
  folder.makeFolder('data')
  if (identity) folder.place(identity)
  const tls = identity
    ? `ssl = { certificate = "${folder.path}/cert.pem"; key = "${folder.path}/key.pem"; }`
    : ''
  const config = folder.write(
    'prosody.cfg.lua',
    `daemonize = false
data_path = "${folder.path}/data"
pidfile = "${folder.path}/prosody.pid"
interfaces = { "127.0.0.1" }
c2s_ports = { ${clients} }
s2s_ports = { ${servers} }
modules_enabled = { "roster", "saslauth", "dialback", "disco"${identity ? ', "tls"' : ''} }
modules_disabled = { "http"${identity ? '' : ', "tls"'} }
c2s_require_encryption = ${identity !== null}
authentication = "internal_hashed"
log = { warn = "*console" }
VirtualHost "${domain}"
${tls}
`,
    0o644,
  )
  const args = ['-F', '--config', config]
  const daemon = await startDaemon('prosody', args, [clients, servers], folder, account ?? {})
  return { ...daemon, serverPort: servers }
}
