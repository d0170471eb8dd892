import { defineFact } from '../engine/facts.ts'

/** A service, team or person was set up, changed or taken away. */
export const catalogConfigured = defineFact<{
  noun: 'service' | 'team' | 'person'
  id: string
  change: 'created' | 'changed' | 'removed'
}>('catalog.configured')

export interface ContactFact {
  contactId: string
  personId: string
  kind: string
}
/** A person has one more way to be reached; it does not count yet. */
export const contactAdded = defineFact<ContactFact>('contact.added')
/** The address of a contact was changed, which un-verified it. */
export const contactChanged = defineFact<ContactFact>('contact.changed')
/** The person holds the address: from now on it counts. */
export const contactVerified = defineFact<ContactFact>('contact.verified')
export const contactRemoved = defineFact<ContactFact>('contact.removed')
/** A verification could not be delivered. */
export const verificationFailed = defineFact<ContactFact & { reason: string }>('contact.verification-failed')

export const personSignedIn = defineFact<{ personId: string; sessionId: string; ip: string }>(
  'person.signed-in',
)
export const personSignedOut = defineFact<{ personId: string; sessionId: string }>('person.signed-out')
/** Every session of the person ended with it. */
export const passwordSet = defineFact<{
  personId: string
  how: 'first-administrator' | 'link' | 'by-the-person'
  endedSessions: number
}>('person.password-set')
export const linkCreated = defineFact<{
  linkId: string
  purpose: 'first-administrator' | 'set-password'
  personId: string | null
  expiresAt: number
}>('person.link-created')
export const tokenCreated = defineFact<{
  tokenId: string
  name: string
  role: string
  expiresAt: number | null
}>('token.created')
export const tokenRevoked = defineFact<{ tokenId: string; name: string }>('token.revoked')
