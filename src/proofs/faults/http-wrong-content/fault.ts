import type { Fault } from '../fault.ts'
import { startLabServer } from '../lab-server.ts'

/** 200 OK, and the wrong page: a default vhost, a maintenance page, a hijacked name. */
export const fault: Fault = {
  name: 'http-wrong-content',
  title: 'Answers well, with the wrong page',
  description: 'The expected status and headers with the welcome page of a fresh web server.',
  breaks: ['http'],
  failureClass: 'http.content',
  remedy: 'Set `expect.contains` to a text that only the right page contains.',
  // These answers have no body that could be wrong.
  applies: (expects) => expects.speaks === 'http' && ![204, 304].includes(expects.answer.status),
  start({ clock, lab, expects }) {
    const answer = { ...expects.answer, body: wrongPage(expects.contains) }
    return startLabServer({ clock, expects, certificate: lab.good, answer })
  },
}

const PAGES = [
  '<!doctype html><title>Welcome</title><p>This server has not been configured yet.</p>\n',
  'It works!\n',
  '\n',
]

/** A page that holds none of the expected texts, even where these are words of a usual welcome page. */
export function wrongPage(contains: readonly string[]): string {
  return PAGES.find((page) => !contains.some((text) => page.includes(text))) ?? ''
}
