import Markdown from 'react-markdown'
import tables from 'remark-gfm'

/** The text as it will read. HTML in it is shown as text; an image is a link, so that reading calls nobody. */
export function Preview({ text }: { text: string }) {
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
        }}
      >
        {text}
      </Markdown>
    </div>
  )
}
