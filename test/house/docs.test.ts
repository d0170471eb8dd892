/** The pages that people read: links lead somewhere, every page is found from the guide, every kind has its example. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { anchorOf } from '../../scripts/incidents.ts'
import { readConfiguration } from '../../src/app/configuration.ts'
import { monitorKinds } from '../../src/monitors/index.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const pages = globSync('{*.md,docs/**/*.md,src/**/*.md,web/**/*.md,bench/*.md,test/**/*.md}', {
  cwd: ROOT,
  exclude: ['**/node_modules/**', '**/testdata/**'],
}).sort()

const withoutCode = (text: string) => text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')

/** Links of a page that lead nowhere: a file that is not there, or a heading that a page does not have. */
function brokenLinks(page: string, text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^([a-z]+:|\/)/i.test(target!)) return []
    const [path, anchor] = target!.split('#')
    const file = path === '' ? page : normalize(join(dirname(page), path!))
    if (path !== '' && !existsSync(join(ROOT, file))) return [`${page}: ${target}`]
    if (!anchor || !file.endsWith('.md')) return []
    return headingsOf(file === page ? text : read(file)).includes(anchor) ? [] : [`${page}: ${target}`]
  })
}

const headingsOf = (text: string) =>
  [...text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    anchorOf(heading!.replace(/[`*]/g, '')),
  )

describe('links', () => {
  test('lead to files and headings that are there', () => {
    assert.ok(pages.includes('docs/guide.md') && pages.includes('README.md'))
    assert.deepEqual(
      pages.flatMap((page) => brokenLinks(page, read(page))),
      [],
    )
  })

  test('that are broken are seen', () => {
    const text =
      '# A b\n[x](#a-b) [y](#c) [z](nowhere.md) [w](guide.md#no-such-heading)\n```\n[v](nowhere.md)\n```\n'
    assert.deepEqual(brokenLinks('docs/x.md', text), [
      'docs/x.md: #c',
      'docs/x.md: nowhere.md',
      'docs/x.md: guide.md#no-such-heading',
    ])
  })

  test('of the guide reach every page for users', () => {
    const linked = [...read('docs/guide.md').matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) =>
      normalize(join('docs', target!)),
    )
    const wanted = pages.filter(
      (page) => /^docs\/(reference\/)?[^/]+\.md$/.test(page) && page !== 'docs/guide.md',
    )
    assert.deepEqual(
      wanted.filter((page) => !linked.includes(page)),
      [],
    )
  })
})

describe('every kind of monitor', () => {
  const kinds = Object.keys(monitorKinds)
  const examples = globSync(join(ROOT, 'examples/monitors/*.yaml'))
  const env = new Proxy({}, { get: () => 'a-secret-that-is-long-enough-0123456789' })

  test('has its example, and no other has one', () => {
    const named = examples.map((file) => relative(join(ROOT, 'examples/monitors'), file).replace('.yaml', ''))
    assert.deepEqual(named.sort(), kinds.toSorted())
  })

  for (const file of examples)
    test(`${relative(ROOT, file)} is a configuration that is taken, and shows its kind`, async () => {
      const text = readFileSync(file, 'utf8')
      const reading = await readConfiguration(text, { env, folder: dirname(file) })
      assert.ok(reading.ok, JSON.stringify(reading))
      const kind = relative(dirname(file), file).replace('.yaml', '')
      assert.ok(text.includes(`type: ${kind}\n`), 'it shows another kind')
      assert.match(text, /^# [A-Z].+\.\n/, 'its first line says what it shows')
    })

  test('is listed in the page of the room', () => {
    const text = read('src/monitors/README.md')
    assert.deepEqual(
      kinds.filter((kind) => !text.includes(`| \`${kind}\` | `)),
      [],
    )
  })
})
