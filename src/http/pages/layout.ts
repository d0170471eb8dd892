const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML text, also inside attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)
}

const STYLE = `
:root { color-scheme: light dark; --ink: #16181d; --paper: #fff; --soft: #5b6270; --line: #d5d9e0; --go: #0b6b3a; --on-go: #fff; --bad: #b3261e }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --paper: #14161a; --soft: #a3abb9; --line: #343a45; --go: #3ecf85; --on-go: #06170e; --bad: #ff8a80 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 18px/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 34rem; margin: 0 auto; padding: 1.25rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem }
p { margin: .75rem 0 } .soft { color: var(--soft) } .bad { color: var(--bad); font-weight: 600 }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; border-block: 1px solid var(--line); padding: .75rem 0 }
dt { color: var(--soft) } dd { margin: 0 }
button { width: 100%; min-height: 4.5rem; margin: 1rem 0; border: 0; border-radius: .75rem; background: var(--go); color: var(--on-go); font: inherit; font-size: 1.35rem; font-weight: 650; cursor: pointer }
button:focus-visible, a:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px }
a { color: inherit } code { font-size: .9em }
`

/** A page without a script; `title` is text, `body` is HTML whose texts are escaped already. */
export function pageHtml({ title, body }: { title: string; body: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><p class="soft">Tocsin</p><h1>${escapeHtml(title)}</h1>
${body}
</main></body></html>
`
}
