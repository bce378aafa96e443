import type { Clock } from './clock.ts'
import { iso } from './clock.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** One JSON object a line. */
export interface Log {
  debug(message: string, details?: Record<string, unknown>): void
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

/** Field names whose values never reach a log. */
const SECRET =
  /pass(word)?|token|secret|api_?keys?$|authorization|cookie|setup_code|challenge_response|proof/i
const DEPTH_MAX = 6
const LINE_MAX = 16_384

/** Writes JSON lines to `write`, from `level` on, with secrets replaced and control characters escaped. */
export function openLog(level: Level, clock: Clock, write: (line: string) => void): Log {
  const from = LEVELS.indexOf(level)
  const at =
    (name: Level) =>
    (message: string, details: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(name) < from) return
      const entry = { time: iso(clock.now()), level: name, message, ...(redact(details, 0) as object) }
      write(escapeControls(JSON.stringify(entry)).slice(0, LINE_MAX))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Bidirectional and other invisible controls could make a line read as something else in a terminal. */
function escapeControls(line: string): string {
  return line.replaceAll(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function redact(value: unknown, depth: number): unknown {
  if (value instanceof Error)
    return {
      name: value.name,
      message: value.message,
      stack: value.stack,
      cause: redact(value.cause, depth + 1),
    }
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET.test(key) ? '[redacted]' : redact(item, depth + 1),
    ]),
  )
}
