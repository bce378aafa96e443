import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What is searched: its name says where it would have been found. */
export type Place = readonly [name: string, bytes: Buffer]
/** A way of writing that is searched for, and whose. */
interface Needle {
  says: string
  bytes: Buffer
}

/** Shorter pieces are in other text by chance. */
const PIECE_MIN = 12

/** Every way of writing these secrets, and either half of them, that is looked for. */
export function writingsOf(secrets: Readonly<Record<string, string>>): Needle[] {
  const found = new Map<string, Needle>()
  for (const [name, secret] of Object.entries(secrets)) {
    const half = Math.ceil(secret.length / 2)
    if (half < PIECE_MIN) throw new RangeError(`${name} is too short to be looked for by its halves.`)
    const pieces = { whole: secret, 'first half': secret.slice(0, half), 'second half': secret.slice(-half) }
    for (const [which, piece] of Object.entries(pieces))
      for (const [way, written] of ways(piece)) {
        const bytes = typeof written === 'string' ? Buffer.from(written) : written
        const key = bytes.toString('latin1')
        if (!found.has(key)) found.set(key, { says: `${name}, ${which}, ${way}`, bytes })
      }
  }
  return [...found.values()]
}

function ways(text: string): (readonly [way: string, written: string | Buffer])[] {
  const bytes = Buffer.from(text)
  const json = JSON.stringify(text).slice(1, -1)
  const based = [0, 1, 2].flatMap((shift) => {
    // What stands before and after decides the first and the last characters; those between are the secret's own.
    const [from, to] = [Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3)]
    const padded = Buffer.concat([Buffer.alloc(shift), bytes])
    return (['base64', 'base64url'] as const).map(
      (way) => [`${way} at ${shift}`, padded.toString(way).slice(from, to)] as const,
    )
  })
  return [
    ['as it is', text],
    ['in small letters', text.toLowerCase()],
    ...based,
    ['hexadecimal', bytes.toString('hex')],
    ['HEXADECIMAL', bytes.toString('hex').toUpperCase()],
    ['percent-encoded', encodeURIComponent(text)],
    ['percent-encoded in small letters', percent(text, (code) => code.toLowerCase())],
    ['as a form', new URLSearchParams({ k: text }).toString().slice(2)],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['JSON for a page', json.replaceAll('<', String.raw`\u003c`).replaceAll('&', String.raw`\u0026`)],
    ['HTML', html(text)],
    ['reversed', Array.from(text).toReversed().join('')],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
    ['UTF-16BE', Buffer.from(text, 'utf16le').swap16()],
  ]
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function percent(text: string, change: (code: string) => string): string {
  return encodeURIComponent(text).replaceAll(/%../g, change)
}

/** Every file below a folder, and every cell of the databases among them. */
export function placesIn(folder: string): Place[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      const isDatabase = bytes.subarray(0, 15).toString() === 'SQLite format 3'
      return [[path, bytes] as const, ...(isDatabase ? cellsOf(path) : [])]
    })
}

/** A long text lies in pieces in a file of SQLite, and is whole only when it is asked for. */
function cellsOf(path: string): Place[] {
  const database = new DatabaseSync(path)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
    return tables.map(({ name }) => {
      const rows = database.prepare(`SELECT * FROM "${String(name)}"`).all()
      const cells = rows.flatMap((row) => Object.values(row)).map(cell)
      return [`${path}, table ${String(name)}`, Buffer.concat(cells)]
    })
  } finally {
    database.close()
  }
}

const GAP = Buffer.from([0])

function cell(value: unknown): Buffer {
  return Buffer.concat([value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)), GAP])
}

/** Where one of them stands, as sentences. All are looked for in one pass, since a day leaves many megabytes. */
export function hits(places: readonly Place[], needles: readonly Needle[]): string[] {
  const byStart = new Map<number, Needle[]>()
  const starts = new Uint8Array(65_536)
  for (const needle of needles) {
    const start = needle.bytes.readUInt32BE(0)
    starts[start >>> 16] = 1
    byStart.set(start, [...(byStart.get(start) ?? []), needle])
  }
  const found = new Set<string>()
  for (const [name, bytes] of places) {
    for (let at = 0; at + 4 <= bytes.length; at += 1) {
      if (starts[((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)] === 0) continue
      for (const needle of byStart.get(bytes.readUInt32BE(at)) ?? []) {
        const end = at + needle.bytes.length
        if (!bytes.subarray(at, end).equals(needle.bytes)) continue
        const around = bytes.subarray(Math.max(0, at - 120), end + 40).toString('latin1')
        found.add(`${name}: ${needle.says}: …${around.replaceAll(/[^\x20-\x7e]+/g, '·')}…`)
      }
    }
  }
  return [...found]
}
