/** Runs the benchmarks, or those whose name holds one of the words given: `npm run bench -- tarpits`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const words = process.argv.slice(2)
const chosen = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort()
if (chosen.length === 0) {
  process.stderr.write(`no benchmark is named like ${words.join(', ')}\n`)
  process.exit(2)
}
for (const file of chosen) {
  process.stderr.write(`${file}\n`)
  const child = spawn(process.execPath, [folder + file], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = 1
}
