import type { ServiceGraph as Graph } from '../../../../src/contract/live-pieces.ts'
import { BOX, layOut, sayGraph } from './graph-layout.ts'

const KINDS = { below: 'stands below', hit: 'hit', reached: 'stood still or may have' } as const

const kindOf = (distance: number): keyof typeof KINDS =>
  distance < 0 ? 'below' : distance === 0 ? 'hit' : 'reached'

/** The services that were hit, with what they stand on and who stands on them. */
export function ServiceGraph({ of, centre }: { of: Graph; centre: readonly string[] }) {
  const drawing = layOut(of, centre)
  const { width, height, boxes, lines } = drawing
  const kinds = [...new Set(boxes.map(({ distance }) => kindOf(distance)))]
  return (
    <div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="service-graph" tabIndex={0} aria-label="Services, from cause to reach">
        <svg
          // Smaller where there is little room, and not so small that nobody could read it.
          style={{ width: width + 4, maxWidth: '100%', minWidth: Math.min(width + 4, 460) }}
          viewBox={`-2 -2 ${width + 4} ${height + 4}`}
          role="img"
          aria-label={sayGraph(drawing)}
        >
          {lines.map(({ from, to, path }) => (
            <path key={`${from} ${to}`} d={path} className="graph-line" />
          ))}
          {boxes.map(({ id, name, x, y, distance }) => (
            <g key={id} data-kind={kindOf(distance)} className="graph-box">
              <title>{`${name}: ${KINDS[kindOf(distance)]}`}</title>
              <rect x={x} y={y} width={BOX.width} height={BOX.height} rx="6" />
              <text
                x={x + BOX.width / 2}
                y={y + BOX.height / 2}
                dominantBaseline="central"
                textAnchor="middle"
              >
                {name.length > 18 ? `${name.slice(0, 17)}…` : name}
              </text>
            </g>
          ))}
        </svg>
      </section>
      <ul className="legend">
        {kinds.map((kind) => (
          <li key={kind}>
            <svg width="16" height="12" aria-hidden="true" className="graph-box" data-kind={kind}>
              <rect x="1" y="1" width="14" height="10" rx="2" />
            </svg>{' '}
            {KINDS[kind]}
          </li>
        ))}
      </ul>
    </div>
  )
}
