import type { Clock } from '../../../kernel/clock.ts'
import { Fault } from '../../../kernel/fault.ts'
import { isLoopback } from '../../../kernel/settings.ts'
import type { Egress, EgressContext } from '../../egress/index.ts'
import { SpeechError } from '../kinds.ts'

/** How an engine that is not of this process is reached: by the egress alone, with its rules. */
export interface Outside {
  egress: Pick<Egress, 'request' | 'connect'>
  /** On whose behalf, and where a credential is lent from. */
  context: (signal: AbortSignal) => EgressContext
  clock: Clock
}

/** An engine must not be waited for without end where nobody else can end it. */
export const NEVER = new AbortController().signal

/**
 * What a failure of the way out means for speech. The sentence names the engine; nothing that the other side has said is in
 * it, and no secret: what it was sent with is known to the egress alone.
 */
export function asSpeechError(name: string, error: unknown): SpeechError {
  if (error instanceof SpeechError) return error
  if (!(error instanceof Fault)) return new SpeechError('engine', `${name} failed.`, { cause: error })
  const text = `${name}: ${error.message}`
  const cause = { cause: error }
  if (error.name === 'AGENT_TIMEOUT') return new SpeechError('deadline', text, cause)
  if (error.name === 'SYSTEM_OVERLOADED') return new SpeechError('busy', text, cause)
  if (error.name === 'UNAUTHORIZED') return new SpeechError('missing', text, cause)
  return new SpeechError('engine', text, cause)
}

/** Whether what is sent to a host leaves this machine. */
export function isRemote(hostname: string): boolean {
  return !isLoopback(hostname.startsWith('[') ? hostname.slice(1, -1) : hostname)
}

/** What a promise comes to, unless that takes longer than so many milliseconds. */
export async function withinTime<T>(
  clock: Clock,
  ms: number,
  promise: Promise<T>,
  late: () => unknown,
): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const cancel = clock.after(ms, () => reject(late()))
  try {
    return await Promise.race([promise, ended])
  } finally {
    cancel()
  }
}

/** The error of an engine that took longer than so many milliseconds. */
export function tooLate(name: string, ms: number): SpeechError {
  return new SpeechError('deadline', `${name} did not answer within ${ms / 1_000} s.`)
}
