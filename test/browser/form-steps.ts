import type { Locator, Page } from 'playwright-core'
import type { Stage } from './stage.ts'

/** Opens the form for a new monitor. */
export async function openForm(stage: Stage, page: Page): Promise<Locator> {
  await page.goto(`${stage.tocsin.url}/monitors`)
  await page.getByRole('button', { name: 'Add a monitor' }).click()
  const form = page.getByRole('dialog')
  await form.getByRole('combobox', { name: 'Kind', exact: true }).waitFor()
  return form
}

/** Chooses one of the options of a field. */
export async function chooseIn(form: Locator, label: string, option: string, page: Page): Promise<void> {
  await form.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** The label of the field in which one types. */
export async function focusedLabel(page: Page): Promise<string> {
  return String(await page.evaluate("document.activeElement?.labels?.[0]?.textContent ?? ''"))
}
