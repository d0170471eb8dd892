import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { partsOf, pathLengthOf } from './der.ts'
import { findPaths } from './find-paths.ts'
import { isLikelyIssuedBy, memberOf, nameKey } from './member.ts'
import { type DerOptions, makeKey, mintDer, type TestKey } from './mint-der-for-tests.ts'
import { forbiddenName, type NameConstraints, readConstraints } from './name-constraints.ts'
import { rootsOf } from './roots.ts'

const DAY = 86_400_000
const now = Math.floor(Date.now() / 1_000) * 1_000
const key = makeKey()
const read = (der: Buffer) => memberOf(new X509Certificate(der))!
const mint = (more: Partial<DerOptions> = {}) =>
  mintDer({ subject: 'A', issuer: 'A', key, by: key, from: now - DAY, to: now + DAY, ...more })

describe('a certificate taken apart', () => {
  test('says what its extensions say', () => {
    const member = read(
      mint({
        ca: true,
        pathLength: 2,
        usage: 0x06,
        purposes: ['2b06010505070301'],
        keyId: true,
        authorityKeyId: key.id,
      }),
    )
    assert.deepEqual(
      [member.ca, member.pathLength, member.maySign, member.mayServe, member.purposes],
      [true, 2, true, false, ['2b06010505070301']],
    )
    assert.equal(member.keyId, key.id.toString('hex'))
    assert.equal(member.authority?.keyId, key.id.toString('hex'))
    assert.ok(member.selfSigned)
    assert.equal(member.version, 3)
    assert.deepEqual([member.notBefore, member.notAfter], [now - DAY, now + DAY])
  })

  test('has nothing where it says nothing', () => {
    const member = read(mint())
    assert.deepEqual(
      [member.ca, member.pathLength, member.maySign, member.mayServe, member.purposes, member.constraints],
      [null, null, true, true, null, null],
    )
  })

  test('is issued by whom names and key identifiers say', () => {
    const other = makeKey()
    const root = read(mint({ keyId: true, ca: true }))
    const issued = (more: Partial<DerOptions>) => read(mint({ subject: 'B', key: other, ...more }))
    assert.ok(isLikelyIssuedBy(issued({}), root))
    assert.ok(isLikelyIssuedBy(issued({ authorityKeyId: key.id }), root))
    assert.ok(!isLikelyIssuedBy(issued({ authorityKeyId: other.id }), root))
    assert.ok(!isLikelyIssuedBy(issued({ issuer: 'C' }), root))
  })

  test('names are equal without case and repeated spaces', () => {
    assert.equal(nameKey('O=Some  Authority\nCN=X'), nameKey('O=some authority\nCN=x'))
    assert.notEqual(nameKey('O=Some\nCN=X'), nameKey('CN=X\nO=Some'))
  })

  test('bytes that are no certificate, or a broken one, are read without harm', () => {
    const whole = mint({
      ca: true,
      pathLength: 1,
      usage: 6,
      permitted: ['example.org'],
      authorityKeyId: key.id,
    })
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (bytes, changes) => {
          partsOf(bytes)
          pathLengthOf(bytes)
          readConstraints(bytes)
          const mutated = Buffer.from(whole)
          for (const [at, byte] of changes) mutated[at] = byte
          partsOf(mutated)
          pathLengthOf(mutated.subarray(0, changes[0]![0]))
          try {
            memberOf(new X509Certificate(mutated))
          } catch (error) {
            // node:crypto refuses most of them, and only it may.
            assert.match(
              (error as NodeJS.ErrnoException).code ?? '',
              /^ERR_(OSSL|CRYPTO|INVALID)/,
              String(error),
            )
          }
        },
      ),
      { numRuns: 5_000 },
    )
  })
})

