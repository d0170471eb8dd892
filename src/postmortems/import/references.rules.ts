import type { Block } from './block.ts'
import { type Placed, type Span, spanOf } from './placed-text.ts'
import type { Found } from './reading.ts'
import { said } from './values.ts'

/** Names that look like tickets and are none. */
const NO_TICKETS =
  /^(?:UTF|ISO|RFC|SHA|AES|RSA|MD|HTTPS?|IPV|TLS|SSL|GMT|UTC|CET|EST|PST|SEV|PRIO|COVID|GPT|BASE|UCS|ASCII|MP|USB|LTE|CVSS|ECC|EC|TCP|UDP|PHP|NVME|X|US|EU|AP|SA|CA|AF|ME|OOM|PM|AM|Q|TTD|TTR|MTTR|SLA|SLO|VM|CPU|GPU|RAM|DB|AZ|DC|IP|ID|OS|PC|RC|API|SDK|HA|LB|NS|DNS|AWS|GCP|GKE|EKS|EC|RDS|SQS|SNS|NODE|HOST|RACK|ZONE|VLAN|ASN?|AS|PHASE|STEP|PART|TASK|V)$/
const KEY = /(?<![\p{L}\p{N}_/.-])([A-Z][A-Z0-9]{1,9})-(\d{1,7})(?![\p{L}\p{N}_-]|\.\d)/gu
const NUMBERED = /(?<![\p{L}\p{N}_/.-])([A-Z]{3,8})(\d{4,12})(?![\p{L}\p{N}_-])/gu
const HASH = /(?<![\p{L}\p{N}_/&#])#(\d{1,7})(?![\p{L}\p{N}_-])/gu
const URL = /\bhttps?:\/\/[^\s<>"'`|\])}]{3,500}/g
const MOST = 400

/** Tickets named in a text. A bare number counts only where numbers are tickets: in actions and in links. */
export function ticketsIn(text: Placed, numbers: boolean): Found<string>[] {
  const found: Found<string>[] = []
  const add = (at: number, value: string, confidence: number) =>
    found.push(said(value, spanOf(text, at, at + value.length), confidence))
  for (const m of text.text.matchAll(KEY)) if (!NO_TICKETS.test(m[1]!)) add(m.index, m[0], 0.85)
  for (const m of text.text.matchAll(NUMBERED)) if (!NO_TICKETS.test(m[1]!)) add(m.index, m[0], 0.85)
  if (numbers)
    for (const m of text.text.matchAll(HASH))
      if (
        !/\b(?:pr|pull request|mr|merge request|revision|build|no\.?|number|attempt|step|page)s?\s*$/i.test(
          text.text.slice(Math.max(0, m.index - 16), m.index),
        )
      )
        add(m.index, m[0], 0.8)
  return found
}

/** Tickets and addresses that an incident names, each once. */
export function readReferences(blocks: readonly Block[], inActions: ReadonlySet<Block>): Found<string>[] {
  const seen = new Set<string>()
  const references: Found<string>[] = []
  const add = (reference: Found<string>) => {
    const key = reference.value.toLowerCase()
    if (seen.has(key) || references.length >= MOST) return
    seen.add(key)
    references.push(reference)
  }
  for (const block of blocks) {
    if (block.kind === 'code' || block.text.text.length > 50_000) continue
    for (const text of [block.text, ...(block.term ? [block.term] : [])])
      for (const ticket of ticketsIn(text, inActions.has(block))) add(ticket)
    for (const link of block.links) {
      if (/^https?:\/\//i.test(link.href)) add(said(link.href, link.span as Span, 0.9))
    }
    for (const m of block.text.text.matchAll(URL)) {
      const value = m[0].replace(/[.,;:!?]+$/, '')
      add(said(value, spanOf(block.text, m.index, m.index + value.length), 0.9))
    }
  }
  return references
}
