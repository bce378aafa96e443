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
  /** Tells this terminal from all others, so that a question is answered where it was asked. */
  terminal: string | undefined
}

export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process
  return { stdin, stdout, stderr, environment: env, fetch, now: Date.now, terminal: findTerminal() }
}

function findTerminal(): string | undefined {
  const descriptor = [0, 1, 2].find((one) => isatty(one))
  // The number of the device stays the same for every command in a terminal, also below npx; Windows has none.
  const device = descriptor === undefined ? 0 : fstatSync(descriptor).rdev
  if (device === 0) return undefined
  return createHash('sha256').update(`${hostname()} ${device}`).digest('hex').slice(0, 16)
}
