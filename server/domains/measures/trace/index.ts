import type { Clock } from '../../../kernel/clock.ts'
import type { Random } from '../../../kernel/ids.ts'
import { parseTraceparent } from './context.ts'
import type { SpanContext } from './context.ts'
import { toOtlp } from './otlp.ts'
import type { Span } from './otlp.ts'

/** An answer, with what says where it belongs. */
export interface Traced {
  operation: string
  status: number
  took_ms: number
  request_id: string
  transport: string
  /** Header of a caller that is in a span itself. */
  traceparent?: string | undefined
  /** Id of the execution that was begun. */
  execution_id?: string | undefined
}

/** Work that has ended. */
export interface Worked {
  name: 'agent' | 'workflow'
  execution_id: string
  attributes: Span['attributes']
  ms: number
  failed: boolean
}

/** Tells a collector what took how long. */
export interface Tracer {
  request(one: Traced): void
  worked(one: Worked): void
  /** Sends what waits. Never rejects. */
  flush(): Promise<void>
  /** The same, and waits two seconds for it at most. */
  close(): Promise<void>
  /** Spans that were not sent: too many waited, or the collector did not take them. */
  readonly dropped: number
}

interface Options {
  clock: Clock
  random: Random
  version: string
  /** Sends a body to the collector. @throws when it did not take it. */
  send: (body: string) => Promise<void>
}

const EVERY_MS = 5_000
/** A collector that does not answer does not keep the server from stopping. */
const CLOSE_MS = 2_000
const WAITING_MAX = 2_048
const BATCH_MAX = 512
/** Executions whose beginnings are remembered, so that their spans find the call that began them. */
const ORIGINS_MAX = 10_000
/** Work that a caller wants no trace of. */
const UNSAMPLED = 'unsampled'

interface Waiting {
  span: Span
  /** What it was the work of. */
  execution_id: string | undefined
}

type Origin = SpanContext | typeof UNSAMPLED

/** Remembers which calls began which executions. */
function openOrigins(): {
  remember(execution_id: string, origin: Origin): void
  /** A span below the call that began its work, where that is known; nothing when the call wanted no trace. */
  place(waiting: Waiting): Span[]
} {
  const origins = new Map<string, Origin>()
  return {
    remember: (execution_id, origin) => {
      const [oldest] = origins.size >= ORIGINS_MAX ? origins.keys() : []
      if (oldest !== undefined) origins.delete(oldest)
      origins.set(execution_id, origin)
    },
    place: ({ span, execution_id }) => {
      const origin = execution_id === undefined ? undefined : origins.get(execution_id)
      if (origin === UNSAMPLED) return []
      return [origin === undefined ? span : { ...span, trace_id: origin.trace_id, parent_id: origin.span_id }]
    },
  }
}

/** Spans wait until they are sent together; the span of a call, whose end may come later than its work's, is known then. */
export function openTracer({ clock, random, version, send }: Options): Tracer {
  const origins = openOrigins()
  let waiting: Waiting[] = []
  let isScheduled = false
  let sending: Promise<void> = Promise.resolve()
  let dropped = 0
  const hex = (bytes: number) => Buffer.from(random(bytes)).toString('hex')
  const add = (span: Span, execution_id?: string): void => {
    if (waiting.length >= WAITING_MAX) {
      dropped += 1
      return
    }
    waiting.push({ span, execution_id })
    if (isScheduled) return
    isScheduled = true
    clock.after(EVERY_MS, () => void flush())
  }
  const sendAll = async (): Promise<void> => {
    const spans = waiting.flatMap(origins.place)
    waiting = []
    for (let at = 0; at < spans.length; at += BATCH_MAX) {
      const batch = spans.slice(at, at + BATCH_MAX)
      try {
        await send(toOtlp(batch, { name: 'paios', version }))
      } catch {
        // Whoever sends has told it; what waits behind these is sent all the same.
        dropped += batch.length
      }
    }
  }
  const flush = (): Promise<void> => {
    isScheduled = false
    sending = sending.then(sendAll)
    return sending
  }
  return {
    get dropped() {
      return dropped
    },
    flush,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const cancel = clock.after(CLOSE_MS, resolve)
      await Promise.race([flush(), promise])
      cancel()
    },
    request: ({ operation, status, took_ms, request_id, transport, traceparent, execution_id }) => {
      const parent = parseTraceparent(traceparent)
      const own = { trace_id: parent?.trace_id ?? hex(16), span_id: hex(8) }
      const isWanted = parent?.sampled !== false
      if (execution_id !== undefined) origins.remember(execution_id, isWanted ? own : UNSAMPLED)
      if (!isWanted) return
      const end = clock.now()
      const attributes = {
        'paios.transport': transport,
        'paios.request_id': request_id,
        'http.response.status_code': status,
      }
      const about = { name: operation, kind: 'server' as const, attributes, failed: status >= 500 }
      add({ ...own, ...about, parent_id: parent?.span_id, start: end - took_ms, end })
    },
    worked: (one) =>
      add({ trace_id: hex(16), span_id: hex(8), ...spanOf(one, clock.now()) }, one.execution_id),
  }
}

/** The span of work that has just ended, wherever it belongs. */
function spanOf(
  { name, execution_id, attributes, ms, failed }: Worked,
  end: number,
): Omit<Span, 'trace_id' | 'span_id'> {
  const about = { ...attributes, 'paios.execution_id': execution_id }
  return { name, kind: 'internal', parent_id: undefined, start: end - ms, end, attributes: about, failed }
}
