import './certificate-graph.css'
import { Select } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import {
  IconAlertTriangleFilled,
  IconArrowUpRight,
  IconCircleXFilled,
  IconHelpCircle,
  IconSend2,
  IconShieldCheck,
} from '@tabler/icons-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { ClientVerdict, PathGraph } from '../../../src/contract/monitors.ts'
import { type Head, Rows } from '../../parts/list.tsx'
import { ExactMoment } from '../../parts/moment.tsx'
import { Facts } from '../../parts/page.tsx'
import { useNow } from '../../times/now.ts'
import { layOut } from './certificate-graph-layout.ts'
import {
  type DrawnEdge,
  type DrawnNode,
  drawnGraph,
  firstClient,
  sayDate,
  sayGraph,
  sayLeft,
  sayWay,
  waysOf,
} from './certificate-paths.ts'

const ORIGINS = {
  sent: { Icon: IconSend2, word: 'sent', long: 'sent by the server' },
  store: { Icon: IconShieldCheck, word: 'from store', long: 'not sent, in the store of a client' },
  known: { Icon: IconHelpCircle, word: 'known', long: 'not sent and not used, but it could be sent' },
} as const
const EVERYBODY = '*'
/** What moves by hours need not be laid out every few seconds. */
const HOUR = 3_600_000

/** The paths of clients through certificates: the leaf at one end, roots at the other, and who breaks where. */
export function CertificateGraph({ of, clients }: { of: PathGraph; clients: ClientVerdict[] }) {
  const now = Math.floor(useNow() / HOUR) * HOUR
  const [chosen, setChosen] = useState<string | null>(null)
  const [wayKey, setWayKey] = useState<string | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const names = [...new Set(of.paths.map(({ client }) => client))]
  const client = chosen ?? firstClient(clients) ?? EVERYBODY
  const { nodes, edges } = useMemo(() => drawnGraph(of, clients, now), [of, clients, now])
  const ways = waysOf(of, client, now)
  const way = ways.find(({ key }) => key === wayKey) ?? ways[0]
  const open = nodes.find(({ id }) => id === opened)
  return (
    <div className="cert-graph">
      <div className="cert-choice">
        {names.length > 0 && (
          <Select
            size="xs"
            label="Path of"
            data={[
              ...names.map((name) => ({ value: name, label: name })),
              { value: EVERYBODY, label: 'every client' },
            ]}
            value={client}
            onChange={(value) => {
              setChosen(value)
              setWayKey(null)
            }}
          />
        )}
        {way && (
          <fieldset className="cert-ways">
            <legend className="sub">When</legend>
            {ways.map((one) => (
              <button
                key={one.key}
                type="button"
                className="cert-way"
                data-tone={one.works ? 'good' : 'bad'}
                aria-pressed={one === way}
                onClick={() => setWayKey(one.key)}
              >
                {one.works ? null : <IconCircleXFilled size={13} aria-hidden="true" />}
                {sayWay(one)}
              </button>
            ))}
          </fieldset>
        )}
      </div>
      {clients.some(({ name, reason }) => name === client && reason === 'certificate.name-mismatch') && (
        <p className="sub cert-note">The path is sound, but the certificate is for another name.</p>
      )}
      <Drawing
        nodes={nodes}
        edges={edges}
        now={now}
        path={way?.members ?? []}
        broken={way !== undefined && !way.works}
        label={sayGraph(of, clients)}
        opened={opened}
        open={(id) => setOpened(id === opened ? null : id)}
      />
      {open && <NodeFacts of={open} />}
      <Legend nodes={nodes} />
      <details>
        <summary className="sub">The same as a table</summary>
        <NodeTable of={nodes} />
      </details>
    </div>
  )
}

/** How many lines a text takes, as words wrap: by the widest letters that a system has, so that none is cut off. */
function linesOf(text: string, room: number, perLetter: number, most: number): number {
  const letters = Math.max(1, Math.floor(room / perLetter))
  let [lines, filled] = [1, 0]
  for (const word of text.split(' ')) {
    const wanted = filled === 0 ? word.length : filled + 1 + word.length
    if (wanted <= letters) filled = wanted
    else {
      lines += (filled === 0 ? 0 : 1) + Math.floor((word.length - 1) / letters)
      filled = word.length % letters || letters
    }
  }
  return Math.min(most, lines)
}

