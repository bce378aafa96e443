import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { etagOf } from './http/documents.ts'

/** A file as it is served. */
export interface File {
  body: Buffer
  type: string
  etag: string
  /** Its name changes with its content, so it may be kept for ever. */
  immutable: boolean
}

/** The files of the console. */
export interface Files {
  /** The file at a path, or the shell for a path of its own router. */
  find(path: string): File | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const SHELL = '/index.html'
/** A name that the bundler made from the content: `main-B7x_9Qkd.js`. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/

/**
 * Serves the files that are in a folder now, and nothing that comes later: what is asked for is looked up in the list,
 * never on the disk, so no path leads outside. Hidden files, links and unknown types are left out.
 *
 * @param folder - Absent, or not there, when the console is not installed.
 */
export function openFiles(folder: string | undefined): Files {
  const paths = new Map(folder === undefined ? [] : list(folder))
  const loaded = new Map<string, File>()
  const load = (path: string): File | undefined => {
    const known = loaded.get(path)
    const source = paths.get(path)
    if (known !== undefined || source === undefined) return known
    const file = fileOf(path, readFileSync(source))
    loaded.set(path, file)
    return file
  }
  return { find: (path) => load(path) ?? (isPlace(path) ? load(SHELL) : undefined) }
}

/** A file by its content; its name says its type, and whether it may be kept for ever. */
export function fileOf(path: string, body: Buffer): File {
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return { body, type, etag: etagOf(body), immutable: HASHED.test(path) }
}

function list(folder: string): [string, string][] {
  let entries
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
  return entries
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source): [string, string] => [`/${relative(folder, source).split(sep).join('/')}`, source])
    .filter(([path]) => !path.includes('/.'))
}

/** Whether a path may be a place inside the console rather than a file: the shell would be a wrong answer for those. */
function isPlace(path: string): boolean {
  return !path.startsWith('/assets/') && !/[.%\\]/.test(path)
}
