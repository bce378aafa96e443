import { statfsSync } from 'node:fs'
import { availableParallelism, freemem, totalmem } from 'node:os'
import type { SystemHealth } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'

type Resources = SystemHealth['resources']

/** Shares of the machine in percent from which health is degraded. */
const DEGRADED = { memory_usage: 95, disk_usage: 95 }
/** Free disk below which writes are refused: bytes or a share of the volume, whichever is smaller. */
const DISK_FREE_BYTES_MIN = 268_435_456
const DISK_FREE_SHARE_MIN = 0.05

/** Measures this process and its machine. `network_latency` is told separately: it takes a round trip. */
export interface Gauge {
  read(): Omit<Resources, 'network_latency'>
  /** Why nothing may be written, or nothing. Looked up at most once a second. */
  diskRefusal(): string | undefined
}

/** Reads the machine's gauges for the volume of the data folder. */
export function openGauge(data_dir: string, clock: Clock): Gauge {
  let cpu = { at: clock.elapsed(), usage: process.cpuUsage(), percent: 0 }
  let disk: { at: number; refusal: string | undefined } | undefined
  return {
    read: () => {
      const now = clock.elapsed()
      if (now - cpu.at >= 1_000) {
        const used = process.cpuUsage(cpu.usage)
        const percent = (used.user + used.system) / 10 / (now - cpu.at) / availableParallelism()
        cpu = { at: now, usage: process.cpuUsage(), percent: Math.min(100, percent) }
      }
      const { used, total } = diskOf(data_dir)
      return {
        cpu_usage: round(cpu.percent),
        memory_usage: round((1 - freeMemory() / totalMemory()) * 100),
        disk_usage: round((used / total) * 100),
      }
    },
    diskRefusal: () => {
      const now = clock.elapsed()
      if (disk === undefined || now - disk.at >= 1_000) {
        const { free, total } = diskOf(data_dir)
        const least = Math.min(DISK_FREE_BYTES_MIN, total * DISK_FREE_SHARE_MIN)
        disk = {
          at: now,
          refusal:
            free < least ? 'The disk is nearly full; nothing is written until there is room.' : undefined,
        }
      }
      return disk.refusal
    },
  }
}

/** Health from what was measured: unhealthy when nothing can be written, degraded when something wants attention. */
export function healthOf(facts: {
  writable: boolean
  agents_in_error: number
  resources: Omit<Resources, 'network_latency'>
  services_offline: number
}): SystemHealth['status'] {
  if (!facts.writable) return 'unhealthy'
  const { memory_usage, disk_usage } = facts.resources
  const strained = memory_usage >= DEGRADED.memory_usage || disk_usage >= DEGRADED.disk_usage
  return strained || facts.agents_in_error > 0 || facts.services_offline > 0 ? 'degraded' : 'healthy'
}

function diskOf(folder: string): { used: number; free: number; total: number } {
  const { blocks, bavail, bfree, bsize } = statfsSync(folder)
  return { used: (blocks - bfree) * bsize, free: bavail * bsize, total: (blocks - bfree + bavail) * bsize }
}

/** Inside a container its own bound counts, not the machine's. */
function totalMemory(): number {
  const bound = process.constrainedMemory()
  return bound > 0 && bound < totalmem() ? bound : totalmem()
}

function freeMemory(): number {
  return Math.min(process.availableMemory(), totalMemory()) || freemem()
}

function round(percent: number): number {
  return Math.round(Math.max(0, Math.min(100, percent)) * 10) / 10
}
