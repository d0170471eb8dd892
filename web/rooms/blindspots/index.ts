export { BlindSpotsPage } from './blind-spots-page.tsx'
