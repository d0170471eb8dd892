import type { Piece } from '../../../src/contract/learning.ts'

/** A text with the words that were found marked; text alone, whatever it holds. */
export function Pieces({ of }: { of: readonly Piece[] }) {
  return (
    <>
      {of.map(({ text, hit }, place) => {
        // The same text may stand there twice; its place is what tells one from the other.
        const key = `${place} ${text}`
        return hit ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
      })}
    </>
  )
}
