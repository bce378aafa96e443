import type { SystemHealth } from '../../../contract/system.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Measures } from '../measures/index.ts'

interface Parts {
  measures: Pick<Measures, 'onSample'>
  owners: () => string[]
  health: (user_id: string) => Promise<SystemHealth>
}

/** Changes that could not be told yet: a full disk takes no events either. */
const UNTOLD_MAX = 10

/** Tells the owner when the health of the server becomes another. */
export function watchHealth({ log, events, store }: Kernel, { measures, owners, health }: Parts): void {
  let known: SystemHealth | undefined
  let untold: { old_health: SystemHealth; new_health: SystemHealth }[] = []
  let isLooking = false
  const look = async (): Promise<void> => {
    const [owner] = owners()
    if (owner === undefined) return
    const now = await health(owner)
    if (known !== undefined && known.status !== now.status)
      untold = [...untold, { old_health: known, new_health: now }].slice(-UNTOLD_MAX)
    known = now
    const telling = untold
    if (telling.length === 0) return
    await store.write((tx) => {
      for (const change of telling) events.tell(tx, 'system:health_changed', owner, change)
      return Promise.resolve()
    })
    untold = untold.slice(telling.length)
  }
  measures.onSample(() => {
    // Reading all of it may take longer than until the next sample.
    if (isLooking) return
    isLooking = true
    look()
      .catch((error: unknown) => log.warn('the health of the server could not be told', { error }))
      .finally(() => (isLooking = false))
  })
}
