export { OnCallPage } from './oncall-page.tsx'
