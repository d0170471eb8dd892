// Is what lies in node_modules what package-lock.json says? Then the user's own `npm ci` counts as the set-up.
// Plain JavaScript: it runs on whatever Node.js the machine has. Prints `all`, `production` or nothing.
import { readFileSync } from 'node:fs'

const root = process.argv[2]
const read = (path) => JSON.parse(readFileSync(`${root}/${path}`, 'utf8')).packages

try {
  const wanted = Object.entries(read('package-lock.json')).filter(([path, entry]) => path && !entry.optional)
  const present = read('node_modules/.package-lock.json')
  const same = ([path, entry]) => present[path]?.integrity === entry.integrity
  if (wanted.every(same)) console.log('all')
  else if (wanted.filter(([, entry]) => !entry.dev && !entry.devOptional).every(same))
    console.log('production')
} catch {
  // No hidden lock file: nothing was installed, or not by npm.
}
