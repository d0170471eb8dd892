export { ImportPage } from './import/import-page.tsx'
export { LuckPage } from './luck-page.tsx'
export { PostmortemPage } from './postmortem-page.tsx'
export { PostmortemsPage } from './postmortems-page.tsx'
