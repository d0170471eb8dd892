/** Text that means something somewhere, and what tells whether it stayed text. */
import assert from 'node:assert/strict'

/** One line for a field that is named by its mark: markup, template languages, and a header of somebody's choosing. */
export function hostileLine(mark: string): string {
  return `${mark}<script>hit()</script>"><img src=x onerror=hit()>{{7*7}}\${7*7}%0d%0aBcc:`
}

/** Several lines: also Markdown, mentions, and text that runs from right to left. */
export function hostileText(mark: string): string {
  return (
    `${hostileLine(mark)}\r\nBcc: thief@evil.example\r\n\r\n[press](javascript:hit()) ` +
    '![seen](http://evil.example/pixel.png) <!channel> @channel ]]> <!-- \u202etxet <a href="javascript:hit()">here</a>'
  )
}

const TAGS = new Set(
  'html head meta title style link body header main footer section nav article div span p h1 h2 h3 ul ol li dl dt dd table thead tbody tr th td strong em s code pre br hr blockquote time form button a svg rect path'.split(
    ' ',
  ),
)
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The text that stands for entities. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name.toLowerCase()] ?? whole)
  })
}

/**
 * Parses HTML into its text, and fails where it holds anything active: an element or attribute that Tocsin does
 * not write, an address that is not one of the web, or a bracket that belongs to no tag.
 */
export function textOfHtml(html: string, where: string): string {
  const withoutStyle = html.replace(/^<!doctype html>/i, '').replace(/<style>[^<]*<\/style>/g, '')
  const TAG = /<\/?([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*\/?>/gi
  for (const [whole, name, attributes] of withoutStyle.matchAll(TAG)) {
    assert.ok(TAGS.has(name!.toLowerCase()), `${where}: the element ${whole}`)
    for (const [, key, value] of attributes!.matchAll(/([a-z-]+)(?:="([^"<]*)")?/gi)) {
      assert.doesNotMatch(key!, /^(on|src|srcdoc|action|formaction)/i, `${where}: ${whole}`)
      if (key !== 'href') continue
      const address = decodeEntities(value ?? '').trim()
      assert.match(address, /^(https?:\/\/|[#./\w-]*$|[#./]|\w[\w./#-]*$)/, `${where}: ${whole}`)
      assert.doesNotMatch(address, /^\w+script:/i, `${where}: ${whole}`)
    }
  }
  const rest = withoutStyle.replace(TAG, '\u0001')
  assert.doesNotMatch(
    rest,
    /[<>]/,
    `${where}: a bracket outside a tag: ${/.{0,60}[<>].{0,60}/s.exec(rest)?.[0]}`,
  )
  return decodeEntities(rest.replaceAll('\u0001', ' '))
}

/** Reads XML strictly, tag by tag, and answers the text of every element of each name. */
export function textsOfXml(xml: string): Map<string, string[]> {
  const texts = new Map<string, string[]>()
  const open: { name: string; text: string }[] = []
  const TOKEN =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<\?xml[^>]*\?>|<(\/?)([a-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/giy
  let end = 0
  for (const [whole, data, closes, name, , empty, text] of xml.matchAll(TOKEN)) {
    end += whole.length
    if (closes) {
      const one = open.pop()
      assert.equal(one?.name, name, 'what is opened last is closed first')
      texts.set(name!, [...(texts.get(name!) ?? []), one!.text])
    } else if (name && !empty) open.push({ name, text: '' })
    else if (data !== undefined || text !== undefined) {
      if (text) assert.doesNotMatch(text, /&(?!#?\w+;)|\]\]>/, 'text is escaped')
      if (open.length > 0) open.at(-1)!.text += data ?? decodeEntities(text!)
    }
  }
  assert.equal(end, xml.length, `not XML: ${xml.slice(end, end + 100)}`)
  assert.deepEqual(open, [])
  return texts
}

/** Fails where a template language was evaluated; Markdown may have taken the asterisks for emphasis. */
export function assertUnevaluated(text: string, where: string): void {
  assert.doesNotMatch(text, /onerror=hit\(\)>\D{0,4}49/, where)
  if (!text.includes('Bcc:')) return
  const bare = text.replaceAll(/[\s*\\]/g, '')
  for (const template of ['{{77}}', '${77}'])
    assert.ok(bare.includes(template), `${where}: ${template} is gone`)
}
