import type { SpeechError } from '../kinds.ts'

/** To a child: begin a job, take a message, or end the job. Each is answered once, in order. */
export type Order = { id: number } & (
  | { open: string; options: unknown }
  | { message: unknown }
  | { close: true }
)

/** From a child: the answer to an order with the memory that it holds, or something unasked of the job that is open. */
export type Reply =
  | ({ id: number; resident_bytes: number } & Answer)
  /** `job` is the id of the order that opened it: what an earlier one still says is nobody's. */
  | { job: number; told: unknown }

export type Answer =
  | { value: unknown }
  | { refused: { reason: SpeechError['reason']; message: string } }
  | { failed: string }

const DEPTH_MAX = 6

/** About how many bytes a message takes on its way, counted no further than beyond the bound. */
export function sizeOf(message: unknown, bytes_max: number, depth = 0): number {
  if (typeof message === 'string') return message.length * 2
  if (ArrayBuffer.isView(message) || message instanceof ArrayBuffer) return message.byteLength
  if (typeof message !== 'object' || message === null) return 8
  // What is nested deeper than any message here is treated as too large.
  if (depth >= DEPTH_MAX) return Infinity
  let size = 8
  for (const [name, value] of Object.entries(message)) {
    size += name.length + sizeOf(value, bytes_max, depth + 1)
    if (size > bytes_max) return size
  }
  return size
}
