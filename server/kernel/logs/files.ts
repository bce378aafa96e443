import { appendFile, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { iso } from '../clock.ts'

/** What is kept of the log, and what may wait to be written. */
export interface LogBounds {
  file_bytes_max: number
  files_max: number
  /** Bytes of lines that wait; what comes beyond is lost, and counted. */
  waiting_bytes_max: number
}

const BOUNDS: LogBounds = { file_bytes_max: 4_194_304, files_max: 8, waiting_bytes_max: 1_048_576 }
/** A disk that takes nothing is tried again after so long. */
const RETRY_MS = 1_000
const DAY_MS = 86_400_000
const RETAIN_DAYS = 30

/** The log of the server in files that are replaced one after the other. */
export interface LogFiles {
  /** Adds a line, soon. Neither waits nor fails: what cannot be written is lost, and counted. */
  write(line: string): void
  /** Resolves once all lines so far are in the files, or lost. */
  flush(): Promise<void>
  /** Says for how long files are kept that nothing more is written to. */
  retain(days: number): void
  /** Lines that were lost since the start. */
  readonly lost: number
}

/** Where the files of a data folder are. */
export function logFolder(data_dir: string): string {
  return join(data_dir, 'logs')
}

/** The file of a number; files are numbered in the order in which they are written. */
export function logPath(folder: string, number: number): string {
  return join(folder, `paios-${String(number).padStart(8, '0')}.jsonl`)
}

/** Numbers of the files that there are, oldest first. */
export async function logNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .flatMap((name) => /^paios-(\d{8,15})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}

/** @param append - writes at the end of a file; may fail, having written a part. */
export function openLogFiles(
  folder: string,
  clock: Clock,
  bounds: Partial<LogBounds> = {},
  append = (path: string, text: string): Promise<void> => appendFile(path, text, { mode: 0o600 }),
): LogFiles {
  return new Files(folder, clock, { ...BOUNDS, ...bounds }, append)
}

class Files implements LogFiles {
  readonly #folder: string
  readonly #clock: Clock
  readonly #bounds: LogBounds
  readonly #append: (path: string, text: string) => Promise<void>
  #waiting: string[] = []
  #waiting_bytes = 0
  #writing: Promise<void> | undefined
  /** The file that is written to, once it is known, its size, and whether it ends in the middle of a line. */
  #file: { number: number; bytes: number; torn: boolean } | undefined
  #retain_days = RETAIN_DAYS
  #tidied_at = -Infinity
  #failed_at = -Infinity
  #cancel: () => void = () => {}
  #untold = 0
  lost = 0

  constructor(
    folder: string,
    clock: Clock,
    bounds: LogBounds,
    append: (path: string, text: string) => Promise<void>,
  ) {
    this.#folder = folder
    this.#clock = clock
    this.#bounds = bounds
    this.#append = append
  }

  write(line: string): void {
    const text = `${line.replaceAll(/[\r\n]+/g, ' ')}\n`
    const bytes = Buffer.byteLength(text)
    if (this.#waiting_bytes + bytes > this.#bounds.waiting_bytes_max) {
      this.#lose(1)
      return
    }
    this.#waiting.push(text)
    this.#waiting_bytes += bytes
    this.#wake()
  }

  async flush(): Promise<void> {
    while (this.#writing !== undefined || (this.#waiting.length > 0 && !this.#isPausing())) {
      this.#wake()
      await this.#writing
    }
  }

  retain(days: number): void {
    this.#retain_days = days
    this.#tidied_at = -Infinity
    this.#wake()
  }

  #isPausing(): boolean {
    return this.#clock.elapsed() - this.#failed_at < RETRY_MS
  }

  #wake(): void {
    if (this.#writing !== undefined) return
    if (this.#isPausing()) {
      this.#cancel()
      this.#cancel = this.#clock.after(RETRY_MS, () => this.#wake())
      return
    }
    this.#writing = this.#work().finally(() => {
      this.#writing = undefined
      if (this.#waiting.length > 0) this.#wake()
    })
  }

  /** Writes what waits, together. */
  async #work(): Promise<void> {
    // What is said in one go is written in one go.
    await Promise.resolve()
    const lines = this.#waiting
    const text = lines.join('')
    this.#waiting = []
    this.#waiting_bytes = 0
    try {
      const file = await this.#fileFor(Buffer.byteLength(text))
      // What cannot be removed must not keep the next line from being written.
      await this.#tidy(file.number).catch(() => {})
      if (text === '') return
      const untold = this.#untold
      const whole = (file.torn ? '\n' : '') + this.#lossLine() + text
      await this.#append(logPath(this.#folder, file.number), whole)
      file.torn = false
      file.bytes += Buffer.byteLength(whole)
      this.#untold -= untold
    } catch {
      // There is nowhere to tell it but the file itself, later. A part may have been written: where it ends is looked up.
      this.#file = undefined
      this.#failed_at = this.#clock.elapsed()
      this.#lose(lines.length)
    }
  }

  #lossLine(): string {
    if (this.#untold === 0) return ''
    const entry = { time: iso(this.#clock.now()), level: 'warn', message: 'lines of the log were lost' }
    return `${JSON.stringify({ ...entry, source: 'log', lines: this.#untold })}\n`
  }

  #lose(lines: number): void {
    this.lost += lines
    this.#untold += lines
  }

  /** The file that the next bytes go to: the newest, or another when they would make that too large. */
  async #fileFor(bytes: number) {
    this.#file ??= await this.#newest()
    const { number, bytes: size } = this.#file
    if (size > 0 && size + bytes > this.#bounds.file_bytes_max) {
      this.#file = { number: number + 1, bytes: 0, torn: false }
      this.#tidied_at = -Infinity
    }
    return this.#file
  }

  async #newest(): Promise<{ number: number; bytes: number; torn: boolean }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const number = (await logNumbers(this.#folder)).at(-1)
    if (number === undefined) return { number: 1, bytes: 0, torn: false }
    const handle = await open(logPath(this.#folder, number), 'r')
    try {
      const { size } = await handle.stat()
      const last = Buffer.alloc(1)
      if (size > 0) await handle.read(last, 0, 1, size - 1)
      return { number, bytes: size, torn: size > 0 && last.toString('latin1') !== '\n' }
    } finally {
      await handle.close()
    }
  }

  /** Removes files that are too many or too old, once a day and whenever there is one more. */
  async #tidy(newest: number): Promise<void> {
    if (this.#clock.elapsed() - this.#tidied_at < DAY_MS) return
    this.#tidied_at = this.#clock.elapsed()
    const numbers = (await logNumbers(this.#folder)).filter((number) => number !== newest)
    const oldest = this.#clock.now() - this.#retain_days * DAY_MS
    for (const [index, number] of numbers.toReversed().entries()) {
      const path = logPath(this.#folder, number)
      const { mtimeMs } = await stat(path)
      if (index + 1 >= this.#bounds.files_max || mtimeMs < oldest) await unlink(path)
    }
  }
}
