export { MonitorPage } from './monitor-page.tsx'
export { MonitorsPage } from './monitors-page.tsx'
