import { lostLessons } from '../../harness/lost-lesson.ts'

lostLessons('dialogs')
