/** A span as others refer to it. */
export interface SpanContext {
  /** 32 and 16 hexadecimal digits. */
  trace_id: string
  span_id: string
}

const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * The span that a caller is in, by its header; nothing without a valid one.
 *
 * @see W3C Trace Context, section 3.2: of a later version whatever follows is ignored.
 */
export function parseTraceparent(
  header: string | undefined,
): (SpanContext & { sampled: boolean }) | undefined {
  const [, version = '', trace_id = '', span_id = '', flags = '', more] = TRACEPARENT.exec(header ?? '') ?? []
  if (trace_id === '' || (version === '00' && more !== undefined)) return undefined
  return { trace_id, span_id, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
