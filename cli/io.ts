import { createHash } from 'node:crypto'
import { fstatSync } from 'node:fs'
import { hostname } from 'node:os'
import { isatty } from 'node:tty'

export type Environment = Readonly<Record<string, string | undefined>>

/** Everything that a command touches outside itself, apart from files. */
export interface Io {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
  environment: Environment
  fetch: typeof fetch
  /** Epoch ms. */
  now: () => number
  /** Calls back once after so many milliseconds, and keeps the process alive until then; the answer cancels. */
  after: (delay_ms: number, work: () => void) => () => void
  /** Hears once that somebody wants to end the command, in place of the end of the process; the answer stops it. */
  onInterrupt: (hear: () => void) => () => void
  /** Tells this terminal from all others, so that a question is answered where it was asked. */
  terminal: string | undefined
}

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  const places = { stdin, stdout, stderr, environment: env, fetch }
  return { ...places, now: Date.now, after, onInterrupt, terminal: findTerminal() }
}

function after(delay_ms: number, work: () => void): () => void {
  const timer = setTimeout(work, delay_ms)
  return () => clearTimeout(timer)
}

function onInterrupt(hear: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, hear)
  return () => {
    for (const signal of signals) process.off(signal, hear)
  }
}

function findTerminal(): string | undefined {
  const descriptor = [0, 1, 2].find((one) => isatty(one))
  // The number of the device stays the same for every command in a terminal, also below npx; Windows has none.
  const device = descriptor === undefined ? 0 : fstatSync(descriptor).rdev
  if (device === 0) return undefined
  return createHash('sha256').update(`${hostname()} ${device}`).digest('hex').slice(0, 16)
}
