import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEFAULTS } from '../settings/index.ts'
import { openAlerts } from './alerts.ts'
import type { Sample } from './alerts.ts'

const ALERTS = DEFAULTS.alerts
const FINE = { count: 100, p50: 1, p95: 5, p99: 9, error_rate: 0 }
const WELL: Sample = { cpu_usage: 10, memory_usage: 50, slowness: FINE, agents: [] }

/** What is told in samples five seconds apart, as `second: type severity`. */
function told(samples: readonly Partial<Sample>[], limits = ALERTS): string[] {
  const alerts = openAlerts(() => limits)
  return samples.flatMap((sample, index) =>
    alerts
      .judge(index * 5_000, { ...WELL, ...sample })
      .map(({ alert_type, severity }) => `${index * 5}: ${alert_type} ${severity}`),
  )
}

const slow = (p95: number, count = 20) => [{ slowness: { ...FINE, p95, count } }]
const agent = (agent_number: number, count: number, failed: number) => ({ agent_number, count, failed })
const times = (count: number, sample: Partial<Sample>) => Array.from({ length: count }, () => sample)

test('a well server is silent, and each threshold is the one that is set', () => {
  assert.deepEqual(told(times(100, { cpu_usage: 79.9, memory_usage: 84.9 })), [])
  const limits = { ...ALERTS, cpu_percent: { warning: 20, critical: 30 } }
  assert.deepEqual(told(times(3, { cpu_usage: 25 }), limits), ['10: high_cpu warning'])
  assert.deepEqual(told(times(3, { cpu_usage: 25 })), [])
})

test('what lasts is told once, however long it lasts', () => {
  assert.deepEqual(told(times(500, { cpu_usage: 85, memory_usage: 96 })), [
    '10: high_cpu warning',
    '10: high_memory critical',
  ])
})

test('what gets worse is told again, but not before a minute has gone by', () => {
  const samples = [...times(3, { cpu_usage: 85 }), ...times(20, { cpu_usage: 99 })]
  assert.deepEqual(told(samples), ['10: high_cpu warning', '70: high_cpu critical'])
})

test('what comes and goes is told at most once a minute, and only after it was well below the threshold', () => {
  const wave = [...times(3, { cpu_usage: 85 }), ...times(3, { cpu_usage: 76 })]
  assert.deepEqual(told([...wave, ...wave, ...wave, ...wave, ...wave, ...wave]), ['10: high_cpu warning'])
  const deep = [...times(3, { cpu_usage: 85 }), ...times(3, { cpu_usage: 70 })]
  const seconds = told([...deep, ...deep, ...deep, ...deep, ...deep]).map((line) => parseInt(line, 10))
  assert.deepEqual(seconds, [10, 70, 130])
})

test('slow answers are told by their 95th percentile in milliseconds, of at least twenty', () => {
  assert.deepEqual(told(slow(999)), [])
  assert.deepEqual(told(slow(1_000)), ['0: slow_response warning'])
  assert.deepEqual(told(slow(5_000)), ['0: slow_response critical'])
  assert.deepEqual(told(slow(60_000, 19)), [])
})

test('an agent that fails more often than not is told by its number, of at least three executions', () => {
  assert.deepEqual(told([{ agents: [agent(5, 2, 2), agent(6, 100, 49)] }]), [])
  assert.deepEqual(told([{ agents: [agent(5, 4, 2)] }]), ['0: agent_error warning'])
  assert.deepEqual(told([{ agents: [agent(5, 10, 9)] }]), ['0: agent_error critical'])
  const [alert] = openAlerts(() => ALERTS).judge(0, { ...WELL, agents: [agent(5, 3, 3)] })
  assert.deepEqual(alert?.details, {
    agent_number: 5,
    error_rate: 1,
    count: 3,
    window_ms: 300_000,
    threshold: 0.9,
  })
})

test('of two failing agents the second is told a minute later, and none is forgotten', () => {
  const agents = [5, 6].map((agent_number) => ({ agent_number, count: 3, failed: 3 }))
  assert.deepEqual(told(times(30, { agents })), ['0: agent_error critical', '60: agent_error critical'])
})
