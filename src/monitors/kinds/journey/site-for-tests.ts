/** A small shop, and pages that are wrong in one way each. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { programOf } from '../../../../test/harness/needs.ts'
import { systemClock } from '../../../kit/clock.ts'
import { checkOnce } from '../../check-once.ts'
import type { Observation } from '../../observation.ts'
import type { JourneyDetails } from './conclude-journey.rules.ts'
import { journey } from './index.ts'

const shop = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<form onsubmit="event.preventDefault(); signIn()">
  <label>User <input name="user"></label>
  <label>Password <input type="password" name="password"></label>
  <label>Year <select name="year"><option value="25">2025</option><option value="26">2026</option></select></label>
  <label><input type="checkbox"> Stay</label>
  <input placeholder="Find a book" data-testid="find">
  <button>Sign in</button><button type="button" disabled>Buy</button><button type="button">Help</button><button type="button">Help</button>
</form><ul id="list"></ul><p id="said"></p>
<script>
function signIn() {
  const { user, password, year } = Object.fromEntries(new FormData(document.forms[0]))
  if (password !== 'correct horse') { said.textContent = 'Wrong password'; return }
  history.pushState(null, '', '/account?user=' + user)
  document.title = 'Account'
  said.textContent = 'Welcome ' + user + ', your year is ' + year
  setTimeout(() => { list.innerHTML = '<li>One</li><li>Two</li><li>Three</li>' }, 150)
  document.forms[0].hidden = true
}
addEventListener('keydown', (event) => { if (event.key === 'F2') said.textContent = 'Shortcut' })
document.querySelector('[data-testid=find]').addEventListener('keydown', (event) => {
  if (event.key === 'Enter') event.preventDefault(), said.textContent = 'Found ' + event.target.value
})
</script>`

const page = (body: string) => `<!doctype html><title>Page</title>${body}`
const BYTES = Buffer.alloc(1_048_576)
const PAGES: Record<string, string> = {
  '/': shop,
  '/hang': page('<h1>Here</h1><script>onload = () => setTimeout(() => { for (;;); }, 20)</script>'),
  '/hang-on-input': page('<h1>Here</h1><script>onmousedown = onkeydown = () => { for (;;); }</script>'),
  '/throws': page('<h1>Here</h1><script>setTimeout(() => { throw new Error("cart is undefined") })</script>'),
  '/leave': page('<a href="/500">Pay</a><a href="/reset">Break</a><button>Stay</button>'),
  '/covered': page(
    '<button>Under</button><div style="position:fixed;inset:0;background:#fff" class="banner"></div>',
  ),
  '/much': page('<script>fetch("/bytes").then((all) => all.blob())</script>'),
  '/echo': page(
    '<input type="password" aria-label="Password" oninput="said.textContent = this.value"><p id="said"></p>',
  ),
}

/** Answers as the shop does. */
export const answerShop: RequestListener = (request, response) => {
  const path = request.url!.replace(/\?.*/, '')
  const html = { 'content-type': 'text/html; charset=utf-8' }
  if (path === '/500') return void response.writeHead(500, html).end(page('<h1>Out of order</h1>'))
  if (path === '/empty-500') return void response.writeHead(500).end()
  if (path === '/404') return void response.writeHead(404, html).end(page('<h1>Not here</h1>'))
  if (path === '/reset') return void request.socket.destroy()
  if (path === '/never') return
  if (path === '/circle') return void response.writeHead(302, { location: '/circle' }).end()
  if (path === '/metadata')
    return void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end()
  if (path === '/slow') return void setTimeout(() => response.writeHead(200, html).end(shop), 400)
  if (path === '/file') return void response.writeHead(302, { location: 'file:///etc/passwd' }).end()
  if (path === '/bytes') {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    const more = () => {
      while (!response.destroyed && response.write(BYTES)) {}
    }
    response.on('drain', more).on('error', () => {})
    return more()
  }
  const found = PAGES[path]
  response.writeHead(found ? 200 : 404, html).end(found ?? '')
}

export interface Site {
  url: string
  port: number
  /** Requests that came, by their path. */
  heard: string[]
  /** Connections that are open. */
  open(): number
  onUpgrade(listen: (request: IncomingMessage, socket: Socket, head: Buffer) => void): void
  stop(): void
}

/** The shop on loopback, over TLS where it is given an identity. */
export async function startSite(
  answer: RequestListener = answerShop,
  identity?: { key: string; cert: string },
): Promise<Site> {
  const heard: string[] = []
  const listener: RequestListener = (request, response) => {
    heard.push(request.url!)
    answer(request, response)
  }
  const server: Server = identity ? createSecureServer(identity, listener) : createServer(listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${identity ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    heard,
    open: () => sockets.size,
    onUpgrade: (listen) => void server.on('upgrade', listen),
    stop() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** One journey now, with the deadline that the scheduler keeps. */
export async function travel(
  settings: Record<string, unknown>,
  monitorId: string | null = null,
): Promise<Observation & { details: JourneyDetails }> {
  const spec = journey.schema.parse({ timeout: '15s', stepTimeout: '1500ms', ...settings })
  const seen = await checkOnce(journey, spec, { clock: systemClock, deadlineMs: spec.timeout, monitorId })
  return seen as Observation & { details: JourneyDetails }
}

/** Tests run with the Chromium that they know, whatever is set. */
export function useKnownBrowser(): void {
  const program = programOf('chromium')
  if (program) process.env.TOCSIN_CHROMIUM = program
}
