/** The words of items: what a post-mortem says went well, wrong or by luck. */

export const ITEM_KINDS = ['well', 'wrong', 'lucky'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

/** Of luck, whether the risk that it showed is looked after. */
export const LUCK_STATES = ['open', 'accepted', 'has-action', 'proved'] as const
export type LuckState = (typeof LUCK_STATES)[number]

/** Why an item is in its state; beside these stands what a person wrote. */
export const ITEM_REASONS = {
  read: 'written in the text',
  acted: 'became an action',
  proved: 'its action is proved',
  unproved: 'its action has to be proved anew',
  dropped: 'its action was dropped',
  expired: 'it was accepted until now',
} as const

export interface Item {
  id: string
  postmortemId: string
  kind: ItemKind
  text: string
  position: number
  /** False once the text no longer has it; what became of it stays. */
  inText: boolean
  state: LuckState
  reason: string
  since: number
  actionId: string | null
  acceptedBy: string | null
  acceptedByName: string | null
  acceptedUntil: number | null
  createdAt: number
}
