import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START } from '../../../../test/app.ts'
import { fakeClock, seededRandom } from '../../../../test/clock.ts'
import { turn } from '../../../kernel/rig.ts'
import { parseTraceparent } from './context.ts'
import { openTracer } from './index.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const CALL = { operation: 'agents.execute', status: 202, took_ms: 1.5, request_id: 'r-1', transport: 'http' }
const WORK = { name: 'agent', execution_id: 'e-1', attributes: {}, ms: 20, failed: false } as const

interface Sent {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: unknown[]
  status?: { code: number }
}

function open() {
  const clock = fakeClock(START)
  const bodies: string[] = []
  const collector = { fails: false }
  const tracer = openTracer({
    clock,
    random: seededRandom(1),
    version: '1.2.3',
    send: (body) => {
      if (collector.fails) return Promise.reject(new Error('No.'))
      bodies.push(body)
      return Promise.resolve()
    },
  })
  const spans = (): Sent[] =>
    bodies.flatMap((body) => {
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: Sent[] }[] }[]
      }
      return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    })
  return { clock, bodies, collector, tracer, spans }
}

test('the span of a caller is read as the standard says, and anything else is none', () => {
  const of = { trace_id: TRACE, span_id: SPAN }
  assert.deepEqual(parseTraceparent(`00-${TRACE}-${SPAN}-01`), { ...of, sampled: true })
  assert.deepEqual(parseTraceparent(`00-${TRACE}-${SPAN}-00`), { ...of, sampled: false })
  assert.deepEqual(parseTraceparent(`cc-${TRACE}-${SPAN}-03-what-comes-later`), { ...of, sampled: true })
  for (const wrong of [
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
  ])
    assert.equal(parseTraceparent(wrong), undefined, String(wrong))
})

test('a call is a span in the trace of its caller, with names and ids alone', async () => {
  const { tracer, spans, bodies } = open()
  tracer.request({ ...CALL, traceparent: `00-${TRACE}-${SPAN}-01` })
  await tracer.flush()
  const [span] = spans()
  assert.match(span?.spanId ?? '', /^[0-9a-f]{16}$/)
  assert.deepEqual(span, {
    traceId: TRACE,
    spanId: span?.spanId,
    parentSpanId: SPAN,
    name: 'agents.execute',
    kind: 2,
    startTimeUnixNano: '1795341599998500000',
    endTimeUnixNano: '1795341600000000000',
    attributes: [
      { key: 'paios.transport', value: { stringValue: 'http' } },
      { key: 'paios.request_id', value: { stringValue: 'r-1' } },
      { key: 'http.response.status_code', value: { intValue: '202' } },
    ],
  })
  assert.match(bodies[0] ?? '', /"service\.name","value":\{"stringValue":"paios"\}/)
})

test('work is a child of the call that began it, whichever of them ends first', async () => {
  const { tracer, spans } = open()
  tracer.worked(WORK)
  tracer.request({ ...CALL, execution_id: 'e-1' })
  tracer.request({ ...CALL, execution_id: 'e-2' })
  await tracer.flush()
  tracer.worked({ ...WORK, execution_id: 'e-2', failed: true })
  tracer.worked({ ...WORK, execution_id: 'e-3' })
  await tracer.flush()
  const [first, one, two, second, alone] = spans()
  assert.deepEqual([first?.traceId, first?.parentSpanId], [one?.traceId, one?.spanId])
  assert.deepEqual([second?.traceId, second?.parentSpanId], [two?.traceId, two?.spanId])
  assert.equal(alone?.parentSpanId, undefined)
  assert.equal(new Set([one, two, alone].map((span) => span?.traceId)).size, 3)
  assert.deepEqual([first?.status, second?.status], [undefined, { code: 2 }])
})

test('a caller that wants no trace gets none, nor does the work that it began', async () => {
  const { tracer, bodies } = open()
  tracer.request({ ...CALL, traceparent: `00-${TRACE}-${SPAN}-00`, execution_id: 'e-1' })
  tracer.worked(WORK)
  await tracer.flush()
  assert.deepEqual(bodies, [])
})

test('spans are sent together every five seconds, and while there are none nothing is', async () => {
  const { tracer, clock, bodies, spans } = open()
  assert.equal(clock.untilNext(), undefined)
  for (let n = 0; n < 600; n += 1) tracer.request(CALL)
  clock.advance(4_999)
  assert.equal(bodies.length, 0)
  clock.advance(1)
  await tracer.flush()
  assert.deepEqual([bodies.length, spans().length], [2, 600])
  assert.equal(clock.untilNext(), undefined)
})

test('what is too much or is not taken is dropped and counted, and the next is sent again', async () => {
  const { tracer, collector, spans } = open()
  for (let n = 0; n < 2_050; n += 1) tracer.request(CALL)
  assert.equal(tracer.dropped, 2)
  collector.fails = true
  await tracer.flush()
  assert.deepEqual([tracer.dropped, spans().length], [2_050, 0])
  collector.fails = false
  tracer.request({ ...CALL, status: 500 })
  await tracer.flush()
  assert.deepEqual([tracer.dropped, spans().map(({ status }) => status)], [2_050, [{ code: 2 }]])
})

test('what cannot even be written down is dropped and counted, and what comes after it is sent', async () => {
  const { tracer, spans } = open()
  tracer.request({ ...CALL, took_ms: Number.NaN })
  await tracer.flush()
  assert.deepEqual([tracer.dropped, spans().length], [1, 0])
  tracer.request(CALL)
  await tracer.flush()
  assert.deepEqual([tracer.dropped, spans().length], [1, 1])
})

test('closing waits until all is sent, and two seconds at most for a collector that does not answer', async () => {
  const clock = fakeClock(START)
  const answers: (() => void)[] = []
  const send = () => new Promise<void>((resolve) => answers.push(resolve))
  const tracer = openTracer({ clock, random: seededRandom(1), version: '1', send })
  const closing = () => {
    tracer.request(CALL)
    let isClosed = false
    const closed = tracer.close().then(() => (isClosed = true))
    return { closed, isClosed: () => isClosed }
  }
  const first = closing()
  clock.advance(1_999)
  await turn()
  assert.deepEqual([first.isClosed(), answers.length], [false, 1])
  answers[0]?.()
  await first.closed
  const second = closing()
  await turn()
  clock.advance(2_000)
  await second.closed
  assert.equal(answers.length, 2)
})
