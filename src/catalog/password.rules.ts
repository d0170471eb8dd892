/** Length is what makes a password; composition rules only make people write them down. */
export const PASSWORD_SHORTEST = 12
export const PASSWORD_LONGEST = 512

export const PASSWORD_REASONS = [
  'acceptable',
  'too-short',
  'too-long',
  'one-character',
  'name-or-address',
  'same-as-before',
] as const
export type PasswordReason = (typeof PASSWORD_REASONS)[number]

const WORDS: Record<PasswordReason, string> = {
  acceptable: 'fine',
  'too-short': `must have at least ${PASSWORD_SHORTEST} characters`,
  'too-long': `must have at most ${PASSWORD_LONGEST} characters`,
  'one-character': 'must not be one pattern over and over',
  'name-or-address': 'must not be your name or address',
  'same-as-before': 'must differ from the one before',
}

export function wordsOf(reason: PasswordReason): string {
  return WORDS[reason]
}

/** The form in which a password is hashed: the same letters are the same password on every keyboard. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC')
}

/** Whether a password may be set. */
export function judgePassword(password: string, person: { name: string; email: string }): PasswordReason {
  const plain = normalizePassword(password)
  if ([...plain].length < PASSWORD_SHORTEST) return 'too-short'
  if (plain.length > PASSWORD_LONGEST) return 'too-long'
  if (/^(.{1,4})\1*$/su.test(plain)) return 'one-character'
  const own = [person.name, person.email].map((text) => text.toLowerCase())
  return own.includes(plain.toLowerCase()) ? 'name-or-address' : 'acceptable'
}
