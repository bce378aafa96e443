import type { Clock } from '../../kernel/clock.ts'

/** The text of a file, or nothing where there is none that can be read. */
export type ReadFile = (path: string) => string | undefined

const ROOT = '/sys/fs/cgroup'
/** Version 1 writes "no limit" as the largest number of pages; nobody has a machine of an exabyte. */
const UNLIMITED = 2 ** 60

/** The tightest bound on processors that holds for this process. */
export interface CpuBound {
  /** Milliseconds of processor time that everything under the bound has used. */
  used_ms: number
  /** Processors that it may use, such as 0.5. */
  cpus: number
}

/** The tightest bound on memory, in bytes. What is kept only to save reading it again is no use of memory. */
export interface MemoryBound {
  used: number
  limit: number
}

/** The bounds of the container or the service that this process is in; nothing where none holds. */
export interface Bounds {
  cpu(): CpuBound | undefined
  memory(): MemoryBound | undefined
}

/** Bounds are looked for at most this often: where there is none, looking would be most of what measuring costs. */
const LOOK_MS = 60_000

interface Places {
  at: number
  cpu: { cpus: number; used_ms: () => number }[]
  memory: { limit: number; used: () => number }[]
}

export function openBounds(read: ReadFile, clock: Pick<Clock, 'elapsed'>): Bounds {
  let places: Places | undefined
  const look = (): Places => {
    const at = clock.elapsed()
    if (places === undefined || at - places.at >= LOOK_MS)
      places = {
        at,
        cpu: [
          ...folders(read, 'cpu').flatMap((folder) => cpuOf1(read, folder)),
          ...folders(read, '').flatMap((folder) => cpuOf2(read, folder)),
        ],
        memory: [
          ...folders(read, 'memory').flatMap((folder) => memoryOf1(read, folder)),
          ...folders(read, '').flatMap((folder) => memoryOf2(read, folder)),
        ],
      }
    return places
  }
  return {
    cpu: () =>
      least(
        look().cpu.map((place) => ({ cpus: place.cpus, used_ms: place.used_ms() })),
        ({ cpus, used_ms }) => (used_ms >= 0 ? cpus : Infinity),
      ),
    // What may be taken before anything is refused.
    memory: () =>
      least(
        look().memory.map((place) => ({ limit: place.limit, used: place.used() })),
        ({ limit, used }) => (used >= 0 ? limit - used : Infinity),
      ),
  }
}

/**
 * The folders of a controller (version 1) or of all of them (version 2, an empty name), from the process's own up to the
 * root: a bound of any of them holds. Inside a container the path may be one outside of it, and only the root is there.
 */
function folders(read: ReadFile, controller: string): string[] {
  const line = (read('/proc/self/cgroup') ?? '').split('\n').find((one) => {
    const [, names = ''] = one.split(':')
    return controller === '' ? one.startsWith('0::') : names.split(',').includes(controller)
  })
  if (line === undefined) return []
  const base = controller === '' ? ROOT : `${ROOT}/${controller}`
  const parts = line
    .split(':')
    .slice(2)
    .join(':')
    .split('/')
    .filter((part) => part !== '' && part !== '..')
  return parts.map((_, index) => `${base}/${parts.slice(0, parts.length - index).join('/')}`).concat(base)
}

function cpuOf2(read: ReadFile, folder: string): Places['cpu'] {
  const [quota = Number.NaN, period = Number.NaN] = (read(`${folder}/cpu.max`) ?? '')
    .trim()
    .split(' ')
    .map(Number)
  const used_ms = () => field(read(`${folder}/cpu.stat`), 'usage_usec') / 1000
  return quota > 0 && period > 0 ? [{ cpus: quota / period, used_ms }] : []
}

function cpuOf1(read: ReadFile, folder: string): Places['cpu'] {
  const quota = number(read(`${folder}/cpu.cfs_quota_us`))
  const period = number(read(`${folder}/cpu.cfs_period_us`))
  const counter = `${folder.replace(/^(\/sys\/fs\/cgroup\/)cpu(?=\/|$)/, '$1cpuacct')}/cpuacct.usage`
  return quota > 0 && period > 0 ? [{ cpus: quota / period, used_ms: () => number(read(counter)) / 1e6 }] : []
}

function memoryOf2(read: ReadFile, folder: string): Places['memory'] {
  const limit = number(read(`${folder}/memory.max`))
  const used = () =>
    taken(read(`${folder}/memory.current`), field(read(`${folder}/memory.stat`), 'inactive_file'))
  return isLimit(limit) ? [{ limit, used }] : []
}

function memoryOf1(read: ReadFile, folder: string): Places['memory'] {
  const limit = number(read(`${folder}/memory.limit_in_bytes`))
  const used = () =>
    taken(
      read(`${folder}/memory.usage_in_bytes`),
      field(read(`${folder}/memory.stat`), 'total_inactive_file'),
    )
  return isLimit(limit) ? [{ limit, used }] : []
}

function isLimit(limit: number): boolean {
  return limit > 0 && limit < UNLIMITED
}

function taken(used: string | undefined, cached: number): number {
  return Math.max(0, number(used) - (cached >= 0 ? cached : 0))
}

function number(text: string | undefined): number {
  return text === undefined || text.trim() === '' ? Number.NaN : Number(text)
}

/** A field of a file of `name value` lines. */
function field(text: string | undefined, name: string): number {
  const line = (text ?? '').split('\n').find((one) => one.startsWith(`${name} `))
  return number(line?.slice(name.length + 1))
}

/** The one with the least, of those that could be read. */
function least<T>(all: readonly T[], by: (one: T) => number): T | undefined {
  let found: T | undefined
  for (const one of all) if (by(one) < (found === undefined ? Infinity : by(found))) found = one
  return found
}
