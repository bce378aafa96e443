/** How many children there may be, what waits for them, and what a job may take. */
export interface HostBounds {
  children_max: number
  /** Jobs that may wait, of one user and in all. */
  waiting_per_user_max: number
  waiting_max: number
  /** A job that no child has begun with for so long is told that too much waits. */
  queue_ms: number
  /** From asking for a job to its end, its time in the queue with it. */
  job_ms: number
  /** To begin a job, the start of a child and the loading of its model with it. */
  open_ms: number
  /** To take one message. */
  call_ms: number
  /** A job that was given up may come to an end by itself for so long; then its child is ended. */
  reset_ms: number
  /** A child without work is ended after so long. */
  idle_ms: number
  /** Bytes of one message, and messages of one job that may be under way. */
  message_bytes_max: number
  under_way_max: number
  /** Megabytes of JavaScript heap, and of all that the process keeps in memory. */
  heap_mb: number
  resident_mb: number
  /** How often the memory of a child at work is looked at. */
  watch_ms: number
}

export const HOST_BOUNDS: HostBounds = {
  children_max: 2,
  waiting_per_user_max: 4,
  waiting_max: 16,
  queue_ms: 5_000,
  job_ms: 90_000,
  open_ms: 15_000,
  call_ms: 20_000,
  reset_ms: 300,
  idle_ms: 60_000,
  message_bytes_max: 16 * 1024 * 1024,
  under_way_max: 64,
  heap_mb: 192,
  resident_mb: 768,
  watch_ms: 250,
}
