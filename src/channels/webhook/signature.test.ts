import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSignature, signBody } from './signature.ts'

const AT = 1_767_225_600_000

// Computed by `printf '<seconds>.<body>' | openssl dgst -sha256 -hmac <secret>`, as a receiver would.
const VECTORS: [secret: string, body: string, now: number, header: string][] = [
  [
    'whsec-0123456789abcdef',
    '{"a":1}',
    AT,
    't=1767225600,v1=405d1c8c207816620fbb90bfde510cf98c4f77efe03e10a92b11e488d62b64cb',
  ],
  ['k', '', 0, 't=0,v1=6b4a4b8b3c40f1e8f53a3d36682e5f99f7ad2ac1df1c93dfe336f329167641e7'],
  [
    'geheim-äöü-0123456',
    '{"text":"Zürich 名 😀"}',
    AT + 999,
    't=1767225600,v1=a4e8904eb5398d622144039783ac91704b8fffeb08940f7b97197853f2023b49',
  ],
]

for (const [secret, body, now, header] of VECTORS)
  test(`${JSON.stringify(body)} is signed as any other tool signs it`, () => {
    assert.equal(signBody(secret, body, now), header)
    assert.equal(checkSignature(header, secret, body, now), 'valid')
  })

const [SECRET, BODY, , GOOD] = VECTORS[0]!
const swapped = GOOD.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))

for (const [what, header, body, now, verdict] of [
  ['one digit of it is another', swapped, BODY, AT, 'wrong'],
  ['the body has one more space', GOOD, `${BODY} `, AT, 'wrong'],
  [
    'the time was moved forward to look fresh',
    GOOD.replace('1767225600', '1767225900'),
    BODY,
    AT + 300_000,
    'wrong',
  ],
  ['it is exactly as old as allowed', GOOD, BODY, AT + 300_000, 'valid'],
  ['it is a millisecond older', GOOD, BODY, AT + 300_001, 'too-old'],
  ['it comes from a clock that runs too far ahead', GOOD, BODY, AT - 300_001, 'too-old'],
  ['it is in capital letters', GOOD.toUpperCase(), BODY, AT, 'malformed'],
  ['it is cut short', GOOD.slice(0, -1), BODY, AT, 'malformed'],
  ['it has a second signature behind it', `${GOOD},v1=${'0'.repeat(64)}`, BODY, AT, 'malformed'],
  ['it is surrounded by space', ` ${GOOD}`, BODY, AT, 'malformed'],
  ['it has a line break behind it', `${GOOD}\n`, BODY, AT, 'malformed'],
  ['there is none', '', BODY, AT, 'malformed'],
] as const)
  test(`a signature is ${verdict} when ${what}`, () => {
    assert.equal(checkSignature(header, SECRET, body, now), verdict)
  })

test('a signature of one receiver means nothing to another', () => {
  assert.equal(checkSignature(GOOD, 'whsec-0123456789abcdeg', BODY, AT), 'wrong')
})

test('an old signature that is forged is called wrong, so that its age tells nothing', () => {
  assert.equal(checkSignature(swapped, SECRET, BODY, AT + 10_000_000), 'wrong')
})
