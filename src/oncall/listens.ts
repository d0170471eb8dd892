import {
  alertAcknowledged,
  alertChanged,
  alertOpened,
  alertResolved,
  alertSilenced,
  alertUnsilenced,
} from '../alerts/index.ts'
import { type Listener, on } from '../engine/room.ts'
import { attendAlert } from './attend-alert.ts'

/** What oncall/ hears: everything that moves an alert. */
export const oncallListener: Listener = {
  name: 'oncall',
  hears: [
    on(alertOpened, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
    on(alertChanged, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
    on(alertAcknowledged, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
    on(alertResolved, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
    on(alertSilenced, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
    on(alertUnsilenced, (tx, world, { data }) => attendAlert(tx, world, data.alertId)),
  ],
}
