const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it must stand in HTML and XML, in content and in attributes; control characters go. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (sign) => SIGNS[sign]!)
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}

/** HTML that is safe already. */
export class SafeHtml {
  readonly html: string
  constructor(html: string) {
    this.html = html
  }
  toString(): string {
    return this.html
  }
}

type Part = string | number | SafeHtml | readonly SafeHtml[] | null | false

function write(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof SafeHtml) return part.html
  if (Array.isArray(part)) return part.map((one: SafeHtml) => one.html).join('')
  return escapeHtml(String(part))
}

/** A template in which everything that is put in becomes text, unless it is SafeHtml. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): SafeHtml {
  return new SafeHtml(strings.map((text, i) => text + (i < parts.length ? write(parts[i]!) : '')).join(''))
}
