import type { Verification } from '../../catalog/index.ts'
import { escapeHtml, pageHtml } from './layout.ts'

/** Asks whether Tocsin may page here; or says that it may. */
export function verifyPage({ person, contact, state }: Verification, description: string): string {
  const name = escapeHtml(person.name)
  const where = `<dl><dt>Person</dt><dd>${name}</dd><dt>Channel</dt><dd>${escapeHtml(contact.kind)}</dd><dt>Address</dt><dd>${escapeHtml(description)}</dd></dl>`
  if (state === 'done')
    return pageHtml({
      title: 'This contact is verified',
      body: `<p><strong>Tocsin can reach ${name} here.</strong></p>${where}`,
    })
  return pageHtml({
    title: 'May Tocsin page you here?',
    body: `${where}<form method="post"><button type="submit">Yes, this reaches me</button></form>
<p class="soft">If you are not ${name}, close this page: without the button nothing happens.</p>`,
  })
}
