import { ApiFault, NoAnswer } from '../sdk/fault.ts'
import { openLive } from '../sdk/live.ts'
import type { Live } from '../sdk/live.ts'
import type { Context } from './context.ts'

/** Events say at once when there is something to ask for; this is for when they cannot. */
const POLL_MS = 15_000

/** Something on the server that ends by itself. */
interface Ending<T> {
  ask(): Promise<T>
  isOpen(state: T): boolean
  /** Wakes whoever waits when an event tells that something happened to it. */
  hear(live: Live, wake: () => void): void
}

/**
 * Asks for something whenever it may have ended, until it has or too long.
 *
 * @returns its last known state; nothing when the server did not answer to the end.
 */
export async function untilEnded<T>(
  { io, client }: Pick<Context, 'io' | 'client'>,
  wait_ms: number,
  { ask, isOpen, hear }: Ending<T>,
): Promise<T | undefined> {
  const live = openLive(client, { now: io.now, after: io.after })
  let wake: (() => void) | undefined
  let isOver = false
  const cancel = io.after(wait_ms, () => {
    isOver = true
    wake?.()
  })
  hear(live, () => wake?.())
  // Between the call and the first event everything may be over already.
  live.onState((isLive) => {
    if (isLive) wake?.()
  })
  live.ended.then(
    () => wake?.(),
    () => wake?.(),
  )
  try {
    for (;;) {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      const next = (): void => resolve(undefined)
      wake = next
      const state = await orNothing(ask)
      if (isOver || (state !== undefined && !isOpen(state))) return state
      const stopPolling = io.after(POLL_MS, next)
      await promise
      stopPolling()
    }
  } finally {
    cancel()
    await live.close()
  }
}

/** Nothing when the server does not answer just now. */
async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof NoAnswer || (error instanceof ApiFault && error.status === 503)) return undefined
    throw error
  }
}
