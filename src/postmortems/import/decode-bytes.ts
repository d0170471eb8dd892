/** A file as text, and whether its characters are certain. */
export interface Decoded {
  text: string
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
}

/** Reads bytes as text: by their mark, else as UTF-8, else as what old mails and exports are written in. */
export function decodeBytes(bytes: Uint8Array): Decoded {
  const [a, b] = bytes
  if (a === 0xff && b === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' }
  if (a === 0xfe && b === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'utf-16be' }
  // Text of Windows without a mark has a zero in every second place.
  const head = bytes.subarray(0, 400)
  const zeros = head.filter((byte, i) => i % 2 === 1 && byte === 0).length
  if (head.length >= 8 && zeros > head.length * 0.4)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
  }
}

/** Whether the bytes are those of a PDF. */
export function isPdf(bytes: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1_024))
  return head.includes('%PDF-')
}

/** Whether a text is no text: an image, an archive, a program. */
export function isBinary(text: string): boolean {
  const head = text.slice(0, 4_000)
  const odd = head.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/g)?.length ?? 0
  return odd > Math.max(2, head.length * 0.02)
}
