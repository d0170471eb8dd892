import './postmortems.css'
import type { ComponentProps } from 'react'
import Markdown from 'react-markdown'
import tables from 'remark-gfm'
import { LivePieceBlock } from './live/live-piece.tsx'

type PreProps = ComponentProps<'pre'> & {
  node?: {
    children: { type: string; tagName?: string; properties?: object; data?: unknown; children?: object[] }[]
  }
}

/** What a fenced block of live pieces says; null for any other block. */
function liveBlock(node: PreProps['node']): { info: string; text: string } | null {
  const [code] = node?.children ?? []
  if (code?.tagName !== 'code') return null
  const { className } = (code.properties ?? {}) as { className?: string[] }
  if (!className?.some((name) => name.toLowerCase() === 'language-tocsin')) return null
  const [text] = (code.children ?? []) as { value?: string }[]
  const { meta } = (code.data ?? {}) as { meta?: string | null }
  return { info: meta ?? '', text: text?.value ?? '' }
}

/**
 * The text as it will read. HTML in it is shown as text; an image is a link, so that reading calls nobody. With `live`,
 * the id of a post-mortem, its live pieces are drawn from the record.
 */
export function Preview({ text, live }: { text: string; live?: string }) {
  if (text.trim() === '') return <p className="dim">Nothing is written yet.</p>
  return (
    <div className="prose">
      <Markdown
        remarkPlugins={[tables]}
        components={{
          img: ({ src, alt }) => (
            <a href={typeof src === 'string' ? src : undefined} rel="noreferrer noopener">
              {alt || 'image'}
            </a>
          ),
          table: ({ children }) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            <section className="prose-table" tabIndex={0} aria-label="Table">
              <table>{children}</table>
            </section>
          ),
          a: ({ href, children }) => (
            <a href={href} rel="noreferrer noopener">
              {children}
            </a>
          ),
          pre: ({ node, children }: PreProps) => {
            const block = live === undefined ? null : liveBlock(node)
            if (block && live !== undefined) return <LivePieceBlock of={live} {...block} />
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            return <pre tabIndex={0}>{children}</pre>
          },
        }}
      >
        {text}
      </Markdown>
    </div>
  )
}
