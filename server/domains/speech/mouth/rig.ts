import { systemClock } from '../../../kernel/clock.ts'
import { openLog } from '../../../kernel/log.ts'
import { join } from '../audio/samples.ts'
import type { HostBounds } from '../host/bounds.ts'
import { openHost } from '../host/pool.ts'
import type { Host } from '../host/pool.ts'
import type { SpokenChunk } from '../kinds.ts'

/** The real children of the domain, on the machine's clock. */
export function openMouthHost(bounds: Partial<HostBounds> = {}): Host {
  const log = openLog('error', systemClock, () => {})
  return openHost({ clock: systemClock, log, entry: new URL('../child.ts', import.meta.url), bounds })
}

export function secondsOf({ samples, sample_rate }: SpokenChunk): number {
  return samples.length / sample_rate
}

/** Root of the mean square, 0 to 32,768. */
export function levelOf({ samples }: SpokenChunk): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length))
}

/** The middle fundamental frequency of the voiced parts in hertz, by autocorrelation. */
export function pitchOf({ samples, sample_rate }: SpokenChunk): number {
  const size = Math.round(sample_rate * 0.04)
  const level = levelOf({ samples, sample_rate })
  const found: number[] = []
  for (let at = 0; at + 2 * size < samples.length; at += size) {
    const frame = samples.subarray(at, at + 2 * size)
    if (levelOf({ samples: frame.subarray(0, size), sample_rate }) < level / 2) continue
    const { likeness, lag } = bestLag(frame, size, sample_rate)
    if (likeness > 0.75) found.push(sample_rate / lag)
  }
  return found.toSorted((a, b) => a - b)[found.length >> 1] ?? 0
}

function bestLag(frame: Int16Array, size: number, sample_rate: number): { likeness: number; lag: number } {
  let best = { likeness: 0, lag: 1 }
  for (let lag = Math.round(sample_rate / 400); lag < sample_rate / 55; lag += 1) {
    let [product, here, there] = [0, 1, 1]
    for (let at = 0; at < size; at += 1) {
      const [a = 0, b = 0] = [frame[at], frame[at + lag]]
      product += a * b
      here += a * a
      there += b * b
    }
    const likeness = product / Math.sqrt(here * there)
    // Twice the period is as alike; the first that is good enough counts.
    if (likeness > best.likeness + 0.02) best = { likeness, lag }
  }
  return best
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(items)
}

/** All that was said, one after the other. */
export function joined(chunks: readonly SpokenChunk[]): SpokenChunk {
  const samples = join(chunks.map((chunk) => chunk.samples))
  return { samples, sample_rate: chunks[0]?.sample_rate ?? 0 }
}
