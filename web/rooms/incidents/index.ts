export { IncidentPage } from './incident-page.tsx'
export { IncidentsPage } from './incidents-page.tsx'
