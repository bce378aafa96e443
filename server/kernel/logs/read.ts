import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Level } from '../log.ts'
import { logNumbers, logPath } from './files.ts'

/** A line of the log. `id` says where it stands. */
export interface LogLine {
  id: string
  level: Level
  source: string
  message: string
  request_id: string | null
  created_at: string
  details: Record<string, unknown>
}

/** Which lines are looked for. */
export interface LogQuery {
  /** Exactly this one. */
  level?: Level | undefined
  source?: string | undefined
  request_id?: string | undefined
  /** The earliest time, in epoch ms. */
  since?: number | undefined
  /** Only lines before the one with this id. */
  before?: string | undefined
  limit: number
}

const CHUNK_BYTES = 65_536
/** No line is longer; what seems to be is none. */
const LINE_BYTES_MAX = 131_072
/** Characters of lines that are answered together. */
const CHARACTERS_MAX = 1_048_576
/** A clock that is set back makes older lines look newer: so far back it is looked all the same. */
const SLACK_MS = 3_600_000
const ID = /^(\d{1,15})-(\d{1,15})$/
/** How every line begins, so that most need not be parsed to be left out. */
const HEAD = /^\{"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","level":"(debug|info|warn|error)",/

/** Whether a text is the id of a line. */
export function isLineId(id: string): boolean {
  return ID.test(id)
}

/** Finds lines of the log, newest first, and whether there are more. Reads in pieces, so that nothing else waits for it. */
export async function readLog(
  folder: string,
  query: LogQuery,
): Promise<{ lines: LogLine[]; has_more: boolean }> {
  const lines: LogLine[] = []
  const [, last_file = Infinity, last_offset = Infinity] = (ID.exec(query.before ?? '') ?? []).map(Number)
  let characters = 0
  for (const number of (await logNumbers(folder)).toReversed()) {
    if (number > last_file) continue
    const end = number === last_file ? last_offset : Infinity
    for await (const { offset, text } of linesOf(logPath(folder, number), end)) {
      const found = look(text, `${number}-${offset}`, query)
      if (found === 'old') return { lines, has_more: false }
      if (found === undefined) continue
      if (lines.length >= query.limit || (lines.length > 0 && characters + text.length > CHARACTERS_MAX))
        return { lines, has_more: true }
      lines.push(found)
      characters += text.length
    }
  }
  return { lines, has_more: false }
}

/** A line that is looked for; `old` when all that come after it are too old. */
function look(text: string, id: string, query: LogQuery): LogLine | 'old' | undefined {
  const [, time = '', level] = HEAD.exec(text) ?? []
  if (level === undefined) return undefined
  if (query.since !== undefined) {
    const at = Date.parse(time)
    if (at < query.since - SLACK_MS) return 'old'
    if (at < query.since) return undefined
  }
  if (query.level !== undefined && level !== query.level) return undefined
  const line = parse(text, id)
  if (line === undefined) return undefined
  if (query.source !== undefined && line.source !== query.source) return undefined
  return query.request_id !== undefined && line.request_id !== query.request_id ? undefined : line
}

function parse(text: string, id: string): LogLine | undefined {
  try {
    const { time, level, message, source, request_id, ...details } = JSON.parse(text) as Record<
      string,
      unknown
    >
    return {
      id,
      level: level as Level,
      source: typeof source === 'string' ? source : 'server',
      message: String(message),
      request_id: typeof request_id === 'string' ? request_id : null,
      created_at: String(time),
      details,
    }
  } catch {
    // A crash leaves half a line behind.
    return undefined
  }
}

/** The lines of a file from its end, or from a place in it, backwards. A file that is gone has none. */
async function* linesOf(path: string, end: number): AsyncGenerator<{ offset: number; text: string }> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch {
    return
  }
  try {
    const { size } = await handle.stat()
    let at = Math.min(end, size)
    /** The beginning of what was read so far, up to its first line end: the rest of that line is still to come. */
    let rest: Buffer = Buffer.alloc(0)
    while (at > 0) {
      const start = Math.max(0, at - CHUNK_BYTES)
      const chunk = Buffer.alloc(at - start)
      await handle.read(chunk, 0, chunk.length, start)
      at = start
      const bytes = Buffer.concat([chunk, rest])
      let stop = bytes.length
      for (let brk = lineEnd(bytes, stop); brk >= 0; brk = lineEnd(bytes, stop)) {
        if (stop > brk + 1) yield { offset: start + brk + 1, text: bytes.toString('utf8', brk + 1, stop) }
        stop = brk
      }
      rest = stop > LINE_BYTES_MAX ? Buffer.alloc(0) : bytes.subarray(0, stop)
    }
    if (rest.length > 0) yield { offset: 0, text: rest.toString('utf8') }
  } finally {
    await handle.close()
  }
}

function lineEnd(bytes: Buffer, before: number): number {
  return before <= 0 ? -1 : bytes.lastIndexOf(10, before - 1)
}
