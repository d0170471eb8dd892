import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** A bad cable, a full line. */
export const fault: Fault = {
  name: 'icmp-loss',
  title: 'Loses packets',
  description: 'The host answers, and a part of the packets is lost on the way: a bad cable, a full line.',
  breaks: ['icmp'],
  failureClass: 'network.loss',
  remedy: 'Lower `expect.maxLoss`: it is the share of packets that may be lost.',
  applies: () => true,
  start: ({ clock, expects }) => startLabServer({ clock, expects, certificate: null, twist: 'loss' }),
}
