/** Samples one after the other. */
export function join(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** The last samples of a sound, at most so many. */
export class Recent {
  readonly #most: number
  #samples = new Int16Array(0)

  constructor(most: number) {
    this.#most = most
  }

  get samples(): Int16Array {
    return this.#samples
  }

  take(samples: Int16Array): void {
    this.#samples = join([this.#samples, samples]).slice(-this.#most)
  }
}
