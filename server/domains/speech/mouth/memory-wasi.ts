/** What a program left behind: its exit code, what it printed, and the files that it wrote, by name. */
export interface Ran {
  code: number
  printed: string
  written: ReadonlyMap<string, Uint8Array>
}

export interface Run {
  /** Without the name of the program. */
  args: readonly string[]
  /** Files that it can read, by name. It sees no others, and none of the machine's. */
  files: Readonly<Record<string, Uint8Array>>
  /** Bytes that it may print and write altogether before it is ended. */
  bytes_max: number
}

/** A program that has been set up in a memory of its own. */
export interface Program {
  /** Runs it from the start: nothing is left of the run before. */
  run(run: Run): Promise<Ran>
}

/** What of the platform's WebAssembly is used here: its types come with those of browsers, which a server has not. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => Memory
  Module: { imports(module: Compiled): { name: string }[] }
  compile(bytes: Uint8Array): Promise<Compiled>
  instantiate(
    module: Compiled,
    imports: Record<string, Record<string, Call>>,
  ): Promise<{ exports: Record<string, unknown> }>
}
interface Memory {
  readonly buffer: ArrayBuffer
}
type Compiled = object

// Numbers of WASI preview 1.
const SUCCESS = 0
const BAD_FILE = 8
const NO_ENTRY = 44
const NO_SPACE = 51
const CREATE = 1
const REGULAR_FILE = 4
const CHARACTER_DEVICE = 2
const DIRECTORY = 3
const ALL_RIGHTS = 0xff_ff_ff_ffn
const FOLDER = 3

class Exit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** Memory that one run has made a program take is given back when it is more. */
const KEPT_BYTES_MAX = 96 * 1024 * 1024

/**
 * Sets a compiled program up with files that exist in memory alone. It gets the calls of WASI that it imports and nothing
 * else: no folder of the machine, no network, no environment, no clock that runs, so nothing that it is given to read
 * can make it touch anything.
 */
export async function loadProgram(bytes: Uint8Array): Promise<Program> {
  const module = await WebAssembly.compile(bytes)
  let instance = await setUp(module)
  // Setting it up takes longer than speaking a short sentence; putting its memory back takes a tenth of that.
  const fresh = new Uint8Array(instance.memory.buffer.slice(0))
  let state: 'fresh' | 'used' | 'spent' = 'fresh'
  return {
    async run(run) {
      if (state === 'spent') instance = await setUp(module)
      else if (state === 'used') putBack(instance.memory, fresh)
      const { system, memory, start } = instance
      // Only an orderly end leaves its stack empty, whose height is in no memory that could be put back.
      state = 'spent'
      const ran = system.run(run, memory, start)
      if (ran.code === 0 && memory.buffer.byteLength <= KEPT_BYTES_MAX) state = 'used'
      return ran
    },
  }
}

function putBack(memory: Memory, fresh: Uint8Array): void {
  const bytes = new Uint8Array(memory.buffer)
  bytes.set(fresh)
  bytes.fill(0, fresh.length)
}

interface Instance {
  system: System
  memory: Memory
  start: () => void
}

async function setUp(module: Compiled): Promise<Instance> {
  const system = new System()
  const known: Record<string, Call> = system.calls()
  const imports: Record<string, Call> = {}
  for (const { name } of WebAssembly.Module.imports(module)) imports[name] = known[name] ?? (() => BAD_FILE)
  const { exports } = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: imports })
  const { memory, _start: start } = exports
  if (!(memory instanceof WebAssembly.Memory) || typeof start !== 'function')
    throw new TypeError('The file is no program for WASI.')
  return { system, memory, start: start as () => void }
}

type Call = (...values: number[]) => number

interface OpenFile {
  name: string
  bytes: Uint8Array
  /** Bytes that count; the rest is room to grow. */
  size: number
  at: number
  writes: boolean
}

/** The calls of one run of one program. */
class System {
  #memory = new WebAssembly.Memory({ initial: 0 })
  #args: Uint8Array[] = []
  #left = 0
  readonly #open = new Map<number, OpenFile>()
  readonly #files = new Map<string, OpenFile>()
  #printed: OpenFile = emptyFile('')

