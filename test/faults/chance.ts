import { seededRandom } from '../clock.ts'

/** Draws that are the same for the same seed. */
export interface Chance {
  /** From 0 to less than 1. */
  share(): number
  /** An integer from 0 to less than `bound`. */
  below(bound: number): number
  /** True in this share of draws. */
  hits(share: number): boolean
}

/** Makes a source of draws; neighbouring seeds give unrelated ones. */
export function openChance(seed: number): Chance {
  const random = seededRandom(Math.imul(seed + 1, 0x9e37_79b1))
  random(64)
  const share = (): number => {
    const [a = 0, b = 0, c = 0, d = 0] = random(4)
    return (((a * 256 + b) * 256 + c) * 256 + d) / 2 ** 32
  }
  return { share, below: (bound) => Math.floor(share() * bound), hits: (part) => share() < part }
}
