import type { Room } from '../engine/room.ts'
import { postmortemsListener } from './listens.ts'

/** The room as the engine sees it. */
export function postmortemsRoom(): Room {
  return { name: 'postmortems', listeners: [postmortemsListener] }
}
