import { type FocusEvent, type KeyboardEvent, useEffect, useState } from 'react'

interface Keys {
  /** The reader came to this option; `extend` with Shift held. */
  onMove: (option: HTMLElement, extend: boolean) => void
  onEnter?: ((option: HTMLElement) => void) | undefined
}

const PAGE = 12
/** What may lie over the bottom of the page. */
const BAR = 150

/** One stop of the tab key for a long list (`role="listbox" tabIndex={0}`): arrows move within it, and it alone has the focus. */
export function useListbox({ onMove, onEnter }: Keys) {
  const [current, setCurrent] = useState<string>()
  // What is read anew may lack the option that was the current one.
  useEffect(() => {
    if (current !== undefined && !document.getElementById(current)) setCurrent(undefined)
  })
  const move = (option: HTMLElement, extend = false) => {
    setCurrent(option.id)
    onMove(option, extend)
  }
  return {
    setCurrent,
    props: {
      'aria-activedescendant': current,
      onFocus(event: FocusEvent<HTMLElement>) {
        const box = event.currentTarget
        // A click chooses by itself.
        if (event.target !== box || !box.matches(':focus-visible')) return
        const first = current ? document.getElementById(current) : box.querySelector('[role=option]')
        if (first instanceof HTMLElement) move(first)
      },
      onKeyDown(event: KeyboardEvent<HTMLElement>) {
        if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
        const options = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=option]')]
        const at = options.findIndex(({ id }) => id === current)
        const to = {
          ArrowDown: at + 1,
          ArrowRight: at + 1,
          ArrowUp: Math.max(at, 1) - 1,
          ArrowLeft: Math.max(at, 1) - 1,
          PageDown: at + PAGE,
          PageUp: Math.max(at - PAGE, 0),
          Home: 0,
          End: options.length - 1,
        }[event.key]
        const option = options[Math.min(to ?? at, options.length - 1)]
        if (!option) return
        if (to !== undefined) move(option, event.shiftKey)
        else if ((event.key === 'Enter' || event.key === ' ') && onEnter) onEnter(option)
        else return
        event.preventDefault()
      },
    },
  } as const
}

/** Scrolls the pane, or where it does not scroll the page, so far that the element is seen. */
export function reveal(pane: HTMLElement, element: Element | null, where: 'middle' | 'nearest'): void {
  if (!element) return
  const scroll = () => {
    const outer = pane.getBoundingClientRect()
    const inner = element.getBoundingClientRect()
    if (pane.scrollHeight <= pane.clientHeight + 1) {
      const seen = inner.top >= 70 && inner.bottom <= window.innerHeight - BAR
      if (where === 'middle' || !seen) element.scrollIntoView({ block: 'center' })
      return
    }
    const seen = inner.top >= outer.top && inner.bottom <= outer.bottom
    if (where === 'middle' || !seen) pane.scrollTop += inner.top - outer.top - pane.clientHeight / 3
    if (where === 'middle' && element.getBoundingClientRect().top > window.innerHeight - BAR)
      pane.scrollIntoView({ block: 'nearest' })
  }
  scroll()
  // What was not drawn until now may be taller than it was taken for.
  requestAnimationFrame(scroll)
}
