import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { before, describe, test } from 'node:test'
import { certificateExpectationsSchema } from './expectations.ts'
import { findPaths } from './find-paths.ts'
import { judgeCertificate } from './judge-certificate.rules.ts'
import { KeyUsageFlags, type Minted, type MintOptions, mint, mintRoot } from './mint-for-tests.ts'
import { readChain } from './read-chain.ts'
import { rootsOf } from './roots.ts'

const read = (minted: Minted) => new X509Certificate(minted.cert)
const DAY = 86_400_000
let root: Minted
const authority = (name: string, options: Partial<MintOptions> = {}) =>
  mint({ name: `CN=${name}`, by: root, ca: true, usage: KeyUsageFlags.keyCertSign, days: 300, ...options })
const leafBy = (by: Minted, options: Partial<MintOptions> = {}) =>
  mint({ name: 'CN=leaf', names: ['a.example.org'], by, ...options })

/** The verdict on a chain as sent, at an instant. */
function judge(sent: Minted[], roots: Minted[], now = Date.now()) {
  const chain = readChain(sent.map(read))
  const found = {
    ...chain.facts,
    issuerNames: chain.issuerNames,
    notBefore: chain.notBefore,
    notAfter: chain.notAfter,
    protocol: 'TLSv1.3',
    nameMatches: chain.matchesName('a.example.org'),
    paths: chain.pathsTo(rootsOf(roots.map(read))),
  }
  const expected = { ...certificateExpectationsSchema.parse({}), name: 'a.example.org' }
  return judgeCertificate(found, expected, now)
}

before(async () => {
  root = await mintRoot()
})

describe('paths from the certificates sent to the roots', () => {
  test('through one authority, in any order sent', async () => {
    const one = await authority('One')
    const two = await authority('Two', { by: one })
    const leaf = await leafBy(two)
    for (const sent of [
      [leaf, two, one],
      [leaf, one, two],
      [leaf, one, root, two],
    ]) {
      const paths = findPaths(read(sent[0]!), sent.slice(1).map(read), rootsOf([read(root)]))
      assert.deepEqual(
        paths.map((path) => [path.defect, path.members.map((member) => member.subject)]),
        [[null, ['CN=leaf', 'CN=Two', 'CN=One', 'CN=Lab Root, O=Lab Authority']]],
      )
    }
    assert.equal(judge([leaf, two, one], [root]).reason, 'ok')
  })

  test('an authority that was not sent breaks the path', async () => {
    const one = await authority('One')
    assert.equal(judge([await leafBy(one)], [root]).reason, 'certificate.untrusted')
  })

  test('a forged authority with the right name is not taken', async () => {
    const real = await authority('Real')
    const forged = await mint({ name: 'CN=Real', by: await mintRoot(), ca: true })
    const leaf = await leafBy(forged)
    assert.deepEqual(findPaths(read(leaf), [read(real)], rootsOf([read(root)])), [])
    assert.equal(judge([leaf, real], [root]).reason, 'certificate.untrusted')
  })

  test('a certificate that is no authority cannot issue another', async () => {
    const site = await mint({ name: 'CN=Some site', by: root, names: ['b.example.org'] })
    const judged = judge([await leafBy(site), site], [root])
    assert.equal(judged.reason, 'certificate.untrusted')
    assert.match(judged.summary, /CN=Some site signs certificates but is not an authority/)
  })

  test('key usage and path length are kept to', async () => {
    const mute = await authority('Mute', { usage: KeyUsageFlags.cRLSign })
    assert.equal(judge([await leafBy(mute), mute], [root]).reason, 'certificate.untrusted')
    const last = await authority('Last', { pathLength: 0 })
    assert.equal(judge([await leafBy(last), last], [root]).reason, 'ok')
    const further = await authority('Further', { by: last })
    const judged = judge([await leafBy(further), further, last], [root])
    assert.match(judged.summary, /CN=Last allows 0 further authorities, the chain has 1/)
  })

  test('an expired authority is named, and the leaf is not blamed', async () => {
    const old = await authority('Old', { from: -30, days: -1 })
    const judged = judge([await leafBy(old), old], [root])
    assert.equal(judged.reason, 'certificate.chain-expired')
    assert.match(judged.summary, /CN=Old/)
    assert.equal(judged.chainEnds, null)
  })

  test('of a cross-signed authority the path that holds is found; without it the chain has expired', async () => {
    const oldRoot = await mintRoot('CN=Old Root,O=Old', -1)
    const newRoot = await mintRoot('CN=New Root,O=New')
    const cross = await mint({
      name: newRoot.name,
      by: oldRoot,
      keysOf: newRoot,
      ca: true,
      from: -300,
      days: -1,
      usage: KeyUsageFlags.keyCertSign,
    })
    const issuing = await authority('Issuing', { by: newRoot })
    const sent = [await leafBy(issuing), issuing, cross]
    assert.equal(judge(sent, [oldRoot, newRoot]).reason, 'ok')
    assert.equal(judge(sent, [oldRoot]).reason, 'certificate.chain-expired')
  })

  test('a chain that ends before its leaf warns ahead', async () => {
    const short = await authority('Short', { days: 10 })
    const sent = [await leafBy(short), short]
    const judged = judge(sent, [root])
    assert.equal(judged.reason, 'certificate.chain-expires-soon')
    assert.ok(Math.abs(judged.chainEnds! - Date.now() - 10 * DAY) < 60_000)
    assert.equal(judge(sent, [root], Date.now() + 11 * DAY).reason, 'certificate.chain-expired')
  })

  test('a trusted leaf needs no issuer, and one that signs itself is trusted only then', async () => {
    const own = await mint({ name: 'CN=own', names: ['a.example.org'] })
    assert.equal(judge([own], [root]).reason, 'certificate.self-signed')
    assert.equal(judge([own], [own]).reason, 'ok')
  })

  test('a tangle of authorities that sign each other ends', async () => {
    const tangle: Minted[] = []
    for (let i = 0; i < 12; i++) tangle.push(await mint({ name: 'CN=Same', ca: true, keysOf: tangle[0]! }))
    const leaf = await leafBy(tangle[0]!)
    assert.deepEqual(findPaths(read(leaf), tangle.map(read), rootsOf([read(root)])), [])
  })
})