/** How high a node is at a width. */
function heightOf({ title, by, notAfter, breaks }: DrawnNode, width: number, now: number): number {
  const room = width - 24
  const ends = linesOf(`${sayDate(notAfter)} · ${sayLeft(notAfter, now)}`, room, 6.4, 2)
  const marks = breaks.slice(0, MOST_MARKS)
  const marked = marks.reduce((sum, { text }) => sum + linesOf(text, room - 27, 7, 4) * 15 + 7, 0)
  const more = breaks.length > MOST_MARKS ? 17 : 0
  return 34 + linesOf(title, room, 8, 3) * 17 + linesOf(by, room, 6.8, 2) * 16 + ends * 16 + marked + more
}
const MOST_MARKS = 2

interface DrawingProps {
  nodes: DrawnNode[]
  edges: DrawnEdge[]
  now: number
  /** The certificates of the chosen path, in its order. */
  path: string[]
  broken: boolean
  label: string
  opened: string | null
  open: (id: string) => void
}

function Drawing({ nodes, edges, now, path, broken, label, opened, open }: DrawingProps) {
  const { ref, width } = useElementSize()
  const place = useRef<HTMLDivElement>(null)
  const layout = useMemo(() => {
    const byId = new Map(nodes.map((node) => [node.id, node]))
    return layOut({
      ids: nodes.map(({ id }) => id),
      edges,
      width: Math.max(240, Math.floor(width) - 2),
      heightOf: (id, wide) => heightOf(byId.get(id)!, wide, now),
    })
  }, [nodes, edges, width, now])
  const isTaken = (from: string, to: string) =>
    path.indexOf(to) === path.indexOf(from) + 1 && path.includes(from)
  /** The arrow keys follow the paths: to the issuer, back, and to what stands beside. */
  const step = (event: KeyboardEvent, from: string) => {
    const at = layout.nodes.find(({ id }) => id === from)!
    const forward = layout.direction === 'up' ? 'ArrowUp' : 'ArrowRight'
    const back = layout.direction === 'up' ? 'ArrowDown' : 'ArrowLeft'
    const beside = layout.nodes
      .filter(({ layer }) => layer === at.layer)
      .sort((a, b) => a.x - b.x || a.y - b.y)
    const index = beside.indexOf(at)
    const to =
      event.key === forward
        ? (
            edges.find((edge) => isTaken(edge.from, edge.to) && edge.from === from) ??
            edges.find((edge) => edge.from === from)
          )?.to
        : event.key === back
          ? (
              edges.find((edge) => isTaken(edge.from, edge.to) && edge.to === from) ??
              edges.find((edge) => edge.to === from)
            )?.from
          : /^Arrow(Left|Up)$/.test(event.key)
            ? beside[index - 1]?.id
            : /^Arrow(Right|Down)$/.test(event.key)
              ? beside[index + 1]?.id
              : undefined
    if (!/^Arrow/.test(event.key)) return
    event.preventDefault()
    if (to) place.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"]`)?.focus()
  }
  // What is chosen lies on top.
  const lines = [...layout.lines].sort(
    (a, b) => Number(isTaken(a.from, a.to)) - Number(isTaken(b.from, b.to)),
  )
  const ordered = [...layout.nodes].sort((a, b) => a.layer - b.layer || a.x - b.x || a.y - b.y)
  return (
    <div ref={ref} className="cert-scroll">
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a set of fields is something else
        <div
          ref={place}
          role="group"
          aria-label={label}
          className="cert-drawing"
          style={{ width: layout.width, height: layout.height }}
        >
          <svg width={layout.width} height={layout.height} aria-hidden="true">
            {lines.map((line) => {
              const taken = isTaken(line.from, line.to)
              const used = edges.some((edge) => edge.taken && edge.from === line.from && edge.to === line.to)
              return (
                <g
                  key={`${line.from} ${line.to}`}
                  data-taken={taken}
                  data-broken={taken && broken}
                  data-used={used}
                >
                  <path className="cert-line" d={line.path} />
                  <path className="cert-head" d={line.head} />
                </g>
              )
            })}
          </svg>
          {ordered.map(({ id, x, y, width: wide, height }) => {
            const node = nodes.find((one) => one.id === id)!
            return (
              <Node
                key={id}
                of={node}
                step={path.indexOf(id) + 1}
                broken={broken}
                opened={opened === id}
                style={{ left: x, top: y, width: wide, height }}
                open={() => open(id)}
                onKeyDown={(event) => step(event, id)}
              />
            )
          })}
        </div>
      )}
    </div>
  )
}

