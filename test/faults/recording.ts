import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Chance } from './chance.ts'
import { Disk } from './disk.ts'

/** One thing that a process did to its files, as the recorder wrote it down. */
export interface Operation {
  kind: Kind
  /** Number of the file; it changes when the file is replaced. */
  file: number
  /** Place of a write, size of a truncation. For an opening, whether it is a folder. */
  offset: number
  /** The same for the begin and the end of a sync. */
  token: number
  /** Whether an opening made the file. */
  made: boolean
  bytes: Buffer
  /** New name of a renamed file, or other name of a linked one. */
  second: string
}

const KINDS = [
  'open',
  'write',
  'truncate',
  'rename',
  'link',
  'unlink',
  'make_folder',
  'sync_begin',
  'sync_end',
  'claim',
] as const
export type Kind = (typeof KINDS)[number]

/** What a process did below `root`, in order. */
export interface Recording {
  root: string
  /** Folders below the root that were there before, and so are certain. */
  folders: string[]
  operations: Operation[]
}

const HEADER = { fields: 7, bytes: 56 }

/**
 * Builds the recorder. Answers a sentence where that is not possible: it needs Linux, for its way of standing in for
 * the calls of the C library, and a C compiler.
 */
export function buildRecorder(folder: string): { library: string } | { missing: string } {
  if (process.platform !== 'linux') return { missing: 'the write recorder works on Linux only' }
  const source = join(import.meta.dirname, 'recorder.c')
  const library = join(folder, 'recorder.so')
  const words = ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']
  const { error, status, stderr } = spawnSync('cc', words, { encoding: 'utf8' })
  if (error !== undefined) return { missing: 'the write recorder needs a C compiler named cc' }
  if (status !== 0) throw new Error(`The recorder does not compile: ${stderr}`)
  return { library }
}

interface Asked {
  library: string
  /** For what the script writes and for the log; both are gone afterwards. */
  folder: string
  script: string
  seed: number
  /** After the recorded folder and the seed. */
  words: readonly string[]
  /** Folders in the recorded one that are there before. */
  folders: readonly string[]
}

/** Runs a script under the recorder until it ends by itself. */
export async function record({ library, folder, script, seed, words, folders }: Asked): Promise<Recording> {
  mkdirSync(folder, { recursive: true })
  const root = join(realpathSync(folder), 'root')
  const log = join(folder, 'log')
  rmSync(root, { recursive: true, force: true })
  mkdirSync(root)
  const existing = folders.map((name) => join(root, name))
  for (const path of existing) mkdirSync(path, { mode: 0o700 })
  const child = spawn(process.execPath, [join(import.meta.dirname, script), root, String(seed), ...words], {
    env: {
      ...process.env,
      LD_PRELOAD: library,
      RECORDER_ROOT: root,
      RECORDER_LOG: log,
      RECORDER_SEED: String(seed),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${script} ended with ${String(code)} under the recorder.`)
  if (!existsSync(log)) throw new Error('The recorder was not loaded.')
  const operations = parse(readFileSync(log))
  const recording = { root, folders: existing, operations }
  const missed = findMissed(recording, folder)
  rmSync(root, { recursive: true })
  rmSync(log)
  if (missed.length > 0) throw new Error(`The recorder missed something: ${missed.slice(0, 3).join('; ')}.`)
  return recording
}

/** Where the operations, all carried out, do not lead to what the process left: a call that the recorder does not know. */
function findMissed({ root, folders, operations }: Recording, folder: string): string[] {
  const disk = new Disk(root, folders)
  for (const operation of operations) disk.apply(operation)
  const place = join(folder, 'replayed')
  const replayed = filesIn(disk.image(place, EVERYTHING))
  const left = filesIn(root)
  rmSync(place, { recursive: true })
  const names = new Set([...replayed.keys(), ...left.keys()])
  return [...names].flatMap((name) => {
    const [ours, theirs] = [replayed.get(name), left.get(name)]
    if (ours === undefined) return [`${name} was made`]
    if (theirs === undefined) return [`${name} was taken away`]
    return ours.equals(theirs) ? [] : [`${name} was changed`]
  })
}

/** All that was done has arrived. */
const EVERYTHING: Chance = { share: () => 1, below: (bound) => Math.min(1, bound - 1), hits: () => true }

/** What is in each file below a folder, but for what is not recorded: claims and shared memory. */
function filesIn(root: string): Map<string, Buffer> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'claims' && !entry.name.endsWith('-shm'))
    .map((entry) => join(entry.parentPath, entry.name))
  return new Map(files.map((path) => [path.slice(root.length), readFileSync(path)]))
}

function parse(log: Buffer): Operation[] {
  const operations: Operation[] = []
  for (let at = 0; at + HEADER.bytes <= log.length;) {
    const start = at
    const field = (index: number): number => Number(log.readBigInt64LE(start + index * 8))
    const kind = KINDS[field(0) - 1]
    if (kind === undefined) throw new Error(`The recording is damaged at ${at}.`)
    const body = at + HEADER.bytes
    const end = body + field(5)
    at = end + field(6)
    operations.push({
      kind,
      file: field(1),
      offset: field(2),
      token: field(3),
      made: field(4) !== 0,
      bytes: log.subarray(body, end),
      second: log.toString('utf8', end, at),
    })
  }
  return operations
}
