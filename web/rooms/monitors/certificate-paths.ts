import type { ClientVerdict, PathGraph } from '../../../src/contract/monitors.ts'
import { sayReason } from '../../parts/states.ts'

type GraphNode = PathGraph['nodes'][number]
type GraphPath = PathGraph['paths'][number]

/** Clients that a certificate breaks, and when. */
export interface Break {
  client: string
  verdict: 'degraded' | 'down'
  /** `old agents: connected until 17 Nov 2026` */
  text: string
}

/** A certificate as the drawing shows it. */
export interface DrawnNode extends GraphNode {
  title: string
  by: string
  breaks: Break[]
  /** Clients that go over it, now or once. */
  clients: string[]
}

/** A step from a certificate to its issuer; one that no client takes is told by the names alone. */
export interface DrawnEdge {
  from: string
  to: string
  taken: boolean
}

/** A time in which a client goes one way. */
export interface Way {
  key: string
  /** Null where it is open. */
  from: number | null
  until: number | null
  works: boolean
  reason: string
  members: string[]
  now: boolean
}

/** The value of one attribute of a name as certificates have it: `C=US, O=Example, Inc., CN=E1`. */
function attribute(name: string, key: string): string | null {
  return new RegExp(`(?:^|, )${key}=(.+?)(?=, [A-Za-z0-9.]+=|$)`).exec(name)?.[1] ?? null
}

