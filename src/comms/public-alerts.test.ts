import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { speaksToThePublic } from './component-status.rules.ts'

describe('what the public is shown of an alert', () => {
  const cases: [
    source: string,
    severity: 'critical' | 'warning',
    verdict: Parameters<typeof speaksToThePublic>[1],
    boolean,
  ][] = [
    ['monitor', 'critical', 'down', true],
    ['monitor', 'warning', 'degraded', true],
    ['monitor', 'warning', 'unknown', false],
    ['monitor', 'critical', 'unknown', true],
    ['manual', 'warning', null, true],
    ['proof', 'warning', 'up', false],
    ['proof', 'critical', null, false],
    ['engine', 'critical', null, false],
  ]
  for (const [source, severity, verdict, shown] of cases)
    it(`${severity} from ${source}, monitor ${verdict ?? 'none'}: ${shown ? 'counts' : 'stays inside'}`, () => {
      assert.equal(speaksToThePublic({ source, severity }, verdict), shown)
    })
})
