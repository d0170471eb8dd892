import { accessSync, constants } from 'node:fs'
import { failure, type StepFailure } from '../../net/failure.ts'

type Environment = Record<string, string | undefined>

/** Where Chromium and its siblings usually are. */
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/opt/homebrew/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** How Chromium is started: the programs before it give up privileges, and end with it. */
export interface BrowserCommand {
  program: string
  /** What stands before it on the command line. */
  through: string[]
  /** Who it runs as, where that is somebody else: the profile must be theirs. */
  owner: { uid: number; gid: number } | null
  /** Whether Chromium locks its pages in by itself. */
  sandbox: boolean
}

const canRun = (path: string) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The browser that TOCSIN_CHROMIUM or CHROMIUM names, or one in a usual place. */
export function findBrowser(
  env: Environment,
  places: readonly string[] = USUAL_PLACES,
): string | StepFailure<'journey.no-browser'> {
  const named = env.TOCSIN_CHROMIUM || env.CHROMIUM
  if (named) {
    if (canRun(named)) return named
    return failure('journey.no-browser', `the browser that is named, ${named}, is not there or cannot be run`)
  }
  return (
    places.find(canRun) ??
    failure(
      'journey.no-browser',
      'no Chromium was found: install one ("apt-get install chromium"), or name it in TOCSIN_CHROMIUM',
    )
  )
}

// Who owns nothing, by custom of every system.
const NOBODY = 65_534
const TOOLS = { unshare: '/usr/bin/unshare', setpriv: '/usr/bin/setpriv' }

/**
 * The ways to start it, the safest first. A page is somebody else's program: the browser never runs as root, and
 * without its own sandbox only as somebody who owns nothing, or where TOCSIN_BROWSER_SANDBOX=off says that it may.
 */
export function waysToStart(
  program: string,
  uid: number | null,
  env: Environment,
  hasTool: (path: string) => boolean = canRun,
): BrowserCommand[] | StepFailure<'journey.no-browser'> {
  const plain: BrowserCommand = { program, through: [], owner: null, sandbox: true }
  const mayGoWithout = env.TOCSIN_BROWSER_SANDBOX === 'off'
  if (uid !== 0) return mayGoWithout ? [plain, { ...plain, sandbox: false }] : [plain]
  if (!hasTool(TOOLS.setpriv))
    return failure(
      'journey.no-browser',
      'Tocsin runs as root, and there is no setpriv to start the browser as somebody else: install util-linux, or run Tocsin as another user',
    )
  const owner = { uid: NOBODY, gid: NOBODY }
  const drop = [
    TOOLS.setpriv,
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--no-new-privs',
    '--',
  ]
  const asNobody: BrowserCommand = { program, through: drop, owner, sandbox: true }
  // In a process namespace of its own: what it leaves behind ends with it, whoever is the first process here.
  const apart = [TOOLS.unshare, '--pid', '--fork', '--mount-proc', '--', ...drop]
  return [
    ...(hasTool(TOOLS.unshare) ? [{ ...asNobody, through: apart }] : []),
    asNobody,
    { ...asNobody, sandbox: false },
  ]
}
