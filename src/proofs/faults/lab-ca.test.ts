import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY } from '../../kit/duration.ts'
import { mintLabCa, mintSelfSigned } from './lab-ca.ts'

const NOW = Date.UTC(2026, 0, 5)
const LEAF = { names: ['docs.example.org'], notBefore: NOW - DAY, notAfter: NOW + 90 * DAY }

test('a leaf carries its names, dates and serial, fits its key, and is signed by its authority', async () => {
  const ca = await mintLabCa({ subject: 'Example Trust', now: NOW })
  const names = ['docs.example.org', '*.example.org', '192.0.2.7', '2001:db8::1']
  const leaf = await ca.issue({ ...LEAF, names, serial: '0abc' })
  const certificate = new X509Certificate(leaf.certificatePem)
  assert.equal(
    certificate.subjectAltName,
    'DNS:docs.example.org, DNS:*.example.org, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:1',
  )
  assert.equal(certificate.validFromDate.getTime(), LEAF.notBefore)
  assert.equal(certificate.validToDate.getTime(), LEAF.notAfter)
  assert.equal(certificate.serialNumber, '0ABC')
  assert.equal(certificate.fingerprint256, leaf.fingerprint)
  assert.equal(certificate.ca, false)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(leaf.keyPem)))
  const authority = new X509Certificate(ca.certificatePem)
  assert.ok(authority.ca)
  assert.ok(certificate.verify(authority.publicKey) && certificate.checkIssued(authority))
})

test('an intermediate’s leaf carries the intermediate and not the root', async () => {
  const root = await mintLabCa({ subject: 'Root', now: NOW })
  const middle = await root.intermediate('Middle', { notBefore: NOW - 9 * DAY, notAfter: NOW - DAY })
  const low = await middle.intermediate('Low')
  const leaf = await low.issue(LEAF)
  const chain = leaf.chainPem
    .split(/(?<=-----END CERTIFICATE-----)\s*/)
    .filter((pem) => pem !== '')
    .map((pem) => new X509Certificate(pem))
  assert.deepEqual(
    chain.map((certificate) => certificate.subject.split('\n').at(-1)),
    ['CN=docs.example.org', 'CN=Low', 'CN=Middle'],
  )
  assert.equal(chain[2]!.validToDate.getTime(), NOW - DAY)
  assert.equal(low.rootPem, root.certificatePem)
})

test('a self-signed certificate has itself as issuer', async () => {
  const certificate = new X509Certificate((await mintSelfSigned(LEAF)).certificatePem)
  assert.equal(certificate.issuer, certificate.subject)
  assert.ok(certificate.verify(certificate.publicKey))
})

test('an issuer given as a distinguished name stands as it was given', async () => {
  const ca = await mintLabCa({ subject: "C=US, O=Let's Encrypt, CN=R3", now: NOW })
  assert.equal(new X509Certificate(ca.certificatePem).subject, "C=US\nO=Let's Encrypt\nCN=R3")
})

test('any text is found again in the issuer of a leaf, as the monitors compare it', async () => {
  const text = fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(...'aZ09 ,;+"\\#<>éß/') })
  await fc.assert(
    fc.asyncProperty(text, async (raw) => {
      const subject = raw.trim() || 'x'
      const ca = await mintLabCa({ subject, now: NOW })
      const leaf = await ca.issue(LEAF)
      const names = Object.values(new X509Certificate(leaf.certificatePem).toLegacyObject().issuer)
      assert.ok(
        names.flat().some((name) => String(name).includes(subject)),
        subject,
      )
    }),
    // What a library would take for an escape, and ends of a value that it would cut.
    { numRuns: 40, examples: [['\\0a'], ['\\'], ['"'], ['#4142'], ['a,CN='], ['"a" b']] },
  )
})