/** What a certificate is called: its common name, or its organization, or all of it. */
export function shortName(name: string): string {
  return attribute(name, 'CN') ?? attribute(name, 'O') ?? (name || 'without a name')
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** `17 Nov 2026`: days of certificates are those of UTC, as in the verdicts. */
export function sayDate(instant: string | number): string {
  const [year, month, day] = new Date(instant).toISOString().slice(0, 10).split('-')
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`
}

const DAY = 86_400_000
const YEAR = 365.25 * DAY
/** How long until an end: `85 d left`, `ended 3 d ago`, hours on the last days, years where there are many. */
export function sayLeft(notAfter: string, now: number): string {
  const left = Date.parse(notAfter) - now
  const length = Math.abs(left)
  const said =
    length < 2 * DAY
      ? `${Math.floor(length / 3_600_000)} h`
      : length < 2 * YEAR
        ? `${Math.floor(length / DAY)} d`
        : `${Math.floor(length / YEAR)} y`
  return left < 0 ? `ended ${said} ago` : `${said} left`
}

function sayBreak({ name, verdict, lastDay }: ClientVerdict): string {
  if (verdict === 'degraded') return `${name}: breaks after ${lastDay ? sayDate(lastDay) : 'today'}`
  return lastDay ? `${name}: connected until ${sayDate(lastDay)}` : `${name}: never connects`
}

/** Where a path breaks: at the certificate of that name on it, or at its end. */
function breaksAt({ through, members }: GraphPath, byId: Map<string, GraphNode>): string | null {
  const named = members.filter((id) => byId.get(id)?.subject === through)
  return named.at(-1) ?? members.at(-1) ?? null
}

/** The way that a client takes now or, where none is, the next; what it is broken by if it is. */
function breakingPath(paths: GraphPath[], client: string, now: number): GraphPath | undefined {
  return paths.find(
    (path) =>
      path.client === client && path.reason !== 'ok' && (path.until === null || Date.parse(path.until) > now),
  )
}

/** The certificates with who breaks at them, and their steps, those that no client takes among them. */
export function drawnGraph(
  graph: PathGraph,
  clients: readonly ClientVerdict[],
  now: number,
): { nodes: DrawnNode[]; edges: DrawnEdge[] } {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const breaks = new Map<string, Break[]>()
  for (const client of clients) {
    if (client.verdict === 'up') continue
    // Another name is no matter of the path: it stands in the certificate itself.
    const ofName = client.reason === 'certificate.name-mismatch'
    const path = ofName ? undefined : breakingPath(graph.paths, client.name, now)
    const at = path ? breaksAt(path, byId) : graph.nodes[0]?.id
    if (!at) continue
    const said: Break = { client: client.name, verdict: client.verdict, text: sayBreak(client) }
    breaks.set(at, [...(breaks.get(at) ?? []), said])
  }
  const nodes = graph.nodes.map((node) => ({
    ...node,
    title: shortName(node.subject),
    by: node.selfSigned ? 'signs itself' : `by ${shortName(node.issuer)}`,
    breaks: breaks.get(node.id) ?? [],
    clients: [
      ...new Set(graph.paths.filter(({ members }) => members.includes(node.id)).map(({ client }) => client)),
    ],
  }))
  return { nodes, edges: edgesOf(graph) }
}

function edgesOf({ nodes, edges }: PathGraph): DrawnEdge[] {
  const taken = edges.map((edge): DrawnEdge => ({ ...edge, taken: true }))
  // What nobody takes still belongs somewhere: to the certificates that bear the name of its issuer.
  const begins = new Set(edges.map(({ from }) => from))
  const idle = nodes
    .filter(({ id, selfSigned }) => !selfSigned && !begins.has(id))
    .flatMap(({ id, issuer }) =>
      nodes
        .filter((other) => other.id !== id && other.subject === issuer)
        .map((other): DrawnEdge => ({ from: id, to: other.id, taken: false })),
    )
  // And what is above a certificate by name, though no client goes there.
  const ends = new Set([...edges.map(({ to }) => to), ...idle.map(({ to }) => to)])
  const unused = nodes
    .slice(1)
    .filter(({ id }) => !ends.has(id))
    .flatMap(({ id, subject }) =>
      nodes
        .filter((other) => other.id !== id && !other.selfSigned && other.issuer === subject)
        .map((other): DrawnEdge => ({ from: other.id, to: id, taken: false })),
    )
  return [...taken, ...idle, ...unused]
}

/** The ways of one client from now on, the present one first. */
export function waysOf(graph: PathGraph, client: string, now: number): Way[] {
  return graph.paths
    .filter((path) => path.client === client)
    .filter(({ until }) => until === null || Date.parse(until) > now)
    .map(({ from, until, reason, members }, place): Way => {
      const begins = from === null ? null : Date.parse(from)
      return {
        key: `${place} ${from} ${until}`,
        from: begins,
        until: until === null ? null : Date.parse(until),
        works: reason === 'ok',
        reason,
        members,
        now: begins === null || begins <= now,
      }
    })
}

/** When a way is taken, and what comes of it: `Until 3 Dec 2026: connects`. */
export function sayWay({ from, until, works, reason, now }: Way): string {
  const does = works ? 'connects' : sayReason(reason)
  if (now && works) return until === null ? 'Connects' : `Until ${sayDate(until - 1)}: ${does}`
  if (from === null) return `Now: ${does}`
  return now ? `Since ${sayDate(from)}: ${does}` : `From ${sayDate(from)}: ${does}`
}

/** The client that is shown first: one that is broken, or will break, or else the first. */
export function firstClient(clients: readonly ClientVerdict[]): string | null {
  const worst =
    clients.find(({ verdict }) => verdict === 'down') ?? clients.find((one) => one.verdict !== 'up')
  return (worst ?? clients[0])?.name ?? null
}

/** All of it in one sentence, for those who do not see the drawing. */
export function sayGraph(graph: PathGraph, clients: readonly ClientVerdict[]): string {
  const count = graph.nodes.length
  const sent = graph.nodes.filter(({ origin }) => origin === 'sent').length
  const broken = clients.filter(({ verdict }) => verdict === 'down').map(({ name }) => name)
  const soon = clients.filter(({ verdict }) => verdict === 'degraded').map(({ name }) => name)
  const parts = [
    `${count} ${count === 1 ? 'certificate' : 'certificates'}, ${sent} sent by the server`,
    ...(broken.length > 0 ? [`${broken.join(', ')} cannot connect`] : []),
    ...(soon.length > 0 ? [`${soon.join(', ')} will break`] : []),
    ...(broken.length + soon.length === 0 && clients.length > 0 ? ['every client connects'] : []),
  ]
  return `Paths of clients: ${parts.join('; ')}`
}
