import type { Expectation, Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A module that was not loaded after an upgrade. */
export const fault: Fault = {
  name: 'smtp-extension-missing',
  title: 'An extension is not offered',
  description: 'One of the extensions that senders rely on is missing from what the server offers.',
  breaks: ['smtp'],
  failureClass: 'mail.refusing',
  remedy: 'Name the extensions that must be offered in `expect.extensions`.',
  applies: () => true,
  demanded: (expects) => (healthy(expects).extensions ?? []).length > 0,
  start: ({ clock, lab, expects }) =>
    startLabServer({ clock, expects, certificate: lab.good, twist: 'extension-missing' }),
}

const healthy = ({ healthy: given }: Expectation) => (given ?? {}) as { extensions?: string[] }
