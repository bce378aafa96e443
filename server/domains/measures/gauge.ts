import { readFileSync, statfsSync } from 'node:fs'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import type { Performance, SystemHealth } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import { openBounds } from './cgroup.ts'
import type { Bounds, ReadFile } from './cgroup.ts'

type Resources = Omit<SystemHealth['resources'], 'network_latency'>

/** Free disk below which writes are refused: bytes or a share of the volume, whichever is smaller. */
const DISK_FREE_BYTES_MIN = 268_435_456
const DISK_FREE_SHARE_MIN = 0.05
/** Shares of a shorter time than this say nothing: the system counts in hundredths of a second. */
const SPAN_MS = 1_000

/** Measures this process and its machine. `network_latency` is told separately: it takes a round trip. */
export interface Gauge {
  /** Of the machine, or of the part of it that this process may use. Measured anew at most once a second. */
  read(): Resources
  /** Of this process alone; `cpu_usage` is percent of the same part of the machine. */
  process(): Performance['process']
  /** Why nothing may be written, or nothing. Looked up at most once a second. */
  diskRefusal(): string | undefined
}

/** What the machine says of itself. */
export interface Machine {
  file: ReadFile
  /** Milliseconds of processor time: used by anybody, used by this process, and in how many processors at once. */
  worked(): { all: number; own: number; cpus: number }
  /** Bytes. */
  memory(): { free: number; total: number }
}

export const thisMachine: Machine = {
  file: (path) => {
    try {
      return readFileSync(path, 'latin1')
    } catch {
      return undefined
    }
  },
  worked: () => {
    const busy = cpus().map(({ times: { user, nice, sys, irq } }) => user + nice + sys + irq)
    const { user, system } = process.cpuUsage()
    return {
      all: busy.reduce((sum, one) => sum + one, 0),
      own: (user + system) / 1000,
      cpus: Math.max(1, busy.length, availableParallelism()),
    }
  },
  memory: () => ({ free: freemem(), total: totalmem() }),
}

/** Reads the machine's gauges, and those for the volume of the data folder. */
export function openGauge(data_dir: string, clock: Clock, machine: Machine = thisMachine): Gauge {
  const bounds = openBounds(machine.file, clock)
  let worked = { at: clock.elapsed(), ...workedIn(machine, bounds), all_percent: 0, own_percent: 0 }
  let seen: { at: number; resources: Resources } | undefined
  let disk: { at: number; refusal: string | undefined } | undefined
  const work = (): { all_percent: number; own_percent: number } => {
    const at = clock.elapsed()
    if (at - worked.at >= SPAN_MS) {
      const next = workedIn(machine, bounds)
      const could = (at - worked.at) * next.cpus
      worked = {
        at,
        ...next,
        all_percent: round(((next.all - worked.all) / could) * 100),
        own_percent: round(((next.own - worked.own) / could) * 100),
      }
    }
    return worked
  }
  return {
    read: () => {
      const at = clock.elapsed()
      if (seen === undefined || at - seen.at >= SPAN_MS) {
        const { used, total } = diskOf(data_dir)
        const resources = {
          cpu_usage: work().all_percent,
          memory_usage: memoryIn(machine, bounds),
          disk_usage: round((used / total) * 100),
        }
        seen = { at, resources }
      }
      return seen.resources
    },
    process: () => {
      const { rss, heapUsed } = process.memoryUsage()
      return { cpu_usage: work().own_percent, memory_rss: rss, heap_used: heapUsed }
    },
    diskRefusal: () => {
      const now = clock.elapsed()
      if (disk === undefined || now - disk.at >= SPAN_MS) {
        const { free, total } = diskOf(data_dir)
        const least = Math.min(DISK_FREE_BYTES_MIN, total * DISK_FREE_SHARE_MIN)
        const refusal =
          free < least ? 'The disk is nearly full; nothing is written until there is room.' : undefined
        disk = { at: now, refusal }
      }
      return disk.refusal
    },
  }
}

/** Where a bound holds, whoever shares it counts, and nobody else. */
function workedIn(machine: Machine, bounds: Bounds): { all: number; own: number; cpus: number } {
  const whole = machine.worked()
  const bound = bounds.cpu()
  return bound === undefined || bound.cpus >= whole.cpus
    ? whole
    : { all: bound.used_ms, own: whole.own, cpus: bound.cpus }
}

/** Percent: of the machine, or of a tighter bound. */
function memoryIn(machine: Machine, bounds: Bounds): number {
  const { free, total } = machine.memory()
  const bound = bounds.memory()
  const whole = 1 - free / total
  return round(Math.max(whole, bound === undefined ? 0 : bound.used / bound.limit) * 100)
}

function diskOf(folder: string): { used: number; free: number; total: number } {
  const { blocks, bavail, bfree, bsize } = statfsSync(folder)
  return { used: (blocks - bfree) * bsize, free: bavail * bsize, total: (blocks - bfree + bavail) * bsize }
}

function round(percent: number): number {
  return Math.round(Math.max(0, Math.min(100, percent)) * 10) / 10
}
