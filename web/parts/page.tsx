import { Anchor, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

/** The head of a page: where it belongs, what it is, what can be done. */
export function PageHead(props: {
  title: string
  /** Shown in place of the title where that needs more than text; the title still names the window. */
  heading?: ReactNode
  lead?: ReactNode
  up?: { to: string; label: string }
  actions?: ReactNode
}) {
  useDocumentTitle(`${props.title} · Tocsin`)
  return (
    <header className="page-head">
      <div>
        {props.up && (
          <nav className="crumb" aria-label="Above this page">
            <Anchor component={Link} to={props.up.to} size="xs" underline="always">
              {props.up.label}
            </Anchor>
          </nav>
        )}
        <Title order={1}>{props.heading ?? props.title}</Title>
        {props.lead && (
          <div className="dim" style={{ marginTop: 4 }}>
            {props.lead}
          </div>
        )}
      </div>
      {props.actions && <div className="actions">{props.actions}</div>}
    </header>
  )
}

/** A card with its heading. */
export function Card(props: {
  title: string
  aside?: ReactNode
  children: ReactNode
  bare?: boolean
  lead?: ReactNode
}) {
  return (
    <section className="card" aria-label={props.title}>
      <header>
        <h2 className="card-title">{props.title}</h2>
        {props.lead && <span className="sub">{props.lead}</span>}
        {props.aside && <div className="aside">{props.aside}</div>}
      </header>
      {props.bare ? props.children : <div className="body">{props.children}</div>}
    </section>
  )
}

/** Pairs of a name and what it is. */
export function Facts({ of }: { of: [string, ReactNode][] }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
