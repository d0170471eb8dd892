export { ExercisePage } from './exercise-page.tsx'
export { ExercisesPage } from './exercises-page.tsx'
