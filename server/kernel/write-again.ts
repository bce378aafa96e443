import { Fault } from './fault.ts'
import type { Kernel } from './kernel.ts'
import type { Tx } from './store/store.ts'

/** How the store refuses what it could take a little later. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['SERVICE_UNAVAILABLE', 'SYSTEM_OVERLOADED'])
/** Longer and longer pauses, two seconds in all. */
const TRIES_MAX = 5
const PAUSE_MS = 200

/** Whether the store took nothing at this moment. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Fault && UNAVAILABLE.has(error.name)
}

/**
 * Writes what must not be lost because the store takes nothing at this moment: that is tried again, with the work anew.
 *
 * @param mayPass - which errors another try may mend.
 * @throws whatever the last try came to.
 */
export async function writeAgain<T>(
  { store, clock }: Pick<Kernel, 'store' | 'clock'>,
  work: (tx: Tx) => Promise<T>,
  mayPass = isUnavailable,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.write(work)
    } catch (error) {
      if (tries === TRIES_MAX || !mayPass(error)) throw error
      await new Promise<void>((resolve) => void clock.after(PAUSE_MS * tries, resolve))
    }
  }
}
