/** A real nginx on loopback, whose certificate can be changed under it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programOf } from './needs.ts'
import { freePort, portAnswers } from './ports.ts'

export interface ServedCertificate {
  /** Leaf and intermediates, PEM. */
  chainPem: string
  keyPem: string
}

export interface RunningNginx {
  port: number
  /** Puts another certificate in place and reloads, as a renewal would. */
  serve(certificate: ServedCertificate): Promise<void>
  stop(): Promise<void>
}

/** Starts nginx for one name, over TLS, in the foreground of a child process. */
export async function startNginx(name: string, certificate: ServedCertificate): Promise<RunningNginx> {
  const program = programOf('nginx')
  if (!program) throw new Error('nginx is not installed; see docs/developing.md')
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-nginx-'))
  const port = await freePort()
  mkdirSync(join(folder, 'www'))
  writeFileSync(
    join(folder, 'www', 'index.html'),
    `<!doctype html><title>${name}</title><p>It is well.</p>\n`,
  )
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log warn; worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} ssl;
    server_name ${name};
    ssl_certificate ${folder}/leaf.pem;
    ssl_certificate_key ${folder}/leaf.key;
    root ${folder}/www;
  }
}
`,
  )
  const place = ({ chainPem, keyPem }: ServedCertificate) => {
    writeFileSync(join(folder, 'leaf.pem'), chainPem)
    writeFileSync(join(folder, 'leaf.key'), keyPem, { mode: 0o600 })
  }
  place(certificate)
  const child: ChildProcess = spawn(program, ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr?.on('data', (chunk) => {
    complaints += chunk
  })
  for (let tries = 0; !(await portAnswers(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`nginx did not start: ${complaints}`)
    await sleep(25)
  }
  return {
    port,
    async serve(next) {
      place(next)
      child.kill('SIGHUP')
    },
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
