import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A release that renamed a button, or a feature flag that hid it. */
export const fault: Fault = {
  name: 'journey-button-gone',
  title: 'What the user needs is gone',
  description: 'Every page is there, and the element that the journey first uses is not on it.',
  breaks: ['journey'],
  failureClass: 'page.element',
  remedy: 'Every journey that uses the page should see this; look at the observation.',
  applies: ({ healthy }) => (healthy as { vital: number | null }).vital !== null,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'button-gone' }),
}
