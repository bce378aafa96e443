import type { Clock } from './clock.ts'
import { iso } from './clock.ts'
import { SECRET_FORMS } from './secret-forms.ts'
import { isSecretName } from './secret-names.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'
export const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** One JSON object a line. */
export interface Log {
  debug(message: string, details?: Record<string, unknown>): void
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  error(message: string, details?: Record<string, unknown>): void
}

/** Field names whose values never reach a log, besides those that are shown nowhere. */
const SECRET =
  /pass(word)?|token|secret|(api|private)_?keys?$|authorization|cookie|(setup|backup)_?code|challenge_response|proof/i
/** What opens something by its form, wherever it stands, and what is left of it. */
const SECRETS: readonly (readonly [pattern: RegExp, left: string])[] = [
  [SECRET_FORMS, '[redacted]'],
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\b([a-z][a-z+.-]{1,20}:\/\/)[^\s/@]{1,500}@/gi, '$1[redacted]@'],
  [/([?&][\w-]{0,30}(?:token|key|secret|password|signature|code)=)[^\s&#"']{1,2000}/gi, '$1[redacted]'],
]
const DEPTH_MAX = 6
const ENTRIES_MAX = 100
const LINE_MAX = 16_384
/** What is kept of a longer line: as text within a line it takes up to twice the room. */
const CUT_MAX = 6_000
const CUT_MESSAGE_MAX = 500

/** Writes JSON lines to `write`, from `level` on, with secrets replaced and control characters escaped. */
export function openLog(level: Level, clock: Clock, write: (line: string) => void): Log {
  const from = LEVELS.indexOf(level)
  const at =
    (name: Level) =>
    (message: string, details: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(name) < from) return
      const own = { time: iso(clock.now()), level: name, message: withoutSecrets(message) }
      // The details may not pass for what the log itself says.
      const line = toLine({ ...own, ...(redact(details, 0) as object), ...own })
      // A line that is cut off would not be JSON any more.
      const cut = { ...own, message: own.message.slice(0, CUT_MESSAGE_MAX), cut: line.slice(0, CUT_MAX) }
      write(line.length <= LINE_MAX ? line : toLine(cut))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A log whose lines name the part of the server that they come from. */
export function logOf(log: Log, source: string): Log {
  const of =
    (level: Level): Log[Level] =>
    (message, details) =>
      log[level](message, { source, ...details })
  return { debug: of('debug'), info: of('info'), warn: of('warn'), error: of('error') }
}

function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, [pattern, put]) => left.replaceAll(pattern, put), text)
}

/** Bidirectional and other invisible controls could make a line read as something else in a terminal. */
function toLine(entry: object): string {
  return JSON.stringify(entry).replaceAll(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    },
  )
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return withoutSecrets(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return '[deep]'
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Error)
    return {
      name: value.name,
      message: withoutSecrets(value.message),
      stack: value.stack === undefined ? undefined : withoutSecrets(value.stack),
      cause: redact(value.cause, depth + 1),
    }
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ENTRIES_MAX)
      .map(([key, item]) => [
        key,
        SECRET.test(key) || isSecretName(key) ? '[redacted]' : redact(item, depth + 1),
      ]),
  )
}
