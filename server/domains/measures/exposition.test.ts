import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { expose } from './exposition.ts'
import type { Exposed } from './exposition.ts'
import { openTraffic } from './traffic.ts'

const NONE = { count: 0, p50: 0, p95: 0, p99: 0, error_rate: 0 }

/** Figures of a server that was asked and did these things. */
function given(fill: (traffic: ReturnType<typeof openTraffic>) => void = () => {}): Exposed {
  const traffic = openTraffic(fakeClock(0))
  fill(traffic)
  return {
    window_ms: 300_000,
    requests: NONE,
    executions: NONE,
    queue: { waiting: 3, running: 2 },
    event_loop: { delay_p50: 1, delay_p99: 25, utilization: 0.5 },
    process: { cpu_usage: 25, memory_rss: 1000, heap_used: 500 },
    totals: traffic.totals,
    resources: { cpu_usage: 10, memory_usage: 20, disk_usage: 30 },
    condition: { writable: true, stalled: false, strained: true },
    version: '1.2.3',
    uptime_s: 7,
    lines_lost: 4,
    spans_lost: 5,
  }
}

const LINE = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (\S+)$/

/** The series by name and labels, if the text keeps all rules of the format. */
function parse(text: string): Map<string, number> {
  assert.ok(text.endsWith('\n'))
  const series = new Map<string, number>()
  const seen = new Set<string>()
  let family = ''
  let helped = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, help] = /^# HELP ([a-z_]+) \S.*$/.exec(line) ?? []
    const [, typed] = /^# TYPE ([a-z_]+) (?:gauge|counter|histogram)$/.exec(line) ?? []
    if (help !== undefined) {
      assert.ok(!seen.has(help), `${help} twice`)
      seen.add(help)
      helped = help
    } else if (typed === undefined) {
      const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? assert.fail(line)
      assert.ok([family, `${family}_bucket`, `${family}_sum`, `${family}_count`].includes(name), line)
      const key = labels === '' ? name : `${name}{${labels}}`
      assert.ok(!series.has(key) && Number.isFinite(Number(value)), line)
      series.set(key, Number(value))
    } else {
      assert.equal(typed, helped)
      family = typed
    }
  }
  return series
}

test('what is exposed keeps the format, with nothing measured and with all', () => {
  assert.equal(parse(expose(given())).get('paios_requests_total'), undefined)
  const series = parse(expose(given()))
  const want = {
    'paios_info{version="1.2.3"}': 1,
    paios_uptime_seconds: 7,
    'paios_jobs{state="waiting"}': 3,
    'paios_event_loop_delay_seconds{quantile="0.99"}': 0.025,
    paios_process_cpu_ratio: 0.25,
    'paios_machine_used_ratio{resource="disk"}': 0.3,
    'paios_condition{state="stalled"}': 0,
    'paios_condition{state="strained"}': 1,
    paios_log_lines_lost_total: 4,
    paios_trace_spans_lost_total: 5,
  }
  assert.partialDeepStrictEqual(Object.fromEntries(series), want)
})

test('answers are counted by operation and kind of status, executions by how they ended', () => {
  const series = parse(
    expose(
      given((traffic) => {
        for (const status of [200, 204, 404, 503])
          traffic.request({ operation: 'agents.list', status, ms: 1 })
        traffic.request({ operation: 'unknown', status: 404, ms: 1 })
        for (const failed of [true, false, false])
          traffic.execution({ user_id: 'ann', agent_number: 5, ms: 1, failed })
      }),
    ),
  )
  const counted = [...series].filter(([name]) => name.includes('_requests_total'))
  assert.deepEqual(counted, [
    ['paios_requests_total{operation="agents.list",status="2xx"}', 2],
    ['paios_requests_total{operation="agents.list",status="4xx"}', 1],
    ['paios_requests_total{operation="agents.list",status="5xx"}', 1],
    ['paios_requests_total{operation="unknown",status="4xx"}', 1],
  ])
  assert.equal(series.get('paios_executions_total{outcome="completed"}'), 2)
  assert.equal(series.get('paios_executions_total{outcome="failed"}'), 1)
})

test('the buckets of a histogram only grow, and the last holds all', () => {
  const text = expose(
    given((traffic) => {
      for (const ms of [0.5, 3, 80, 700, 20_000, 90_000])
        traffic.request({ operation: 'it', status: 200, ms })
    }),
  )
  const series = parse(text)
  const buckets = [...series].filter(([name]) => name.startsWith('paios_request_duration_seconds_bucket'))
  const counts = buckets.map(([, count]) => count)
  assert.deepEqual(
    counts,
    counts.toSorted((a, b) => a - b),
  )
  assert.deepEqual(
    ['0.001', '0.005', '0.1', '1', '30', '60', '+Inf'].map((le) =>
      series.get(`paios_request_duration_seconds_bucket{le="${le}"}`),
    ),
    [1, 2, 3, 4, 5, 5, 6],
  )
  assert.equal(series.get('paios_request_duration_seconds_count'), 6)
  assert.equal(series.get('paios_request_duration_seconds_sum'), 110.7835)
})

test('a hostile version stays within its label', () => {
  const series = parse(expose({ ...given(), version: 'a"} 1\nb\\' }))
  assert.equal(series.get('paios_info{version="a\\"} 1\\nb\\\\"}'), 1)
})