describe('name constraints', () => {
  const names = (more: object) => ({ dns: [], ip: [], email: [], subject: null, ...more })
  const of = (permitted: string[], excluded: string[] = []): NameConstraints =>
    read(mint({ ca: true, permitted, excluded })).constraints!
  const cases: [string, NameConstraints, object, boolean][] = [
    ['a name below', of(['example.org']), { dns: ['a.Example.org'] }, true],
    ['the name itself', of(['example.org']), { dns: ['example.org'] }, true],
    ['a name that only ends alike', of(['example.org']), { dns: ['notexample.org'] }, false],
    ['a leading dot', of(['.example.org']), { dns: ['a.example.org'] }, true],
    ['a leading dot without a label', of(['.example.org']), { dns: ['example.org'] }, false],
    ['one of several', of(['example.com', 'example.org']), { dns: ['x.example.org'] }, true],
    ['one name of two outside', of(['example.org']), { dns: ['a.example.org', 'b.example.com'] }, false],
    ['an excluded name', of([], ['example.org']), { dns: ['a.example.org'] }, false],
    [
      'excluded although permitted',
      of(['example.org'], ['a.example.org']),
      { dns: ['b.a.example.org'] },
      false,
    ],
    ['another kind of name', of(['example.org']), { ip: ['10.1.2.3'] }, true],
    ['an address inside', of(['10.0.0.0/255.0.0.0']), { ip: ['10.9.8.7'] }, true],
    ['an address outside', of(['10.0.0.0/255.0.0.0']), { ip: ['11.9.8.7'] }, false],
    ['an excluded address', of([], ['10.1.0.0/255.255.0.0']), { ip: ['10.1.2.3'] }, false],
    ['an address of the other family', of(['10.0.0.0/255.0.0.0']), { ip: ['2001:db8::1'] }, false],
  ]
  for (const [what, constraints, given, allowed] of cases)
    test(`${what} is ${allowed ? 'allowed' : 'forbidden'}`, () => {
      assert.equal(forbiddenName(constraints, names(given)) === null, allowed)
    })

  const subtree = (kind: 'ip' | 'email', base: unknown): NameConstraints => ({
    permitted: [{ kind, base } as NameConstraints['permitted'][number]],
    excluded: [],
  })
  test('networks of IPv6', () => {
    const base = Buffer.alloc(32)
    base.set([0x20, 0x01, 0x0d, 0xb8])
    base.set([0xff, 0xff, 0xff, 0xff], 16)
    const within = (address: string) => forbiddenName(subtree('ip', base), names({ ip: [address] })) === null
    assert.deepEqual(['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:db9::1'].map(within), [true, true, false])
  })
  test('mail addresses, hosts and domains', () => {
    const within = (base: string, address: string) =>
      forbiddenName(subtree('email', base), names({ email: [address] })) === null
    assert.ok(within('a@example.org', 'A@example.org'))
    assert.ok(within('example.org', 'a@example.org'))
    assert.ok(!within('example.org', 'a@x.example.org'))
    assert.ok(within('.example.org', 'a@x.example.org'))
  })
})

describe("the monitor's own paths keep to what authorities may issue", () => {
  const [rootKey, betweenKey] = [makeKey(), makeKey()]
  const dates = { from: now - DAY, to: now + DAY }
  const root = mintDer({ subject: 'Root', issuer: 'Root', key: rootKey, by: rootKey, ca: true, ...dates })
  function defect(more: Partial<DerOptions>, leafKey: TestKey = key): string | null {
    const between = mintDer({
      subject: 'Between',
      issuer: 'Root',
      key: betweenKey,
      by: rootKey,
      ca: true,
      ...dates,
      ...more,
    })
    const names = ['docs.example.org']
    const leaf = mintDer({
      subject: 'leaf',
      issuer: 'Between',
      key: leafKey,
      by: betweenKey,
      names,
      ...dates,
    })
    const [path] = findPaths(
      new X509Certificate(leaf),
      [new X509Certificate(between)],
      rootsOf([new X509Certificate(root)]),
    )
    return path!.defect
  }
  test('its names and its purpose', () => {
    assert.equal(defect({}), null)
    assert.equal(defect({ permitted: ['example.org'] }), null)
    assert.equal(defect({ permitted: ['example.com'] }), 'CN=Between may not issue for these names')
    assert.equal(defect({ excluded: ['docs.example.org'] }), 'CN=Between may not issue for these names')
    assert.equal(defect({ purposes: ['2b06010505070301'] }), null)
    assert.equal(defect({ purposes: ['2b06010505070302'] }), 'CN=Between may not issue for servers')
  })
})