interface NodeProps {
  of: DrawnNode
  /** Its place on the chosen path; 0 beside it. */
  step: number
  broken: boolean
  opened: boolean
  style: React.CSSProperties
  open: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

function Node({ of, step, broken, opened, style, open, onKeyDown }: NodeProps) {
  const now = useNow()
  const { Icon, word } = ORIGINS[of.origin]
  const isOver = Date.parse(of.notAfter) < now
  const more = of.breaks.length - MOST_MARKS
  return (
    <button
      type="button"
      className="cert-node"
      data-node={of.id}
      data-origin={of.origin}
      data-on-path={step > 0}
      data-broken={step > 0 && broken}
      data-breaks={of.breaks.length > 0}
      aria-expanded={opened}
      style={style}
      onClick={open}
      onKeyDown={onKeyDown}
    >
      <span className="cert-origin">
        <Icon size={13} aria-hidden="true" /> {word}
        {step > 0 && (
          <span className="cert-step" title="Its place on the chosen path">
            {step}
          </span>
        )}
      </span>
      <strong className="cert-title">{of.title}</strong>
      <span className="cert-by">{of.by}</span>
      <span className="cert-ends" data-over={isOver}>
        {sayDate(of.notAfter)} · {sayLeft(of.notAfter, now)}
      </span>
      {of.breaks.slice(0, MOST_MARKS).map(({ client, verdict, text }) => (
        <span key={client} className="cert-mark" data-tone={verdict === 'down' ? 'bad' : 'warn'}>
          {verdict === 'down' ? (
            <IconCircleXFilled size={13} aria-hidden="true" />
          ) : (
            <IconAlertTriangleFilled size={13} aria-hidden="true" />
          )}
          <span>{text}</span>
        </span>
      ))}
      {more > 0 && <span className="cert-by">and {more} more</span>}
    </button>
  )
}

function NodeFacts({ of }: { of: DrawnNode }) {
  const label = useId()
  return (
    <section className="cert-facts" aria-labelledby={label} role="status">
      <h3 id={label}>{of.title}</h3>
      <Facts
        of={[
          ['Subject', <Mono key="s">{of.subject}</Mono>],
          ['Issuer', <Mono key="i">{of.issuer}</Mono>],
          ['From', <ExactMoment key="f" at={of.notBefore} />],
          ['Ends', <ExactMoment key="e" at={of.notAfter} />],
          ['Origin', ORIGINS[of.origin].long],
          ['Used by', of.clients.join(', ') || 'no client that is named'],
          ['SHA-256', <Mono key="h">{of.id}…</Mono>],
          ...(of.breaks.length > 0
            ? [['Breaks', of.breaks.map(({ text }) => text).join('; ')] as [string, string]]
            : []),
        ]}
      />
    </section>
  )
}

const Mono = ({ children }: { children: React.ReactNode }) => <span className="mono">{children}</span>

function Legend({ nodes }: { nodes: DrawnNode[] }) {
  const there = new Set(nodes.map(({ origin }) => origin))
  return (
    <ul className="legend cert-legend">
      {(['sent', 'store', 'known'] as const)
        .filter((origin) => there.has(origin))
        .map((origin) => {
          const { Icon, long } = ORIGINS[origin]
          return (
            <li key={origin}>
              <span className="cert-swatch" data-origin={origin}>
                <Icon size={12} aria-hidden="true" />
              </span>{' '}
              {long}
            </li>
          )
        })}
      <li className="dim">
        <IconArrowUpRight size={13} aria-hidden="true" /> leads to the issuer
      </li>
    </ul>
  )
}

const HEADS: Head[] = ['Certificate', 'Origin', 'Signed by', { right: 'Ends' }, 'Used by', 'Breaks']

function NodeTable({ of }: { of: DrawnNode[] }) {
  const now = useNow()
  return (
    <div className="cert-table">
      <Rows of={of} heads={HEADS}>
        {(node) => (
          <tr>
            <td>
              <strong>{node.title}</strong>
            </td>
            <td data-label="origin">{ORIGINS[node.origin].word}</td>
            <td data-label="signed by">{node.selfSigned ? 'itself' : node.by.replace(/^by /, '')}</td>
            <td className="tight right" data-label="ends">
              {sayDate(node.notAfter)}
              <div className="sub">{sayLeft(node.notAfter, now)}</div>
            </td>
            <td data-label="used by">{node.clients.join(', ') || '–'}</td>
            <td className="wide">{node.breaks.map(({ text }) => text).join('; ') || 'nobody'}</td>
          </tr>
        )}
      </Rows>
    </div>
  )
}
