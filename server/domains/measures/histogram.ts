/** Buckets within each doubling: a value is off by at most a 32nd part, about 3 %, from what its bucket says. */
const PARTS = 16
/** Exponent of the largest doubling, in microseconds: about 18 minutes, beyond any time-out. */
const EXPONENT_MAX = 30
const BUCKETS_MAX = (EXPONENT_MAX - 3) * PARTS

/** Durations by size. Takes one of at most 432 buckets for each, however many there are. */
export class Histogram {
  readonly #counts = new Map<number, number>()
  #total = 0
  #sum = 0

  get total(): number {
    return this.#total
  }

  /** Milliseconds of all together. */
  get sum(): number {
    return this.#sum
  }

  /** @param ms - below zero counts as nothing: a clock may be read in another order than it went. */
  record(ms: number): void {
    const bucket = bucketOf(ms)
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1)
    this.#total += 1
    this.#sum += Math.max(0, ms)
  }

  add(other: Histogram): void {
    for (const [bucket, count] of other.#counts)
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count)
    this.#total += other.#total
    this.#sum += other.#sum
  }

  /**
   * The least duration, in milliseconds, that the share of all does not exceed (nearest rank); 0 when there is none.
   *
   * @param share - above 0, at most 1.
   */
  percentile(share: number): number {
    let left = Math.max(1, Math.ceil(this.#total * share))
    for (const bucket of [...this.#counts.keys()].toSorted((a, b) => a - b)) {
      left -= this.#counts.get(bucket) ?? 0
      if (left <= 0) return valueOf(bucket)
    }
    return 0
  }

  /** How many took at most so long. Exact where `ms` is the edge of a bucket, off by part of one bucket otherwise. */
  atMost(ms: number): number {
    const last = bucketOf(ms)
    let count = 0
    for (const [bucket, many] of this.#counts) if (bucket <= last) count += many
    return count
  }
}

function bucketOf(ms: number): number {
  const us = Math.min(2 ** EXPONENT_MAX - 1, Math.round(Math.max(0, ms) * 1000))
  if (us < PARTS) return us
  const exponent = 31 - Math.clz32(us)
  const part = Math.floor((us / 2 ** exponent - 1) * PARTS)
  return Math.min(BUCKETS_MAX - 1, (exponent - 3) * PARTS + part)
}

/** The middle of a bucket, in milliseconds. */
function valueOf(bucket: number): number {
  if (bucket < PARTS) return bucket / 1000
  const exponent = Math.floor(bucket / PARTS) + 3
  const lowest = (1 + (bucket % PARTS) / PARTS) * 2 ** exponent
  const width = 2 ** exponent / PARTS
  return Math.round(lowest + (width - 1) / 2) / 1000
}
