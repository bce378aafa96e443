import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a command ended; no exit code when it did not end in time. */
export interface Ended {
  exit: number | null
  stdout: string
  stderr: string
}

/** A server in a process of its own, since its ready line. */
export interface Served {
  url: string
  port: number
  /** Everything that it printed until then. */
  printed: string
  process: ChildProcess
  /** Sends a signal and waits for the end; answers the exit code, or no code when a signal ended it. */
  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>
}

/** A machine with nothing on it but this project: a home folder of its own, and the processes that were started. */
export interface Machine {
  home: string
  environment: Record<string, string>
  /** Runs `paios` with these words to its end. `piped` is its standard input; there is no terminal. */
  paios(
    words: readonly string[],
    given?: { piped?: string; environment?: Record<string, string> },
  ): Promise<Ended>
  /** Starts `paios serve` and waits until it is ready and has printed this, too. */
  serve(environment?: Record<string, string>, until?: RegExp): Promise<Served>
  /** Kills what is left and removes everything. */
  remove(): Promise<void>
}

/** No command of a test takes so long; what does hangs, and is killed. */
const ENOUGH_MS = 60_000
const READY = /^PAIOS is (?:ready|sealed) at (\S+)\n/
/** Where the processes of all tests keep what they have compiled, if they do. */
const COMPILED = process.env['NODE_COMPILE_CACHE']
const PAIOS = fileURLToPath(new URL('../../cli/paios.mjs', import.meta.url))

export function openMachine(): Machine {
  const home = mkdtempSync(join(tmpdir(), 'paios-home-'))
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    // Windows needs these two to start any program and to find a home folder.
    SYSTEMROOT: process.env['SYSTEMROOT'] ?? '',
    USERPROFILE: home,
    TZ: 'Europe/Berlin',
    // Every home is new, and nothing would be compiled yet.
    ...(COMPILED === undefined ? {} : { NODE_COMPILE_CACHE: COMPILED }),
    // Tokens are for one origin, which must stay when a server comes back on the port that it was given.
    PAIOS_PUBLIC_URL: 'https://paios.example',
    PAIOS_DATA_DIR: join(home, 'data'),
    PAIOS_KEY_FILE: join(home, 'root.key'),
    PAIOS_LOG_LEVEL: 'error',
  }
  const running = new Set<ChildProcess>()
  const start = (words: readonly string[], more: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [PAIOS, ...words], { env: { ...environment, ...more }, cwd: home })
    running.add(child)
    child.once('close', () => running.delete(child))
    return child
  }
  return {
    home,
    environment,
    paios: (words, { piped = '', environment: more } = {}) => toEnd(start(words, more), piped),
    serve: (more = {}, until = READY) => toReady(start(['serve'], { PAIOS_PORT: '0', ...more }), until),
    remove: async () => {
      await Promise.all(Array.from(running, (child) => kill(child, 'SIGKILL')))
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function toEnd(child: ChildProcess, piped: string): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>()
  const heard = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (heard.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (heard.stderr += text))
  const timer = setTimeout(() => child.kill('SIGKILL'), ENOUGH_MS)
  child.once('close', (exit) => {
    clearTimeout(timer)
    resolve({ exit, ...heard })
  })
  child.stdin?.on('error', () => {})
  child.stdin?.end(piped)
  return promise
}

function toReady(child: ChildProcess, until: RegExp): Promise<Served> {
  const { promise, resolve, reject } = Promise.withResolvers<Served>()
  let printed = ''
  let told = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (told += text))
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    const url = READY.exec(printed)?.[1]
    if (url === undefined || !until.test(printed)) return
    const stop: Served['stop'] = (signal) => kill(child, signal)
    resolve({ url, port: Number(new URL(url).port), printed, process: child, stop })
  })
  child.once('close', (exit) => reject(new Error(`The server ended with ${exit}: ${told}`)))
  return promise
}

function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>()
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode)
  const timer = setTimeout(() => child.kill('SIGKILL'), ENOUGH_MS)
  child.once('close', (exit) => {
    clearTimeout(timer)
    resolve(exit)
  })
  child.kill(signal)
  return promise
}
