import { setImmediate as nextTurn } from 'node:timers/promises'
import { FrameError, encodeEvent, readEvents } from '../../../../kernel/wyoming.ts'
import type { WyomingEvent } from '../../../../kernel/wyoming.ts'
import { SpeechError } from '../../kinds.ts'
import { asSpeechError, tooLate, withinTime } from '../outside.ts'
import type { Outside } from '../outside.ts'

/** A service that speaks Wyoming. */
export interface WyomingOptions {
  name: string
  host: string
  port: number
  /** Of those that it has; it chooses one by itself unless given. */
  model?: string | undefined
}

/** One connection to such a service. Every failure is a SpeechError, or the reason of the signal. */
export interface Session {
  send(event: WyomingEvent): Promise<void>
  /** What comes next. @throws SpeechError also when it says that it failed, and when nothing more comes */
  next(within_ms?: number): Promise<WyomingEvent>
  close(): void
}

const CONNECT_MS = 5_000
const SEND_MS = 10_000
/** Messages of one answer: a minute of sound in the shortest pieces that are usual has a third of them. */
const EVENTS_MAX = 10_000
/** Messages that were there already come without a pause; after so many others have their turn, deadlines among them. */
const EVENTS_AT_ONCE = 32

/** @param bytes_max - of all that it may answer. */
export async function openSession(
  { name, host, port }: WyomingOptions,
  { egress, context, clock }: Outside,
  signal: AbortSignal,
  bytes_max: number,
): Promise<Session> {
  const told = (error: unknown): unknown => {
    if (signal.aborted) return signal.reason
    if (error instanceof FrameError)
      return new SpeechError('engine', `${name} does not speak Wyoming as it should: ${error.message}.`)
    return asSpeechError(name, error)
  }
  const connection = await egress
    .connect({ host, port, timeout_ms: CONNECT_MS, bytes_max }, context(signal))
    .catch((error: unknown) => {
      throw told(error)
    })
  const events = readEvents(connection.received)
  const timed = async <T>(promise: Promise<T>, ms: number | undefined): Promise<T> => {
    try {
      if (ms === undefined) return await promise
      return await withinTime(clock, ms, promise, () => tooLate(name, ms))
    } catch (error) {
      connection.close()
      throw told(error)
    }
  }
  let got = 0
  return {
    send: (event) => timed(connection.write(encodeEvent(event)), SEND_MS),
    next: async (within_ms) => {
      got += 1
      if (got % EVENTS_AT_ONCE === 0) await nextTurn()
      const { done, value } = await timed(events.next(), within_ms)
      if (signal.aborted) throw signal.reason
      if (done === true)
        throw new SpeechError('engine', `${name} closed the connection before it had answered.`)
      if (value.type !== 'error' && got <= EVENTS_MAX) return value
      connection.close()
      if (got > EVENTS_MAX)
        throw new SpeechError('engine', `${name} answered with more than ${EVENTS_MAX} messages.`)
      throw new SpeechError('engine', `${name} says that it failed.`)
    },
    close: () => connection.close(),
  }
}
