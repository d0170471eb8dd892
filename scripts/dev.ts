/** `npm run dev`: the server, started again when its sources change, and the browser application with hot reload. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const start = (...args: string[]) => spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' })

const children = [
  start(
    '--disable-warning=ExperimentalWarning',
    '--watch-path=src',
    'src/app/main.ts',
    'serve',
    ...process.argv.slice(2),
  ),
  start(join('node_modules', 'vite', 'bin', 'vite.js'), '--config', join('web', 'vite.config.ts')),
]
const stop = (): void => {
  for (const child of children) child.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
// One without the other is of no use.
for (const child of children) child.once('exit', stop)
