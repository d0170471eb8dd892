/** A real OpenID provider (`oidc-provider`) on loopback, in this process or, to be frozen, in one of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'

export const CLIENT = { id: 'tocsin', secret: 'a secret of this test' }
export const AUDIENCE = 'urn:lab:jobs'
export const PATHS = { discovery: '/.well-known/openid-configuration', keys: '/jwks', token: '/token' }

/** A key pair for signatures, private half included, as the provider wants it. */
export async function signingKey(kid: string, alg = 'RS256', options: object = {}): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, ...options })
  return { ...(await exportJWK(privateKey)), kid, alg, use: 'sig' }
}

export interface OidcProvider {
  issuer: string
  port: number
  /** What the provider signs with (the first that fits) and publishes from now on. */
  rotate(keys: JWK[]): Promise<void>
  /** How long it keeps silent at a path before it answers; Infinity never does. */
  delay(path: string, ms: number): void
  /** Answers at a path in the provider's place; null gives it back. */
  replace(path: string, listener: RequestListener | null): void
  stop(): Promise<void>
}

interface Options {
  keys: JWK[]
  tls?: { key: string; cert: string }
  /** The host in the issuer. */
  host?: string
  /** How long tokens live, in seconds. */
  lifetime?: number
}

/** Starts the provider in this process. */
export async function startOidcProvider(options: Options): Promise<OidcProvider> {
  let provider: RequestListener = (_, response) => response.writeHead(503).end()
  const delays = new Map<string, number>()
  const replaced = new Map<string, RequestListener>()
  const timers = new Set<NodeJS.Timeout>()
  const sockets = new Set<Socket>()
  const onRequest: RequestListener = (request, response) => {
    const path = request.url!.split('?')[0]!
    const wait = delays.get(path) ?? 0
    const answer = () => (replaced.get(path) ?? provider)(request, response)
    if (wait === 0) answer()
    else if (Number.isFinite(wait)) timers.add(setTimeout(answer, wait))
  }
  const server = options.tls ? createSecureServer(options.tls, onRequest) : createServer(onRequest)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http${options.tls ? 's' : ''}://${options.host ?? '127.0.0.1'}:${port}`
  const rotate = async (keys: JWK[]) => {
    provider = await providerWith(issuer, keys, options.lifetime ?? 600)
  }
  await rotate(options.keys)
  return {
    issuer,
    port,
    rotate,
    delay: (path, ms) => void delays.set(path, ms),
    replace: (path, listener) => void (listener ? replaced.set(path, listener) : replaced.delete(path)),
    async stop() {
      for (const timer of timers) clearTimeout(timer)
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function providerWith(issuer: string, keys: JWK[], lifetime: number): Promise<RequestListener> {
  // It warns of everything that a lab does not need, on every start.
  const { info, warn } = console
  console.info = console.warn = () => {}
  try {
    // @ts-expect-error It comes without types.
    const { default: Provider } = await import('oidc-provider')
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
          scope: 'jobs.submit jobs.read',
        },
      ],
      scopes: ['jobs.submit', 'jobs.read'],
      jwks: { keys },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          useGrantedResource: () => true,
          getResourceServerInfo: () => ({
            scope: 'jobs.submit jobs.read',
            audience: AUDIENCE,
            accessTokenTTL: lifetime,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: keys[0]!.alg as 'RS256' } },
          }),
        },
      },
      ttl: { ClientCredentials: lifetime },
    })
    return provider.callback()
  } finally {
    console.info = info
    console.warn = warn
  }
}

/** A provider in a process of its own, which can be frozen. */
export interface OidcProcess {
  issuer: string
  port: number
  /** Accepts connections from now on, and answers nothing. */
  freeze(): void
  thaw(): void
  stop(): Promise<void>
}

/** Starts the provider in another process. */
export async function startOidcProcess(): Promise<OidcProcess> {
  const child: ChildProcess = fork(import.meta.filename, ['serve'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const last = () => child.kill('SIGKILL')
  process.once('exit', last)
  const [{ issuer, port }] = (await once(child, 'message')) as [{ issuer: string; port: number }]
  return {
    issuer,
    port,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      process.removeListener('exit', last)
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

if (process.argv[1] === import.meta.filename && process.argv[2] === 'serve') {
  const { issuer, port } = await startOidcProvider({ keys: [await signingKey('first')] })
  process.send!({ issuer, port })
}
