interface Lane {
  held: number
  readonly waiting: Set<() => void>
}

/** Waits for a place in a lane and answers what gives it back. Rejects with the reason of the signal. */
export type Lanes = (lane: string, signal: AbortSignal) => Promise<() => void>

/** Lanes with so many places each: first come, first served. */
export function openLanes(places: number): Lanes {
  const lanes = new Map<string, Lane>()
  return async (name, signal) => {
    signal.throwIfAborted()
    const lane: Lane = lanes.get(name) ?? { held: 0, waiting: new Set() }
    lanes.set(name, lane)
    if (lane.held >= places) await turn(lane, signal)
    else lane.held += 1
    return () => {
      const [next] = lane.waiting
      if (next !== undefined) return next()
      lane.held -= 1
      if (lane.held === 0) lanes.delete(name)
    }
  }
}

/** Waits until somebody hands over a place. */
async function turn({ waiting }: Lane, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const begin = (): void => {
    waiting.delete(begin)
    resolve()
  }
  // At once: a place that is handed to somebody who has left would never come back.
  const leave = (): void => {
    waiting.delete(begin)
    reject(signal.reason)
  }
  waiting.add(begin)
  signal.addEventListener('abort', leave, { once: true })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
