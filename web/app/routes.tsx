import { createBrowserRouter, isRouteErrorResponse, useRouteError } from 'react-router'
import { asProblem } from '../api/problem.ts'
import { Loading, ProblemNote } from '../parts/feedback.tsx'
import { Shell } from './shell.tsx'

/** Each room is fetched when it is entered, so that the first page is light. */
function page<Name extends string>(
  fetchRoom: () => Promise<Record<Name, () => React.ReactNode>>,
  name: Name,
) {
  return async () => ({ Component: (await fetchRoom())[name] })
}

const account = () => import('../rooms/account/index.ts')
const monitors = () => import('../rooms/monitors/index.ts')
const alerts = () => import('../rooms/alerts/index.ts')
const incidents = () => import('../rooms/incidents/index.ts')
const postmortems = () => import('../rooms/postmortems/index.ts')
const actions = () => import('../rooms/actions/index.ts')
const drills = () => import('../rooms/drills/index.ts')
const exercises = () => import('../rooms/exercises/index.ts')
const cases = () => import('../rooms/cases/index.ts')
const learning = () => import('../rooms/learning/index.ts')

/** Every address of the application. */
export const router = createBrowserRouter([
  { path: '/sign-in', lazy: page(account, 'SignInPage'), HydrateFallback: Loading },
  { path: '/setup', lazy: page(account, 'SetupPage'), HydrateFallback: Loading },
  { path: '/invitation', lazy: page(account, 'InvitationPage'), HydrateFallback: Loading },
  {
    path: '/',
    Component: Shell,
    ErrorBoundary: Broken,
    HydrateFallback: Loading,
    children: [
      {
        ErrorBoundary: Broken,
        children: [
          { index: true, lazy: page(() => import('../rooms/overview/index.ts'), 'OverviewPage') },
          { path: 'monitors', lazy: page(monitors, 'MonitorsPage') },
          { path: 'monitors/:id', lazy: page(monitors, 'MonitorPage') },
          {
            path: 'certificates',
            lazy: page(() => import('../rooms/certificates/index.ts'), 'CertificatesPage'),
          },
          { path: 'alerts', lazy: page(alerts, 'AlertsPage') },
          { path: 'alerts/:id', lazy: page(alerts, 'AlertPage') },
          { path: 'incidents', lazy: page(incidents, 'IncidentsPage') },
          { path: 'incidents/:id', lazy: page(incidents, 'IncidentPage') },
          { path: 'on-call', lazy: page(() => import('../rooms/oncall/index.ts'), 'OnCallPage') },
          { path: 'post-mortems', lazy: page(postmortems, 'PostmortemsPage') },
          { path: 'post-mortems/import', lazy: page(postmortems, 'ImportPage') },
          { path: 'post-mortems/luck', lazy: page(postmortems, 'LuckPage') },
          { path: 'post-mortems/:id', lazy: page(postmortems, 'PostmortemPage') },
          { path: 'learning', lazy: page(learning, 'LearningPage') },
          { path: 'search', lazy: page(learning, 'SearchPage') },
          { path: 'actions', lazy: page(actions, 'ActionsPage') },
          { path: 'actions/:id', lazy: page(actions, 'ActionPage') },
          { path: 'drills', lazy: page(drills, 'DrillsPage') },
          { path: 'drills/:id', lazy: page(drills, 'DrillPage') },
          { path: 'drill-runs/:id', lazy: page(drills, 'RunPage') },
          { path: 'exercises', lazy: page(exercises, 'ExercisesPage') },
          { path: 'exercises/:id', lazy: page(exercises, 'ExercisePage') },
          { path: 'cases', lazy: page(cases, 'CasesPage') },
          { path: 'cases/:id', lazy: page(cases, 'CasePage') },
          {
            path: 'blind-spots',
            lazy: page(() => import('../rooms/blindspots/index.ts'), 'BlindSpotsPage'),
          },
          { path: 'people', lazy: page(() => import('../rooms/people/index.ts'), 'PeoplePage') },
          { path: 'tokens', lazy: page(() => import('../rooms/tokens/index.ts'), 'TokensPage') },
          { path: 'account', lazy: page(account, 'AccountPage') },
          { path: '*', Component: Nowhere },
        ],
      },
    ],
  },
])

function Nowhere() {
  return (
    <div>
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. Go to the <a href="/">overview</a>.
      </p>
    </div>
  )
}

function Broken() {
  const error = useRouteError()
  const problem = asProblem(
    isRouteErrorResponse(error) ? new Error(`${error.status} ${error.statusText}`) : error,
  )
  return (
    <div style={{ padding: 24, maxWidth: 640 }}>
      <ProblemNote of={problem} retry={() => location.reload()} />
    </div>
  )
}
