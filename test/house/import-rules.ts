/** The rules of imports for dependency-cruiser, made from the one table in rooms.ts. */
import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser'
import {
  DRIVER_HOMES,
  ENTRIES,
  KINDS,
  ROOMS,
  SOCKET_HOMES,
  SOCKET_MODULES,
  SQL_HOMES,
  TEST_FILES as TESTS,
  WITHOUT_DOOR,
} from './rooms.ts'

const any = (names: readonly string[]) => `(${names.join('|')})`
const error = (name: string, comment: string, from: object, to: object) =>
  ({ name, comment, severity: 'error', from, to }) as IForbiddenRuleType
const withDoor = ROOMS.filter((room) => !WITHOUT_DOOR.includes(room))

/** One rule per room: it knows itself and what stands above it. */
const upTheList = ROOMS.filter((room) => room !== 'contract').map((room) =>
  error(
    `${room}-imports`,
    `${room}/ may import only the rooms above it in test/house/rooms.ts; a type is knowledge too`,
    { path: `^src/${room}/`, pathNot: TESTS },
    {
      path: '^(src|web|test|bench|scripts)/',
      pathNot: `^src/${any(ROOMS.slice(0, ROOMS.indexOf(room) + 1))}/`,
    },
  ),
)

export const configuration = {
  forbidden: [
    ...upTheList,
    error(
      'through-the-door',
      'another room is imported through its index.ts; export there what others need',
      { path: '^src/([^/]+)/', pathNot: TESTS },
      { path: `^src/${any(withDoor)}/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    ),
    error(
      'contract-runs-in-the-browser',
      'contract/ may use zod and itself, nothing else: the browser loads it',
      { path: '^src/contract/', pathNot: TESTS },
      { pathNot: ['^src/contract/', 'node_modules/zod/'] },
    ),
    error(
      'web-knows-the-contract-only',
      'the browser application knows the server by src/contract/ alone',
      { path: '^web/', pathNot: [TESTS, '^web/vite\\.config\\.ts$'] },
      { path: '^(src|test|bench|scripts)/', pathNot: '^src/contract/' },
    ),
    error(
      'web-runs-in-the-browser',
      'there are no Node.js modules in a browser',
      { path: '^web/', pathNot: [TESTS, '^web/vite\\.config\\.ts$'] },
      { dependencyTypes: ['core'] },
    ),
    error(
      'siblings-do-not-touch',
      'a kind is one folder; what two kinds share belongs to the folder above them',
      { path: `^${any(KINDS)}/([^/]+)/`, pathNot: TESTS },
      { path: '^$1/[^/]+/', pathNot: '^$1/$2/' },
    ),
    error(
      'rules-stay-pure',
      'a decision gets what it needs as arguments; types of the store and the engine are allowed',
      { path: '\\.rules\\.ts$' },
      { path: ['^src/(store|engine)/', 'node_modules/(kysely|pg)/'], dependencyTypesNot: ['type-only'] },
    ),
    error(
      'rules-use-no-node-core',
      'a decision does not touch the machine',
      { path: '\\.rules\\.ts$' },
      { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    ),
    error(
      'only-rows-speak-sql',
      'queries live in *.rows.ts, store/ and engine/',
      { path: '^src/', pathNot: [TESTS, ...SQL_HOMES] },
      { path: 'node_modules/kysely/' },
    ),
    error(
      'drivers-have-homes',
      'databases are opened by the store, and by the probes that ask other databases',
      { path: '^src/', pathNot: [TESTS, ...DRIVER_HOMES] },
      { path: ['node_modules/pg/', '^(node:)?sqlite$'] },
    ),
    error(
      'sockets-have-homes',
      'connections are opened by probes, channels, faults, the front desk and the wiring',
      { path: '^src/', pathNot: [TESTS, ...SOCKET_HOMES] },
      { path: `^(node:)?${any(SOCKET_MODULES)}$` },
    ),
    error(
      'no-cycles',
      'two files that need each other at run time are one file, or a third is missing between them',
      { pathNot: TESTS },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    error(
      'resolves',
      'the file or package does not exist',
      { path: '^(src|web)/' },
      { couldNotResolve: true, pathNot: '\\?' },
    ),
    error(
      'no-dead-files',
      'nothing that starts reaches this file: wire it or remove it',
      { path: `^${any(ENTRIES)}$` },
      { path: '^(src|web)/.*\\.tsx?$', pathNot: [TESTS, '\\.d\\.ts$', ...ENTRIES], reachable: false },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
} satisfies IConfiguration