  run({ args, files, bytes_max }: Run, memory: Memory, start: () => void): Ran {
    this.#memory = memory
    this.#args = ['program', ...args].map((text) => new TextEncoder().encode(`${text}\0`))
    this.#left = bytes_max
    this.#printed = emptyFile('')
    this.#files.clear()
    this.#open.clear()
    for (const [name, bytes] of Object.entries(files))
      this.#files.set(name, { ...emptyFile(name), bytes, size: bytes.length, writes: false })
    this.#open.set(1, this.#printed)
    this.#open.set(2, emptyFile(''))
    let code = 0
    try {
      start()
    } catch (error) {
      if (!(error instanceof Exit)) throw error
      code = error.code
    }
    const written = [...this.#files.values()].filter(({ writes }) => writes)
    return {
      code,
      printed: new TextDecoder().decode(contentOf(this.#printed)),
      written: new Map(written.map((file) => [file.name, contentOf(file)])),
    }
  }

  calls(): Record<string, Call> {
    return { ...this.#start(), ...this.#describe(), ...this.#move() }
  }

  // The memory may grow, which makes all views of it stale: a new one is taken for each call.
  #view(): DataView {
    return new DataView(this.#memory.buffer)
  }

  #start(): Record<string, Call> {
    return {
      args_sizes_get: (count = 0, bytes = 0) => {
        this.#view().setUint32(count, this.#args.length, true)
        const size = this.#args.reduce((sum, { length }) => sum + length, 0)
        this.#view().setUint32(bytes, size, true)
        return SUCCESS
      },
      args_get: (pointers = 0, bytes = 0) => {
        let at = bytes
        for (const [index, arg] of this.#args.entries()) {
          this.#view().setUint32(pointers + index * 4, at, true)
          new Uint8Array(this.#memory.buffer).set(arg, at)
          at += arg.length
        }
        return SUCCESS
      },
      // It is only used to measure itself, and the same text must always sound the same.
      clock_time_get: (_id, _precision, result = 0) => {
        this.#view().setBigUint64(result, 0n, true)
        return SUCCESS
      },
      proc_exit: (code = 0) => {
        throw new Exit(code)
      },
    }
  }

  #describe(): Record<string, Call> {
    return {
      fd_fdstat_get: (fd = -1, result = 0) => {
        if (fd !== FOLDER && fd !== 0 && !this.#open.has(fd)) return BAD_FILE
        const kind = fd === FOLDER ? DIRECTORY : fd < FOLDER ? CHARACTER_DEVICE : REGULAR_FILE
        this.#view().setUint8(result, kind)
        this.#view().setUint16(result + 2, 0, true)
        this.#view().setBigUint64(result + 8, ALL_RIGHTS, true)
        this.#view().setBigUint64(result + 16, ALL_RIGHTS, true)
        return SUCCESS
      },
      fd_fdstat_set_flags: () => SUCCESS,
      // There is one folder, named `/`, which holds the files of the run.
      fd_prestat_get: (fd = -1, result = 0) => {
        if (fd !== FOLDER) return BAD_FILE
        this.#view().setUint32(result, 0, true)
        this.#view().setUint32(result + 4, 1, true)
        return SUCCESS
      },
      fd_prestat_dir_name: (fd = -1, result = 0) => {
        if (fd !== FOLDER) return BAD_FILE
        this.#view().setUint8(result, '/'.charCodeAt(0))
        return SUCCESS
      },
      path_open: (folder, _follow, at = 0, length = 0, flags = 0, _base, _inherited, _status, result = 0) => {
        const name = new TextDecoder().decode(new Uint8Array(this.#memory.buffer, at, length))
        if (folder !== FOLDER) return BAD_FILE
        if ((flags & CREATE) !== 0) this.#files.set(name, { ...emptyFile(name), writes: true })
        const file = this.#files.get(name)
        if (file === undefined) return NO_ENTRY
        const fd = FOLDER + 1 + this.#open.size
        this.#open.set(fd, file)
        file.at = 0
        this.#view().setUint32(result, fd, true)
        return SUCCESS
      },
    }
  }

  #move(): Record<string, Call> {
    return {
      fd_read: (fd = -1, vectors = 0, count = 0, result = 0) => {
        const file = this.#open.get(fd)
        const read = this.#each(vectors, count, (target) => {
          if (file === undefined) return 0
          const part = file.bytes.subarray(file.at, Math.min(file.size, file.at + target.length))
          target.set(part)
          file.at += part.length
          return part.length
        })
        this.#view().setUint32(result, read, true)
        return SUCCESS
      },
      fd_write: (fd = -1, vectors = 0, count = 0, result = 0) => {
        const file = this.#open.get(fd)
        if (file?.writes !== true) return BAD_FILE
        const written = this.#each(vectors, count, (source) => {
          this.#left -= source.length
          return this.#left < 0 ? 0 : append(file, source)
        })
        this.#view().setUint32(result, written, true)
        // A program that does not mind is ended, or it might try for ever.
        if (this.#left < 0) throw new Exit(NO_SPACE)
        return SUCCESS
      },
      // The offset is a number of 64 bits, which arrives as a bigint.
      fd_seek: (fd = -1, offset: number | bigint = 0, whence = 0, result = 0) => {
        const file = this.#open.get(fd)
        if (file === undefined || fd < FOLDER) return BAD_FILE
        const from = [0, file.at, file.size][whence] ?? 0
        file.at = Math.min(Math.max(0, from + Number(offset)), file.size)
        this.#view().setBigUint64(result, BigInt(file.at), true)
        return SUCCESS
      },
      fd_close: () => SUCCESS,
    }
  }

  /** Goes over the parts of the memory that a call names; the sum of what `move` answers. */
  #each(vectors: number, count: number, move: (part: Uint8Array) => number): number {
    let sum = 0
    for (let index = 0; index < count; index += 1) {
      const at = this.#view().getUint32(vectors + index * 8, true)
      const length = this.#view().getUint32(vectors + index * 8 + 4, true)
      sum += move(new Uint8Array(this.#memory.buffer, at, length))
    }
    return sum
  }
}

function emptyFile(name: string): OpenFile {
  return { name, bytes: new Uint8Array(), size: 0, at: 0, writes: true }
}

function contentOf(file: OpenFile): Uint8Array {
  return file.bytes.subarray(0, file.size)
}

function append(file: OpenFile, part: Uint8Array): number {
  const end = file.at + part.length
  if (end > file.bytes.length) {
    const larger = new Uint8Array(Math.max(end, file.bytes.length * 2, 4096))
    larger.set(contentOf(file))
    file.bytes = larger
  }
  file.bytes.set(part, file.at)
  file.at = end
  file.size = Math.max(file.size, end)
  return part.length
}
