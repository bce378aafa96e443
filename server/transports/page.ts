import { readFileSync, readdirSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import { fileOf } from './static.ts'
import type { File, Files } from './static.ts'

export interface PageOptions {
  /** Holds the shell, the style sheet, pictures, and the scripts in TypeScript. */
  folder: string
  /** Scripts of packages, by the name under which the page asks for them. */
  packages: Readonly<Record<string, string>>
  /** Whether the server still waits for its owner; the page then begins with that. */
  isUnclaimed: () => boolean
}

const SHELL = 'index.html'
const BELOW = '/page/'
/** The service worker stands at the top: a browser lets one act for nothing that is not below it. */
const WORKER = '/sw.js'
const SERVED = new Set(['.css', '.svg', '.ts'])
/** What scripts load of each other: `from './x.ts'` and `import('./x.ts')`. */
const LOADED = /(\bfrom |\bimport ?\(?)'(\.\/[\w-]+)\.ts'/g
const ROOT = '<html lang="en"'

/**
 * Serves the account page at `/`, its service worker at `/sw.js` and its parts below `/page/`, as they are now: nothing
 * is built beforehand. The types are taken out of the scripts by Node itself, which leaves every line where it was.
 */
export function openPage({ folder, packages, isUnclaimed }: PageOptions): Files {
  const makers = new Map<string, () => File>([
    ['/', () => shellOf(folder, '')],
    ['/unclaimed', () => shellOf(folder, ' data-unclaimed')],
    ...readdirSync(folder)
      .filter((name) => SERVED.has(extname(name)))
      .map((name): [string, () => File] => partOf(folder, name)),
    ...Object.entries(packages).map(([name, path]): [string, () => File] => [
      BELOW + name,
      () => fileOf(name, readFileSync(path)),
    ]),
  ])
  const made = new Map<string, File>()
  const make = (key: string): File | undefined => {
    const file = made.get(key) ?? makers.get(key)?.()
    if (file !== undefined) made.set(key, file)
    return file
  }
  return {
    find(path) {
      if (path === '/') return make(isUnclaimed() ? '/unclaimed' : '/')
      if (path === WORKER) return make('/page/sw.js')
      return path.startsWith(BELOW) ? make(path) : undefined
    },
  }
}

function shellOf(folder: string, attribute: string): File {
  const text = readFileSync(join(folder, SHELL), 'utf8').replace(ROOT, `${ROOT}${attribute}`)
  return fileOf(SHELL, Buffer.from(text))
}

function partOf(folder: string, name: string): [string, () => File] {
  const source = join(folder, name)
  if (extname(name) !== '.ts') return [BELOW + name, () => fileOf(name, readFileSync(source))]
  const served = name.replace(/\.ts$/, '.js')
  return [BELOW + served, () => fileOf(served, Buffer.from(toScript(readFileSync(source, 'utf8'))))]
}

/** @throws SyntaxError for a script that has more than types in it that is not JavaScript. */
export function toScript(text: string): string {
  return stripTypeScriptTypes(text).replaceAll(LOADED, "$1'$2.js'")
}
