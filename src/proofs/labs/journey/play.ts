import type { ElementLocator, ExpectStep, JourneyStep } from '../../../monitors/index.ts'

/** Something on a page of the drill, made so that the monitor finds it. */
export interface LabElement {
  id: number
  at: ElementLocator
  /** What it must be able to do. */
  tag: 'box' | 'button' | 'input' | 'select'
  options: string[]
  copies: number
}

/** What a page shows until the user does something, or for a moment. */
export interface Stage {
  elements: LabElement[]
  texts: string[]
  title: string | null
  /** Where the page says that it is. */
  path: string | null
  /** What brings the next stage; `element` is null for a key on the page itself. */
  next: { on: 'click' | 'keydown'; element: number | null } | { on: 'time' } | null
}

/** What a page does from its address on. */
export interface Scene {
  status: number
  stages: Stage[]
}

/** A site that satisfies a journey: one scene for each page that it opens. */
export interface Play {
  scenes: Scene[]
  /** The element whose absence breaks the journey; null where it needs none. */
  vital: number | null
  /** Whether anything is looked at after a page was opened. */
  looks: boolean
}

const emptyStage = (): Stage => ({ elements: [], texts: [], title: null, path: null, next: null })
const keyOf = (at: ElementLocator) => JSON.stringify(Object.entries(at).sort())

/** Writes the play for the steps of a copied journey, whose elements are found by texts alone. */
export function writePlay(steps: readonly JourneyStep[]): Play {
  const scenes: Scene[] = []
  let stage = emptyStage()
  let ids = 0
  let clicked: number | null = null
  let needed: number | null = null
  let looks = false
  /** What may not be shown together with what has been asked for in this stage. */
  let gone = new Set<string>()

  const nextStage = (next: Stage['next']) => {
    stage.next = next
    stage = emptyStage()
    gone = new Set()
    scenes.at(-1)!.stages.push(stage)
  }
  const has = (at: ElementLocator) => stage.elements.find((one) => keyOf(one.at) === keyOf(at))
  const want = (given: ElementLocator, tag: LabElement['tag'], copies = 1, option?: string): LabElement => {
    const { nth, ...at } = given
    if (gone.has(keyOf(at))) nextStage({ on: 'time' })
    let element = has(at)
    if (!element) {
      element = { id: ids++, at, tag, options: [], copies: 0 }
      stage.elements.push(element)
    }
    if (element.tag === 'box' || (element.tag === 'button' && tag !== 'box')) element.tag = tag
    element.copies = Math.max(element.copies, copies, nth ?? 1)
    if (option !== undefined) element.options.push(option)
    needed ??= element.id
    return element
  }
  const refuse = ({ nth, ...at }: ElementLocator) => {
    if (has(at)) nextStage({ on: 'time' })
    gone.add(keyOf(at))
  }
  const expect = ({ text = [], notText = [], url, title, visible, hidden, count }: ExpectStep) => {
    if (stage.texts.some((shown) => notText.some((not) => shown.includes(not)))) nextStage({ on: 'time' })
    if (title !== undefined && stage.title !== null && !stage.title.includes(title)) nextStage({ on: 'time' })
    const path = url === undefined ? null : pathFor(url)
    if (path !== null && stage.path !== null && stage.path !== path) nextStage({ on: 'time' })
    stage.texts.push(...text)
    stage.title ??= title ?? null
    stage.path ??= path
    if (visible) want(visible, 'box')
    if (hidden) refuse(hidden)
    if (count) {
      const { equals, min, max, ...at } = count
      const copies = equals ?? min ?? 0
      if (copies > 0) want(at, 'box', copies)
      else if (max !== undefined || equals === 0) refuse(at)
    }
  }

  for (const step of steps) {
    if (step.goto) {
      stage = emptyStage()
      gone = new Set()
      const right = step.goto.status
      scenes.push({ status: !right || right.includes(200) ? 200 : right[0]!, stages: [stage] })
      continue
    }
    looks = true
    if (step.fill) {
      const { value, ...at } = step.fill
      want(at, 'input')
    } else if (step.select) {
      const { option, ...at } = step.select
      want(at, 'select', 1, option)
    } else if (step.waitFor) {
      const { state, ...at } = step.waitFor
      if (state === 'visible') want(at, 'box')
      else refuse(at)
    } else if (step.expect) expect(step.expect)
    else if (step.click) {
      const { id } = want(step.click, 'button')
      clicked ??= id
      nextStage({ on: 'click', element: id })
    } else {
      const { at } = step.press!
      nextStage({ on: 'keydown', element: at ? want(at, 'input').id : null })
    }
  }
  return { scenes, vital: clicked ?? needed, looks }
}

/** An address of the site that is what is expected. */
function pathFor(wanted: string): string {
  const path = URL.canParse(wanted) ? wanted.replace(/^[a-z]+:\/\/[^/]*/i, '') : wanted
  const filled = path.replaceAll('*', 'x')
  return filled.startsWith('/') ? filled : `/${filled}`
}
