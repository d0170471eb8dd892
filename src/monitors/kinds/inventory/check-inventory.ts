import { open } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { failure, hasFailed, type StepFailure } from '../../net/failure.ts'
import type { Observation } from '../../observation.ts'
import { type Inspection, refusedBy, toldOfCertificate } from '../../trust/inspect-certificate.ts'
import { fetchOnce } from '../fetch-once.ts'
import type { CheckContext } from '../kind.ts'
import { compareReality, MOST_ASKED } from './compare-reality.ts'
import type { Unreadable, Violation } from './inventory.ts'
import { type Judged, type Judging, judgeText } from './judge-text.ts'
import type { Format } from './parse-inventory.ts'
import { BUILT_IN, type Rule, rowText, sortOut } from './rules.rules.ts'
import type { InventorySpec } from './spec.ts'

export const INVENTORY_REASONS = [
  'inventory.file-unreadable',
  'inventory.unreadable',
  'inventory.too-large',
  'inventory.empty',
  'inventory.rule-broken',
  'inventory.address-conflict',
  'inventory.host-differs',
  'inventory.host-silent',
  'inventory.dns-differs',
] as const

const MOST_BYTES = 64 * 1024 * 1024
// What is larger is read beside the event loop.
const AT_HAND = 200_000
const SHOWN = 20

/** Reads the registry, asks every rule, and compares it with reality where that is wanted. */
export async function checkInventory(spec: InventorySpec, context: CheckContext): Promise<Observation> {
  const { clock } = context
  const started = clock.now()
  const observed = (
    verdict: Observation['verdict'],
    reason: string,
    summary: string,
    more: Partial<Observation> = {},
  ): Observation => ({ verdict, reason, summary, tookMs: clock.now() - started, values: {}, ...more })

  const read = await readText(spec, context)
  if (hasFailed(read)) {
    // A registry that does not answer is down; a file that we cannot read is ours to mend.
    const ours = spec.file !== undefined || read.failed === 'tls.ca-unreadable'
    return observed(ours ? 'unknown' : 'down', read.failed, read.summary, toldOfCertificate(read))
  }
  const judging: Judging = {
    text: read.text,
    format: spec.format ?? formatOf(spec.file ?? spec.url!),
    mapping: spec.mapping,
    rules: rulesOf(spec),
    wantsRows: Boolean(spec.hosts || spec.dns),
  }
  const judged = await (read.text.length > AT_HAND
    ? judgeBeside(judging, context.signal)
    : judgeText(judging))
  if (hasFailed(judged)) return observed('unknown', judged.failed, judged.summary)
  if ('unreadable' in judged) {
    // An empty registry is a fault of the registry; one that cannot be read says nothing.
    const verdict = judged.unreadable === 'inventory.empty' ? spec.verdict : 'unknown'
    return observed(verdict, judged.unreadable, judged.summary)
  }
  const reality = judging.wantsRows ? await compareReality(judged.rows, spec, context) : null
  const all = [...(reality?.violations ?? []), ...judged.violations]
  const { counting, accepted } = sortOut(all, spec.accept, clock.now())
  const beyond = judged.found - judged.violations.length
  const { inspection } = read
  const seen = inspection ? { certificate: inspection.certificate } : {}
  const values: Observation['values'] = {
    ...inspection?.values,
    devices: judged.devices,
    addresses: judged.addresses,
    violations: counting.length + beyond,
    ...(accepted.length > 0 && { accepted: accepted.length }),
    ...(reality && spec.hosts && { asked: reality.asked, silent: reality.silent.length }),
  }
  const details = {
    violations: counting.slice(0, SHOWN).map(shown),
    accepted: accepted.slice(0, SHOWN).map((one) => ({ ...shown(one), because: one.because })),
    ...(reality && reality.silent.length > 0 && { silent: reality.silent.slice(0, SHOWN) }),
  }
  const size = `${judged.addresses} addresses of ${judged.devices} ${judged.devices === 1 ? 'device' : 'devices'}`
  const [first] = counting
  if (first) {
    const others = counting.length + beyond - 1
    const more = others > 0 ? ` (and ${others} more ${others === 1 ? 'violation' : 'violations'})` : ''
    return observed(spec.verdict, first.reason, `${first.summary}${more}`, { values, details, ...seen })
  }
  if (reality && reality.silent.length > 0) {
    const summary = `${reality.silent.slice(0, 3).join(', ')} did not tell ${reality.silent.length === 1 ? 'its' : 'their'} addresses; ${size}, no violation`
    return observed('degraded', 'inventory.host-silent', summary, { values, details, ...seen })
  }
  if (inspection?.verdict === 'degraded')
    return observed('degraded', inspection.reason, inspection.summary, { values, details, ...seen })
  const left = reality && judged.devices > MOST_ASKED ? `, the first ${MOST_ASKED} devices asked` : ''
  const known = accepted.length > 0 ? `, ${accepted.length} accepted` : ''
  return observed('up', 'ok', `${size}, no violation${known}${left}`, { values, details, ...seen })
}

