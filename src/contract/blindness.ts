import { z } from 'zod'

/** A failure that no monitor of a kind can see, and what sees it. */
export const kindBlindSpot = z.object({
  failureClass: z.string(),
  why: z.string(),
  /** The kinds of monitor that can see it; none where only people can. */
  seenBy: z.array(z.string()).readonly(),
})
export type KindBlindSpot = z.infer<typeof kindBlindSpot>

/** A way to break a thing on purpose, which a drill plays. */
export const playableFault = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  failureClass: z.string(),
  remedy: z.string(),
})
