export { ActionPage } from './action-page.tsx'
export { ActionsPage } from './actions-page.tsx'