function rulesOf(spec: InventorySpec): Rule[] {
  const own = Object.entries(spec.rules).map(
    ([name, rule]): Rule => ({ name, reason: 'inventory.rule-broken', ...rule }),
  )
  return [...BUILT_IN.filter(({ name }) => !spec.skip.includes(name)), ...own]
}

/** What a page and `--json` show of a violation: the rule, and the rows by name. */
function shown({ rule, reason, summary, rows }: Violation) {
  return {
    rule,
    reason,
    summary,
    responsible: [...new Set(rows.map(({ responsible }) => responsible).filter(Boolean))].slice(0, 5),
    rows: rows.slice(0, 10).map((row) => ({
      device: row.device,
      address: rowText(row),
      ip: row.ip,
      service: row.service,
      role: row.role,
      fixed: row.fixed,
      hardwareAddress: row.hardwareAddress || null,
    })),
  }
}

function formatOf(name: string): Format | null {
  const ending = /\.(json|csv|ya?ml)$/i.exec(name.split(/[?#]/, 1)[0]!)?.[1]?.toLowerCase()
  return ending === undefined ? null : ending === 'yml' ? 'yaml' : (ending as Format)
}

async function readText(
  spec: InventorySpec,
  context: CheckContext,
): Promise<{ text: string; inspection?: Inspection | null } | StepFailure<string>> {
  if (spec.file !== undefined) return readFileText(spec.file)
  const fetched = await fetchOnce(
    {
      url: new URL(spec.url!),
      headers: spec.headers,
      maxBody: MOST_BYTES,
      expect: spec.expect,
      family: spec.family,
    },
    context,
  )
  if (hasFailed(fetched)) return fetched
  const { answer, inspection } = fetched
  if (inspection?.verdict === 'down') return refusedBy(inspection)
  if (answer.status !== 200)
    return failure('http.status-unexpected', `the status is ${answer.status}, expected is 200`)
  return answer.truncated ? tooLarge() : { text: answer.body.toString('utf8'), inspection }
}

const tooLarge = () =>
  failure('inventory.too-large', `the inventory is larger than ${MOST_BYTES / 1024 / 1024} MB`)

async function readFileText(path: string): Promise<{ text: string } | StepFailure<string>> {
  try {
    await using file = await open(path, 'r')
    const stat = await file.stat()
    // A pipe or a device would be read for ever.
    if (!stat.isFile()) return failure('inventory.file-unreadable', `${path} is not a file`)
    if (stat.size > MOST_BYTES) return tooLarge()
    return { text: await file.readFile('utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${code ?? 'it broke'}`
    return failure('inventory.file-unreadable', `the file ${path} ${why}`)
  }
}

/** In a worker, which ends with the deadline however far it is. */
function judgeBeside(
  judging: Judging,
  signal: AbortSignal,
): Promise<Judged | Unreadable | StepFailure<string>> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./judge.worker.ts', import.meta.url), {
      workerData: judging,
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    })
    const settle = (outcome: Judged | Unreadable | StepFailure<string>) => {
      signal.removeEventListener('abort', onAbort)
      void worker.terminate()
      resolve(outcome)
    }
    const onAbort = () => settle(failure('inventory.too-large', 'the inventory could not be read in time'))
    signal.addEventListener('abort', onAbort, { once: true })
    worker.once('message', settle)
    worker.once('error', () => settle(failure('inventory.too-large', 'the inventory takes too much memory')))
  })
}
