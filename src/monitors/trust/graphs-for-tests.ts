/** Random certificate graphs as the world makes them, and worse: cross-signed, expired, incomplete, in any order. */
import { type DerOptions, makeKey, mintDer, pemOf, type TestKey } from './mint-der-for-tests.ts'

const DAY = 86_400_000
const CLIENT_AUTH = '2b06010505070302'
const SERVER_AUTH = '2b06010505070301'

export interface Graph {
  leaf: Buffer
  /** What the server sends besides the leaf, in its order. */
  sent: Buffer[]
  store: Buffer[]
  key: TestKey
}

/** Mulberry32: equal seeds give equal graphs, but for their keys. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

let keys: TestKey[] = []

interface Authority {
  name: string
  key: TestKey
}

/**
 * One graph. `now` is what its dates are laid around; all are whole seconds. Without flaws every certificate is as
 * an authority should make it: what is wrong is which are sent, which are trusted, and their dates.
 */
export function randomGraph(random: () => number, now: number, flaws = true): Graph {
  if (keys.length === 0) keys = Array.from({ length: 12 }, makeKey)
  const chance = (p: number) => random() < p
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)]!
  const shuffled = <T>(list: T[]): T[] =>
    list
      .map((item) => [random(), item] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item)
  const own = shuffled(keys)
  const withIds = chance(0.6)
  const flawed = chance(0.45) && flaws
  const flaw = (p: number) => flawed && chance(p)
  const count = 2 + Math.floor(random() * 4)
  const authorities: Authority[] = Array.from({ length: count }, (_, i) => ({
    // Sometimes two authorities bear one name.
    name: flaw(0.15) && i > 0 ? 'Authority 0' : `Authority ${i}`,
    key: own[i]!,
  }))
  const dates = (expires: number): { from: number; to: number } => {
    if (chance(expires)) return chance(0.8) ? span(-400, -3) : span(5, 400)
    return chance(0.3) ? span(-100, 3 + random() * 40) : span(-500, 300 + random() * 3_000)
  }
  const span = (from: number, to: number) => ({
    from: Math.floor((now + from * DAY) / 1_000) * 1_000,
    to: Math.floor((now + to * DAY) / 1_000) * 1_000,
  })
  const issue = (of: Authority, by: Authority, more: Partial<DerOptions> = {}): Buffer =>
    mintDer({
      subject: of.name,
      issuer: by.name,
      key: of.key,
      by: flaw(0.03) ? pick(own) : by.key,
      ...dates(0.18),
      keyId: withIds,
      ...(withIds && !flaw(0.1) && { authorityKeyId: flaw(0.03) ? pick(own).id : by.key.id }),
      ...more,
    })
  const authority = (of: Authority, by: Authority): Buffer =>
    issue(of, by, {
      ...(!flaw(0.06) && { ca: !flaw(0.05) }),
      ...(flaw(0.25) && { ca: true, pathLength: Math.floor(random() * 3) }),
      ...(chance(0.7) && { usage: flaw(0.06) ? 0x02 : 0x06 }),
      ...(flaw(0.06) && { purposes: chance(0.5) ? [CLIENT_AUTH] : [CLIENT_AUTH, SERVER_AUTH] }),
      ...(flaw(0.12) && pick([{ permitted: ['example.org'] }, { excluded: ['example.org'] }])),
      ...(flaw(0.04) &&
        pick([{ permitted: ['10.0.0.0/255.0.0.0'] }, { excluded: ['10.1.0.0/255.255.0.0'] }])),
      ...(flaw(0.04) && { permitted: ['.example.org', 'example.com'] }),
    })
  const roots: Buffer[] = []
  const between: Buffer[] = []
  for (const [i, of] of authorities.entries()) {
    if (i < 2 || chance(0.5)) roots.push(authority(of, of))
    if (chance(0.15)) roots.push(authority(of, of))
    const crossings = i === 0 ? (chance(0.6) ? 1 : 0) : 1 + (chance(0.35) ? 1 : 0)
    for (let n = 0; n < crossings; n++) {
      // Mostly upwards; sometimes anyhow, so that authorities sign each other.
      const by = i > 0 && !chance(0.15) ? authorities[Math.floor(random() * i)]! : pick(authorities)
      if (by !== of) between.push(authority(of, by))
    }
  }
  const issuer = chance(0.8) ? authorities.at(-1)! : pick(authorities)
  const leafKey = own[10]!
  const leaf = issue({ name: 'leaf', key: leafKey }, issuer, {
    names: [chance(0.8) ? 'www.example.org' : 'www.example.com', ...(flaw(0.3) ? ['10.1.2.3'] : [])],
    ...(chance(0.8) && { ca: false }),
    ...(chance(0.4) && { usage: flaw(0.1) ? 0x02 : 0x80 }),
    ...(chance(0.4) && { purposes: flaw(0.15) ? [CLIENT_AUTH] : [SERVER_AUTH] }),
    ...(chance(0.9) ? span(-20, 60) : dates(0.5)),
  })
  const sent = shuffled(between).filter(() => !chance(0.15))
  if (chance(0.3)) sent.push(pick(roots))
  if (chance(0.05) && sent[0]) sent.push(sent[0])
  let store = shuffled(roots).filter(() => chance(0.65))
  if (flaw(0.08) && between[0]) store.push(pick(between))
  if (store.length === 0) store = [pick(roots)]
  return { leaf, sent, store, key: leafKey }
}

export const pemsOf = (ders: Buffer[]): string => ders.map(pemOf).join('')
