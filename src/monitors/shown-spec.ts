import { canonicalJson } from '../kit/json.ts'
import { REDACTED } from '../kit/redact.ts'
import { secretParameters, shownUrl } from './kinds/http/hide-secrets.ts'

type Settings = Record<string, unknown>

// Headers that carry no secret; of all others only the name is shown.
const PLAIN_HEADERS = /^(accept(-.*)?|cache-control|content-type|host|origin|referer|user-agent)$/i
const SECRET_FIELDS = ['body', 'send', 'pingKey', 'pushKey', 'key', 'password']

// Settings of their own that hold credentials: of a web check, and of an OpenID Connect client.
const CREDENTIAL_GROUPS = ['auth', 'client']
const CREDENTIALS = ['password', 'token', 'secret']

const isRecord = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The parameters of a monitor as people may see them, parsed or as written. Header values, bodies and sent text
 * may hold the credentials of what is watched, and a ping key is one.
 */
export function shownSpec(spec: unknown): Settings {
  const shown: Settings = { ...(spec as Settings) }
  for (const key of SECRET_FIELDS) if (typeof shown[key] === 'string') shown[key] = REDACTED
  for (const group of CREDENTIAL_GROUPS)
    if (isRecord(shown[group]))
      shown[group] = withEach(shown[group], (name, value) =>
        CREDENTIALS.includes(name) && typeof value === 'string' ? REDACTED : value,
      )
  if (isRecord(shown.headers))
    shown.headers = Object.fromEntries(
      Object.entries(shown.headers).map(([name, value]) => [
        name,
        PLAIN_HEADERS.test(name) ? value : REDACTED,
      ]),
    )
  if (typeof shown.url === 'string') shown.url = shownUrl(shown.url)
  // The check of a pool's members: as written, or parsed.
  if (isRecord(shown.check)) shown.check = shownCheck(shown.check)
  if (Array.isArray(shown.steps)) shown.steps = shown.steps.map(shownStep)
  return shown
}

function withEach(record: Settings, change: (name: string, value: unknown) => unknown): Settings {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]))
}

function shownCheck(check: Settings): Settings {
  return isRecord(check.spec) ? { ...check, spec: shownSpec(check.spec) } : shownSpec(check)
}

// Whatever a journey types may be a password.
function shownStep(step: unknown): unknown {
  if (!isRecord(step)) return step
  const shown: Settings = { ...step }
  if (isRecord(shown.fill) && typeof shown.fill.value === 'string')
    shown.fill = { ...shown.fill, value: REDACTED }
  if (typeof shown.goto === 'string') shown.goto = shownPlace(shown.goto)
  if (isRecord(shown.goto) && typeof shown.goto.url === 'string')
    shown.goto = { ...shown.goto, url: shownPlace(shown.goto.url) }
  return shown
}

// A path may have secrets behind it as a whole address may.
function shownPlace(place: string): string {
  const base = 'http://site'
  if (URL.canParse(place) || !URL.canParse(place, base)) return shownUrl(place)
  const whole = new URL(place, base)
  return secretParameters(whole).length > 0 ? shownUrl(whole.href).slice(base.length) : place
}

/** What was typed goes back to where it was typed before: on the same way, step by step, and not behind another. */
function withHiddenSteps(steps: unknown[], before: unknown[]): unknown[] {
  const restored: unknown[] = []
  let sameWay = true
  for (const [index, step] of steps.entries()) {
    const old = before[index]
    sameWay &&= canonicalJson(doing(shownStep(step))) === canonicalJson(doing(shownStep(old)))
    restored.push(sameWay && isRecord(step) && isRecord(old) ? { ...step, ...hiddenOf(step, old) } : step)
  }
  return restored
}

// A step apart from what it is called and how long it may take.
const doing = (step: unknown) => (isRecord(step) ? { ...step, name: null, timeout: null } : step)

function hiddenOf(step: Settings, old: Settings): Settings {
  const { fill } = step
  if (isRecord(fill) && isRecord(old.fill) && fill.value === REDACTED) return { fill: old.fill }
  const asShown =
    canonicalJson(step.goto ?? null) === canonicalJson((shownStep(old) as Settings).goto ?? null)
  return step.goto !== undefined && asShown ? { goto: old.goto } : {}
}

/**
 * Settings that were shown, changed and sent back: what was hidden is again what it was. A secret goes back to
 * the server that it was meant for, and to no other.
 */
export function withHidden(settings: Settings, before: Settings): Settings {
  const restored: Settings = { ...settings }
  if (goalOf(settings) !== goalOf(before)) return restored
  for (const key of SECRET_FIELDS) if (restored[key] === REDACTED) restored[key] = before[key]
  for (const group of CREDENTIAL_GROUPS) {
    const old = before[group]
    if (isRecord(restored[group]) && isRecord(old))
      restored[group] = withEach(restored[group], (name, value) => (value === REDACTED ? old[name] : value))
  }
  if (isRecord(restored.headers) && isRecord(before.headers)) {
    const old = before.headers
    restored.headers = Object.fromEntries(
      Object.entries(restored.headers).map(([name, value]) => [name, value === REDACTED ? old[name] : value]),
    )
  }
  if (canParse(restored.url) && canParse(before.url))
    restored.url = withHiddenParameters(restored.url, before.url)
  if (Array.isArray(restored.steps) && Array.isArray(before.steps))
    restored.steps = withHiddenSteps(restored.steps, before.steps)
  if (isRecord(restored.check) && isRecord(before.check))
    restored.check = withHidden(restored.check, before.check)
  return restored
}

const canParse = (value: unknown): value is string => typeof value === 'string' && URL.canParse(value)

function goalOf({ url, target, connectTo, alsoAt, issuer, members, database }: Settings): string {
  const origin = canParse(url) ? new URL(url).origin : url
  return JSON.stringify([origin, target, connectTo, alsoAt, issuer, members, database])
}

function withHiddenParameters(text: string, before: string): string {
  const [url, old] = [new URL(text), new URL(before)]
  const hidden = secretParameters(url).filter((name) => url.searchParams.get(name) === REDACTED)
  if (hidden.length === 0) return text
  for (const name of hidden) url.searchParams.set(name, old.searchParams.get(name) ?? '')
  return url.href
}
