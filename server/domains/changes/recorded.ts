import type { Tx } from '../../kernel/store/store.ts'
import type { Assessment } from './impact.ts'
import type { State } from './kinds.ts'

/** A configuration change as its transaction made it. */
export interface Recorded {
  id: string
  kind: string
  target: string
  description: string
  before: State | undefined
  after: State | undefined
  /** What it was found to come to; nothing where nobody looked. */
  assessment: Assessment | undefined
}

const recorded = new WeakMap<Tx, Recorded[]>()

export function note(tx: Tx, change: Recorded): void {
  const known = recorded.get(tx) ?? []
  recorded.set(tx, known)
  known.push(change)
  tx.afterAttempt(() => known.pop())
}

/** The configuration changes of a transaction so far, in their order. */
export function recordedIn(tx: Tx): readonly Recorded[] {
  return recorded.get(tx) ?? []
}
