import Markdown from 'react-markdown'

/** The text as it will read. HTML in it is shown as text; an image is a link, so that reading calls nobody. */
export function Preview({ text }: { text: string }) {
  if (text.trim() === '') return <p className="dim">Nothing is written yet.</p>
  return (
    <div className="prose">
      <Markdown
        components={{
          img: ({ src, alt }) => (
            <a href={typeof src === 'string' ? src : undefined} rel="noreferrer noopener">
              {alt || 'image'}
            </a>
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
