import type { SpanContext } from './context.ts'

/** Something that took its time. Times in epoch milliseconds; attributes are names and ids, never content. */
export interface Span extends SpanContext {
  parent_id: string | undefined
  name: string
  kind: 'server' | 'internal'
  start: number
  end: number
  attributes: Readonly<Record<string, string | number>>
  failed: boolean
}

const KINDS = { internal: 1, server: 2 }
const FAILED = { code: 2 }

/** Spans as the body of a request to a collector: OTLP in its JSON form, version 1. */
export function toOtlp(spans: readonly Span[], service: { name: string; version: string }): string {
  const resource = attributes({ 'service.name': service.name, 'service.version': service.version })
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: resource },
        scopeSpans: [{ scope: { name: 'paios', version: service.version }, spans: spans.map(toSpan) }],
      },
    ],
  })
}

function toSpan({ trace_id, span_id, parent_id, name, kind, start, end, failed, ...span }: Span): object {
  return {
    traceId: trace_id,
    spanId: span_id,
    ...(parent_id === undefined ? {} : { parentSpanId: parent_id }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributes(span.attributes),
    ...(failed ? { status: FAILED } : {}),
  }
}

function attributes(of: Span['attributes']): object[] {
  return Object.entries(of).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }))
}

/** More digits than a number holds exactly, so the whole microseconds are counted apart. */
function nanoseconds(ms: number): string {
  return `${BigInt(Math.round(ms * 1000))}000`
}
