import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { after, describe, test } from 'node:test'
import { createServer } from 'node:tls'
import fc from 'fast-check'
import { systemClock } from '../../kit/clock.ts'
import { checkOnce } from '../check-once.ts'
import { tls } from '../kinds/tls/index.ts'
import { fetchIssuers, issuerAddress, readCertificates } from './fetch-issuers.ts'
import { pemsOf } from './graphs-for-tests.ts'
import { makeKey, mintDer, pemOf, readDer } from './mint-der-for-tests.ts'

const DAY = 86_400_000
const now = Date.now()
const servers: Server[] = []
after(() => {
  for (const server of servers) server.close()
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** An authority with an intermediate, and a leaf that says where the intermediate is. */
async function made(answer: RequestListener) {
  const port = await listen(createHttpServer(answer))
  const [rootKey, betweenKey, key] = [makeKey(), makeKey(), makeKey()]
  const dates = { from: now - DAY, to: now + 90 * DAY }
  const ca = { ca: true, usage: 6, ...dates }
  const root = mintDer({ subject: 'Root', issuer: 'Root', key: rootKey, by: rootKey, ...ca })
  const between = mintDer({ subject: 'Between', issuer: 'Root', key: betweenKey, by: rootKey, ...ca })
  const leaf = mintDer({
    subject: 'leaf',
    issuer: 'Between',
    key,
    by: betweenKey,
    ...dates,
    names: ['docs.example.org'],
    issuersUrl: `http://127.0.0.1:${port}/between.cer`,
  })
  return { root, between, leaf, key }
}
const context = () => ({ clock: systemClock, signal: AbortSignal.timeout(5_000) })

/** A PKCS #7 bag of certificates, as some authorities serve it. */
function bag(...certificates: Buffer[]): Buffer {
  const tlv = (tag: number, content: Buffer) =>
    Buffer.concat([Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff]), content])
  const oid = (hex: string) => Buffer.from(hex, 'hex')
  const version = oid('020101')
  const inner = Buffer.concat([
    version,
    tlv(0x31, Buffer.alloc(0)),
    tlv(0x30, oid('06092a864886f70d010701')),
    tlv(0xa0, Buffer.concat(certificates)),
    tlv(0x31, Buffer.alloc(0)),
  ])
  return tlv(0x30, Buffer.concat([oid('06092a864886f70d010702'), tlv(0xa0, tlv(0x30, inner))]))
}

describe('issuers that were not sent', () => {
  const forms: [string, (der: Buffer) => Buffer | string][] = [
    ['DER', (der) => der],
    ['PEM', pemOf],
    ['a PKCS #7 bag', (der) => bag(der)],
  ]
  for (const [form, write] of forms)
    test(`are fetched as ${form}, once`, async () => {
      let asked = 0
      const { between, leaf } = await made((_, response) => {
        asked++
        response.end(body)
      })
      const body = write(between)
      for (let i = 0; i < 2; i++) {
        const found = await fetchIssuers([readDer(leaf)], context())
        assert.deepEqual(
          found.map(({ raw }) => raw.equals(between)),
          [true],
        )
      }
      assert.equal(asked, 1)
    })

  const useless: [string, RequestListener][] = [
    ['another certificate', (_, response) => void response.end(stranger)],
    ['a page', (_, response) => void response.end('<html>moved</html>')],
    ['an error', (_, response) => void response.writeHead(500).end()],
    ['a redirect', (_, response) => void response.writeHead(302, { Location: '/other' }).end()],
    ['a flood', (_, response) => void response.end(Buffer.alloc(300_000, 0x30))],
    ['a hang-up', (request) => void request.socket.destroy()],
  ]
  const strangeKey = makeKey()
  const stranger = mintDer({
    subject: 'Between',
    issuer: 'Root',
    key: strangeKey,
    by: strangeKey,
    from: now,
    to: now + DAY,
    ca: true,
  })
  for (const [what, answer] of useless)
    test(`${what} is no issuer`, async () => {
      const { leaf } = await made(answer)
      assert.deepEqual(await fetchIssuers([readDer(leaf)], context()), [])
    })

  test('only http is asked, as the field is meant', () => {
    const key = makeKey()
    const at = (issuersUrl: string) =>
      issuerAddress(
        readDer(mintDer({ subject: 'x', issuer: 'y', key, by: key, from: now, to: now + DAY, issuersUrl })),
      )
    assert.equal(at('http://ca.example/i.cer'), 'http://ca.example/i.cer')
    for (const address of ['https://ca.example/i.cer', 'ldap://ca.example/', 'file:///etc/passwd'])
      assert.equal(at(address), null)
  })

  test('whatever comes back, it is read without harm', () => {
    const { raw } = readDer(stranger)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(raw.length - 1),
        fc.nat(255),
        (bytes, at, byte) => {
          assert.ok(readCertificates(bytes).length <= 10)
          const mutated = Buffer.from(bag(raw))
          mutated[at] = byte
          assert.ok(readCertificates(mutated).length <= 10)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

test('a monitor that fetches issuers accepts the short chain, and tells clients that do not what to send', async () => {
  const { root, between, leaf, key } = await made((_, response) => void response.end(between))
  const server = createServer({ key: key.pem, cert: pemsOf([leaf]) }, (socket) =>
    socket.on('error', () => {}),
  )
  server.on('tlsClientError', () => {})
  const target = `127.0.0.1:${await listen(server)}`
  const look = async (more: object) => {
    const expect = { name: 'docs.example.org', ca: pemOf(root), ...more }
    const spec = tls.schema.parse({ target, expect, timeout: '5s' })
    return checkOnce(tls, spec, { clock: systemClock, deadlineMs: 5_000 })
  }
  assert.equal((await look({})).reason, 'certificate.untrusted')
  assert.equal((await look({ aia: true })).reason, 'ok')
  const client = { name: 'agents', store: pemOf(root) }
  const seen = await look({ aia: true, clients: [client] })
  assert.deepEqual([seen.verdict, seen.reason], ['down', 'certificate.client-breaks'])
  assert.match(seen.certificate!.clients![0]!.advice!, /^send "Between" signed by "Root" as intermediate$/)
})
