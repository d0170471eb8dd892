export { PostmortemPage } from './postmortem-page.tsx'
export { PostmortemsPage } from './postmortems-page.tsx'
