import { runCli } from './main.ts'
import type { ExitCode, Program, Terminal } from './program.ts'

export interface Ran {
  code: ExitCode
  out: string
  err: string
}

/** A program whose members a test does not expect to be called. */
export const noProgram: Program = {
  version: '0.0.0-test',
  start: () => Promise.reject(new Error('start was not expected')),
  readConfiguration: () => Promise.reject(new Error('readConfiguration was not expected')),
  configurationSchema: () => Promise.reject(new Error('configurationSchema was not expected')),
  readWatcher: () => Promise.reject(new Error('readWatcher was not expected')),
  openData: () => Promise.reject(new Error('openData was not expected')),
  restore: () => Promise.reject(new Error('restore was not expected')),
}

/** Runs a command line in this process and answers what a person would see. */
export async function runForTests(
  args: string[],
  { program = noProgram, terminal = {} }: { program?: Program; terminal?: Partial<Terminal> } = {},
): Promise<Ran> {
  let [out, err] = ['', '']
  const code = await runCli(program, args, {
    env: {},
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    interactive: false,
    onSignal: () => () => {},
    ...terminal,
  })
  return { code, out, err }
}
