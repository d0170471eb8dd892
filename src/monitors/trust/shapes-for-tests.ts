/** The shapes in which chains break in the world, each with the stores of several clients. */
import { type DerOptions, makeKey, mintDer, type TestKey } from './mint-der-for-tests.ts'

const DAY = 86_400_000
const OLD = 'AddTrust External CA Root'
const MODERN = 'USERTrust RSA Certification Authority'
const INTERMEDIATE = 'Sectigo RSA Domain Validation Secure Server CA'

export interface Shape {
  /** What the server sends after the leaf. */
  sent: Buffer[]
  leaf: Buffer
  key: TestKey
}

/** The certificates of May 2020 under today's dates: the old root and what it signed ended `ago` days before now. */
export function addTrust(now: number, ago = 3) {
  const at = (days: number) => Math.floor((now + days * DAY) / 1_000) * 1_000
  const [oldKey, modernKey, betweenKey, key] = [makeKey(), makeKey(), makeKey(), makeKey()]
  const authority = (options: Partial<DerOptions> & Pick<DerOptions, 'subject' | 'issuer' | 'key' | 'by'>) =>
    mintDer({
      from: at(-3_000),
      to: at(4_000),
      ca: true,
      usage: 6,
      keyId: true,
      authorityKeyId: options.by.id,
      ...options,
    })
  const oldRoot = authority({ subject: OLD, issuer: OLD, key: oldKey, by: oldKey, to: at(-ago) })
  const modernRoot = authority({ subject: MODERN, issuer: MODERN, key: modernKey, by: modernKey })
  const cross = authority({ subject: MODERN, issuer: OLD, key: modernKey, by: oldKey, to: at(-ago) })
  const between = authority({
    subject: INTERMEDIATE,
    issuer: MODERN,
    key: betweenKey,
    by: modernKey,
    pathLength: 0,
  })
  const betweenEnded = authority({
    subject: INTERMEDIATE,
    issuer: MODERN,
    key: betweenKey,
    by: modernKey,
    to: at(-1),
  })
  const leafWith = (options: Partial<DerOptions> = {}) =>
    mintDer({
      subject: 'docs.example.org',
      issuer: INTERMEDIATE,
      key,
      by: betweenKey,
      from: at(-30),
      to: at(60),
      names: ['docs.example.org'],
      ca: false,
      usage: 0x80,
      purposes: ['2b06010505070301'],
      authorityKeyId: betweenKey.id,
      ...options,
    })
  return { oldRoot, modernRoot, cross, between, betweenEnded, leaf: leafWith(), leafWith, key, at }
}

/** Chains as servers send them, and what clients of different ages trust, each by name. */
export function shapes(now: number): { shapes: Record<string, Shape>; stores: Record<string, Buffer[]> } {
  const { cross, modernRoot, oldRoot, between, betweenEnded, leaf, leafWith, key, at } = addTrust(now)
  const sending = (...sent: Buffer[]): Shape => ({ leaf, sent, key })
  return {
    shapes: {
      'as it should be': sending(between),
      'with its root': sending(between, modernRoot),
      'in the wrong order': sending(modernRoot, between),
      'without its intermediate': sending(),
      'with an intermediate that has ended': sending(betweenEnded),
      'cross-signed by a root that has ended': sending(between, cross),
      'cross-signed, with the root that has ended': sending(between, cross, oldRoot),
      'of another purpose': { ...sending(between), leaf: leafWith({ purposes: ['2b06010505070302'] }) },
      'with a leaf that has ended': { ...sending(between), leaf: leafWith({ to: at(-1) }) },
    },
    stores: {
      'the modern root': [modernRoot],
      'the modern root and the old one': [oldRoot, modernRoot],
      'the old root alone': [oldRoot],
    },
  }
}
