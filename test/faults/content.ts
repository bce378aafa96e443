import type { Chance } from './chance.ts'

/** A change of a file that is not yet certain to survive. */
interface Change {
  order: number
  /** Where the bytes go; the new size when there are none. */
  offset: number
  bytes: Buffer | undefined
}

/** A disk writes a sector whole or not at all; they are small on some disks. */
const SECTORS = [512, 4096] as const

/** What is in a file: what is certain, and the changes since. */
export class Content {
  #certain = Buffer.alloc(0)
  #size = 0
  #changes: Change[] = []

  write(offset: number, bytes: Buffer, order: number): void {
    this.#changes.push({ order, offset, bytes })
  }

  truncate(size: number, order: number): void {
    this.#changes.push({ order, offset: size, bytes: undefined })
  }

  /** Makes what was done before `order` certain. */
  settle(order: number): void {
    const first = this.#changes.findIndex((change) => change.order >= order)
    for (const change of this.#changes.splice(0, first === -1 ? this.#changes.length : first)) {
      if (change.bytes === undefined) this.#resize(change.offset)
      else {
        const end = change.offset + change.bytes.length
        if (end > this.#size) this.#resize(end)
        change.bytes.copy(this.#certain, change.offset)
      }
    }
  }

  /** What a power cut may leave: for each file it is drawn anew how much of what is uncertain has arrived. */
  after(chance: Chance): Buffer {
    const share = [0, 1, chance.share()][chance.below(3)] ?? 0
    const torn = [0, chance.share()][chance.below(2)] ?? 0
    const sector = SECTORS[chance.below(SECTORS.length)] ?? 512
    const reach = this.#changes.map(({ offset, bytes }) => offset + (bytes?.length ?? 0))
    const space = Buffer.alloc(Math.max(this.#size, ...reach))
    this.#certain.copy(space, 0, 0, this.#size)
    let size = this.#size
    for (const { offset, bytes } of this.#changes) {
      const arrives = chance.hits(share)
      if (bytes === undefined) {
        if (!arrives) continue
        space.fill(0, Math.min(offset, size))
        size = offset
        continue
      }
      const kept = arrives && chance.hits(torn) ? (): boolean => chance.hits(0.5) : (): boolean => arrives
      for (let at = offset; at < offset + bytes.length;) {
        const next = Math.min(at - (at % sector) + sector, offset + bytes.length)
        if (kept()) {
          bytes.copy(space, at, at - offset, next - offset)
          size = Math.max(size, next)
        }
        at = next
      }
      // The size of a file may be on the disk before what is in it.
      if (!arrives && chance.hits(share / 2)) size = Math.max(size, offset + bytes.length)
    }
    return space.subarray(0, size)
  }

  #resize(size: number): void {
    if (size > this.#certain.length) {
      const larger = Buffer.alloc(Math.max(size, this.#certain.length * 2, 65_536))
      this.#certain.copy(larger, 0, 0, this.#size)
      this.#certain = larger
    }
    if (size < this.#size) this.#certain.fill(0, size, this.#size)
    this.#size = size
  }
}
