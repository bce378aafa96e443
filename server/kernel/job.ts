import type { JobCounts } from './job-counts.ts'
import type { Release } from './job-queries.ts'
import type { Tx } from './store/store.ts'

export type Priority = 'low' | 'normal' | 'high'

/**
 * Work that survives a crash. `key` is unique within its kind: enqueueing it again moves the job, and ends an attempt
 * that is under way. Times in epoch ms.
 */
export interface NewJob {
  kind: string
  key: string
  user_id: string
  payload: unknown
  run_at?: number
  priority?: Priority
  /** Jobs of one lane share a queue of their own: a lane that is busy or full holds up no other. */
  lane?: string
}

/** A job that this process holds. */
export interface Job {
  readonly kind: string
  readonly key: string
  readonly user_id: string
  readonly payload: unknown
  readonly attempt: number
  /** Deletes the job in the transaction that holds its result. @throws LostJobError when it is no longer held. */
  finish(tx: Tx): void
  /** Makes sure that a part of the work still may be done. @throws LostJobError when the job is no longer held. */
  hold(tx: Tx): void
}

/** The job was cancelled or its lease ran out: the transaction that finds this out must not commit. */
export class LostJobError extends Error {}

/** What was to be done was stopped by itself: whoever wanted it goes on without it. */
export class CancelledError extends LostJobError {}

export interface JobHandler {
  /** Jobs of the kind that run at once, in all and in one lane. */
  concurrency_max: number
  per_lane_at_once?: number
  /** Jobs of the kind that may exist per lane, per user and in all; more are refused. */
  per_lane_max?: number
  per_user_max: number
  total_max: number
  /** Milliseconds after which a running job is aborted and given to another attempt, whether it heeds that or not. */
  lease_ms: number
  /** Attempts, those that a crash ended among them, before `giveUp` is called in place of another. */
  attempts_max: number
  /** Ends once the job is finished; one that ends before has failed. */
  run: (job: Job, signal: AbortSignal) => Promise<void>
  giveUp: (job: Job, error: unknown) => Promise<void>
}

/** A handler at work. */
export interface Run {
  readonly key: string
  readonly lane: string
  readonly controller: AbortController
  readonly ended: Promise<void>
  /** The job was cancelled or moved: whatever comes of this attempt, nothing is left to be done about it. */
  lost: boolean
}

/** A kind of job with what is under way of it. */
export interface Kind {
  readonly name: string
  readonly handler: JobHandler
  /** By fence: what was cancelled or moved may go on for a while beside the same key's next attempt. */
  readonly running: Map<number, Run>
  readonly counts: JobCounts
  /** Jobs that ended but could not be put back; the next claim does it. */
  readonly adrift: Release[]
  /** Slots that the transaction under way has promised, by the lane of each. */
  promised: { tx: Tx | undefined; lanes: string[] }
  /** Whether jobs of this kind may be due that nobody runs. */
  backlog: boolean
  claiming: boolean
  /** Somebody asked for a claim while one was under way. */
  again: boolean
}

/** Lanes that can take no more at the moment, counting the slots in `promised`. */
export function busyLanes({ handler, running }: Kind, promised: readonly string[] = []): string[] {
  const { per_lane_at_once = Infinity } = handler
  if (per_lane_at_once === Infinity) return []
  const counts = new Map<string, number>()
  for (const lane of [...[...running.values()].map((run) => run.lane), ...promised])
    counts.set(lane, (counts.get(lane) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= per_lane_at_once).map(([lane]) => lane)
}
