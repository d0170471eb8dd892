export { LearningPage } from './learning-page.tsx'
export { SearchPage } from './search-page.tsx'
