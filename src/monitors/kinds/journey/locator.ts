import type { Locator, Page } from 'playwright-core'
import { z } from 'zod'

/** The roles that people look for; those of ARIA that stand for something on a page. */
export const ROLES = [
  'alert',
  'alertdialog',
  'article',
  'banner',
  'button',
  'cell',
  'checkbox',
  'columnheader',
  'combobox',
  'complementary',
  'contentinfo',
  'dialog',
  'figure',
  'form',
  'grid',
  'gridcell',
  'group',
  'heading',
  'img',
  'link',
  'list',
  'listbox',
  'listitem',
  'log',
  'main',
  'menu',
  'menubar',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'meter',
  'navigation',
  'option',
  'progressbar',
  'radio',
  'radiogroup',
  'region',
  'row',
  'rowheader',
  'search',
  'searchbox',
  'slider',
  'spinbutton',
  'status',
  'switch',
  'tab',
  'table',
  'tablist',
  'tabpanel',
  'textbox',
  'timer',
  'toolbar',
  'tooltip',
  'tree',
  'treeitem',
] as const

const words = (title: string, description: string) =>
  z.string().min(1).max(300).optional().meta({ title, description })

/** How an element is found, in the words of Playwright. */
export const locatorFields = {
  role: z.enum(ROLES).optional().meta({ title: 'Role', description: 'What it is: button, link, heading …' }),
  name: words('Name', 'With a role: the text by which it is called.'),
  label: words('Label', 'The label of a field.'),
  placeholder: words('Placeholder', 'The text in an empty field.'),
  text: words('Text', 'The text that it shows.'),
  testId: words('Test id', 'Its attribute data-testid.'),
  css: words('CSS', 'A selector of CSS.'),
  exact: z.boolean().optional().meta({
    title: 'Exact',
    description: 'Whether the whole text must be the same, with its case.',
  }),
  nth: z.int().min(1).max(1_000).optional().meta({
    title: 'Which one',
    description: 'Of several: 1 for the first.',
  }),
}

const WAYS = ['role', 'label', 'placeholder', 'text', 'testId', 'css'] as const

/** An element is found in exactly one way. */
export function onePlace(
  given: Partial<Record<(typeof WAYS)[number] | 'name', unknown>>,
  context: z.RefinementCtx,
): void {
  const ways = WAYS.filter((way) => given[way] !== undefined)
  if (ways.length !== 1)
    context.addIssue({ code: 'custom', message: `an element is found by one of ${WAYS.join(', ')}` })
  if (given.name !== undefined && given.role === undefined)
    context.addIssue({ code: 'custom', path: ['name'], message: 'a name belongs to a role' })
}

/** An element of the page. */
export const locatorSchema = z.strictObject(locatorFields).superRefine(onePlace)
export type ElementLocator = z.output<typeof locatorSchema>

/** The element on a page, for Playwright. */
export function locate(page: Page, at: ElementLocator): Locator {
  const { exact } = at
  const options = exact === undefined ? {} : { exact }
  const found =
    at.role !== undefined
      ? page.getByRole(at.role, { ...options, ...(at.name !== undefined && { name: at.name }) })
      : at.label !== undefined
        ? page.getByLabel(at.label, options)
        : at.placeholder !== undefined
          ? page.getByPlaceholder(at.placeholder, options)
          : at.text !== undefined
            ? page.getByText(at.text, options)
            : at.testId !== undefined
              ? page.getByTestId(at.testId)
              : page.locator(`css=${at.css}`)
  return at.nth === undefined ? found : found.nth(at.nth - 1)
}

/** The element in words: `button "Sign in"`. */
export function inWords(at: ElementLocator): string {
  const quoted = (text: string) => JSON.stringify(text)
  const bare =
    at.role !== undefined
      ? at.name === undefined
        ? at.role
        : `${at.role} ${quoted(at.name)}`
      : at.label !== undefined
        ? `field ${quoted(at.label)}`
        : at.placeholder !== undefined
          ? `field with the placeholder ${quoted(at.placeholder)}`
          : at.text !== undefined
            ? `text ${quoted(at.text)}`
            : at.testId !== undefined
              ? `element with the test id ${quoted(at.testId)}`
              : `element ${quoted(at.css!)}`
  return at.nth === undefined ? bare : `${bare} (number ${at.nth})`
}
