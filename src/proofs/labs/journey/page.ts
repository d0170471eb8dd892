import type { Scene } from './play.ts'

export interface PageFault {
  /** An element that is missing. */
  without: number | null
  /** An uncaught error of a script. */
  throws: boolean
  /** A script that never ends. */
  hangs: boolean
}

/** The page that plays a scene. */
export function pageFor(scene: Scene, fault: PageFault): string {
  const data = JSON.stringify({ stages: scene.stages, fault }).replaceAll('<', '\\u003c')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A page of a drill</title>
<body><div id="stage"></div><script>
const { stages, fault } = ${data}
${SCRIPT}
</script></body></html>`
}

// What the browser of a drill runs. How long a moment lasts is the time of the browser.
const SCRIPT = `
const MOMENT = 500
const root = document.getElementById('stage')
let now = 0
function make(element) {
  const { at, tag } = element
  const name = at.name ?? at.label ?? null
  const node = document.createElement(tag === 'box' ? 'div' : tag)
  if (tag === 'button') node.type = 'button'
  if (at.role) node.setAttribute('role', at.role)
  if (at.role === 'heading') node.setAttribute('aria-level', '2')
  if (name !== null) node.setAttribute('aria-label', name)
  if (at.placeholder) node.setAttribute('placeholder', at.placeholder)
  if (at.testId) node.setAttribute('data-testid', at.testId)
  if (tag === 'select') for (const option of element.options) node.append(new Option(option, option))
  else if (tag !== 'input') node.textContent = at.text ?? name ?? '*'
  if (tag === 'box') node.style.minHeight = '1em'
  return node
}
function show(k) {
  now = k
  const stage = stages[k]
  if (!stage) return
  const next = () => { if (now === k) show(k + 1) }
  if (stage.title !== null) document.title = stage.title
  if (stage.path !== null) try { history.replaceState(null, '', stage.path) } catch {}
  const said = document.createElement('p')
  said.textContent = ['-', ...stage.texts].join(' - ')
  root.replaceChildren(said)
  for (const element of stage.elements) {
    if (element.id === fault.without) continue
    for (let i = 0; i < element.copies; i++) {
      const node = make(element)
      const row = document.createElement('div')
      row.append(node)
      root.append(row)
      if (stage.next && stage.next.element === element.id) node.addEventListener(stage.next.on, next)
    }
  }
  if (stage.next && stage.next.on === 'time') setTimeout(next, MOMENT)
  if (stage.next && stage.next.element === null) document.addEventListener('keydown', next, { once: true })
}
show(0)
if (fault.throws) setTimeout(() => { throw new TypeError('Cannot read properties of undefined') }, 0)
if (fault.hangs) addEventListener('load', () => setTimeout(() => { for (;;); }, 0))
`
