/** Places of the shared memory by which syncs are asked for and answered; each holds one 32-bit integer. */
export const SYNC = { asked: 0, done: 1, failed: 2 } as const
export const BYTES = 12
