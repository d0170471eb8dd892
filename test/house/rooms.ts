/**
 * The map of the house, the only place where it is written down. Data flows down the list and imports run up it:
 * a room may import the rooms above itself. `.dependency-cruiser.mjs` makes the rules out of it.
 */

/** Every folder of src/, from the toolbox to the wiring. */
export const ROOMS = [
  'kit',
  'contract',
  'store',
  'engine',
  'channels',
  'catalog',
  'monitors',
  'alerts',
  'oncall',
  'incidents',
  'comms',
  'postmortems',
  'proofs',
  'http',
  'cli',
  'app',
]

/** Rooms whose files may be imported one by one; all others have a door, `index.ts`. */
export const WITHOUT_DOOR = ['kit', 'contract', 'store', 'engine']

/** Folders in which each kind has a folder of its own that its siblings do not touch. */
export const KINDS = [
  'src/monitors/kinds',
  'src/channels',
  'src/postmortems/import/formats',
  'src/postmortems/trackers/kinds',
  'src/proofs/faults',
  'src/proofs/drills',
  'src/proofs/evidence',
  'src/proofs/labs',
  'src/proofs/cases',
]

/** Tests, and what in a room only its tests use: they may import anything and read the clock. */
export const TEST_FILES = '(\\.test|[/-]for-tests)\\.tsx?$'

/** Where a program starts; what none of them reaches is dead. Workers are started by address, not imported. */
export const ENTRIES = [
  'src/app/main\\.ts',
  'src/.*[.-]worker\\.ts',
  'web/main\\.tsx',
  'web/vite\\.config\\.ts',
]

/** Node's modules that open connections, and the folders that may use them. */
export const SOCKET_MODULES = ['net', 'tls', 'http', 'https', 'http2', 'dgram', 'dns', 'dns/promises']
export const SOCKET_HOMES = [
  'src/monitors/(kinds|net|trust|pools)/',
  'src/channels/',
  'src/proofs/(faults|drills|labs)/',
  'src/http/',
  'src/cli/',
  'src/app/',
]

/** Who speaks SQL. */
export const SQL_HOMES = ['src/store/', 'src/engine/', '\\.rows\\.ts$']
/** Who opens databases: the store, and the probes that ask other people's. */
export const DRIVER_HOMES = ['src/store/', 'src/engine/', 'src/monitors/kinds/']
