/** What can be wrong with a journey, beside what is wrong with the connection and the certificate. */
export const JOURNEY_REASONS = [
  'journey.step-failed',
  'journey.expectation-failed',
  'journey.navigation-failed',
  'journey.http-status',
  'journey.script-error',
  'journey.slow',
  'journey.timed-out',
  'journey.too-much-loaded',
  // Our own: nothing was learned of the site.
  'journey.browser-crashed',
  'journey.no-browser',
  'journey.crowded',
] as const
export type JourneyReason = (typeof JOURNEY_REASONS)[number]
