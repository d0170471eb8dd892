/** Words of dates and times, as people write them. */

const MONTH_NAMES: readonly (readonly string[])[] = [
  ['january', 'jan', 'januar', 'janvier', 'janv', 'enero', 'gennaio'],
  ['february', 'feb', 'februar', 'février', 'fevrier', 'févr', 'febrero', 'febbraio'],
  ['march', 'mar', 'märz', 'maerz', 'mars', 'marzo'],
  ['april', 'apr', 'avril', 'avr', 'abril', 'aprile'],
  ['may', 'mai', 'mayo', 'maggio'],
  ['june', 'jun', 'juni', 'juin', 'junio', 'giugno'],
  ['july', 'jul', 'juli', 'juillet', 'juil', 'julio', 'luglio'],
  ['august', 'aug', 'août', 'aout', 'agosto'],
  ['september', 'sept', 'sep', 'septembre', 'septiembre', 'settembre'],
  ['october', 'oct', 'okt', 'oktober', 'octobre', 'octubre', 'ottobre'],
  ['november', 'nov', 'novembre', 'noviembre'],
  ['december', 'dec', 'dez', 'dezember', 'décembre', 'decembre', 'déc', 'diciembre', 'dicembre'],
]

const WEEKDAY_NAMES: readonly (readonly string[])[] = [
  ['monday', 'mon', 'montag', 'lundi', 'lunes'],
  ['tuesday', 'tues', 'tue', 'dienstag', 'mardi', 'martes'],
  ['wednesday', 'wed', 'weds', 'mittwoch', 'mercredi'],
  ['thursday', 'thurs', 'thur', 'thu', 'donnerstag', 'jeudi', 'jueves'],
  ['friday', 'fri', 'freitag', 'vendredi', 'viernes'],
  ['saturday', 'sat', 'samstag', 'samedi', 'sábado'],
  ['sunday', 'sun', 'sonntag', 'dimanche', 'domingo'],
]

const index = (names: readonly (readonly string[])[]) =>
  new Map(names.flatMap((words, i) => words.map((word) => [word, i + 1] as const)))

/** Months from 1, weekdays from 1 = Monday. */
export const MONTHS = index(MONTH_NAMES)
export const WEEKDAYS = index(WEEKDAY_NAMES)

const longestFirst = (words: Iterable<string>) => [...words].sort((a, b) => b.length - a.length).join('|')
export const MONTH_PATTERN = longestFirst(MONTHS.keys())
export const WEEKDAY_PATTERN = longestFirst(WEEKDAYS.keys())

/** When the parts of a day begin: only for their order, never as a clock time. */
export const DAY_PARTS: Readonly<Record<string, number>> = {
  'early morning': 4,
  morning: 8,
  midday: 12,
  lunchtime: 12,
  afternoon: 14,
  evening: 18,
  night: 22,
  overnight: 22,
}

export interface Zone {
  /** Minutes east of UTC, as the letters say. Null: only the place says it. */
  offset: number | null
  /** A place where these letters are used, to see whether they fit the season. */
  place: string | null
}

const at = (hours: number, place: string | null): Zone => ({ offset: hours * 60, place })

/** Zone letters. Where two places share them, the one whose people write them in such reports more often. */
export const ZONES: Readonly<Record<string, Zone>> = {
  UTC: at(0, null),
  GMT: at(0, 'Europe/London'),
  Z: at(0, null),
  WET: at(0, 'Europe/Lisbon'),
  WEST: at(1, 'Europe/Lisbon'),
  BST: at(1, 'Europe/London'),
  CET: at(1, 'Europe/Paris'),
  MEZ: at(1, 'Europe/Berlin'),
  CEST: at(2, 'Europe/Paris'),
  MESZ: at(2, 'Europe/Berlin'),
  EET: at(2, 'Europe/Athens'),
  EEST: at(3, 'Europe/Athens'),
  MSK: at(3, 'Europe/Moscow'),
  IST: at(5.5, 'Asia/Kolkata'),
  SGT: at(8, 'Asia/Singapore'),
  HKT: at(8, 'Asia/Hong_Kong'),
  AWST: at(8, 'Australia/Perth'),
  JST: at(9, 'Asia/Tokyo'),
  KST: at(9, 'Asia/Seoul'),
  AEST: at(10, 'Australia/Sydney'),
  AEDT: at(11, 'Australia/Sydney'),
  NZST: at(12, 'Pacific/Auckland'),
  NZDT: at(13, 'Pacific/Auckland'),
  EST: at(-5, 'America/New_York'),
  EDT: at(-4, 'America/New_York'),
  CST: at(-6, 'America/Chicago'),
  CDT: at(-5, 'America/Chicago'),
  MST: at(-7, 'America/Denver'),
  MDT: at(-6, 'America/Denver'),
  PST: at(-8, 'America/Los_Angeles'),
  PDT: at(-7, 'America/Los_Angeles'),
  AKST: at(-9, 'America/Anchorage'),
  HST: at(-10, 'Pacific/Honolulu'),
  BRT: at(-3, 'America/Sao_Paulo'),
  ET: { offset: null, place: 'America/New_York' },
  CT: { offset: null, place: 'America/Chicago' },
  MT: { offset: null, place: 'America/Denver' },
  PT: { offset: null, place: 'America/Los_Angeles' },
}
export const ZONE_PATTERN = longestFirst(Object.keys(ZONES))
