import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { DEFAULTS } from '../settings/index.ts'
import { openCondition } from './condition.ts'

const SLOW = { count: 20, p50: 1, p95: 10, p99: 10, error_rate: 0 }

const idle = () => ({ cpu_usage: 0, memory_rss: 0, heap_used: 0 })

/** A server whose facts the test sets. */
function open() {
  const clock = fakeClock(0)
  const facts = {
    resources: { cpu_usage: 100, memory_usage: 50, disk_usage: 50 },
    queue: { waiting: 0, running: 0 },
    slowness: SLOW,
    refusal: undefined as string | undefined,
    alerts: DEFAULTS.alerts,
  }
  const condition = openCondition({
    clock,
    gauge: { read: () => facts.resources, process: idle, diskRefusal: () => facts.refusal },
    standing: () => facts.queue,
    slowness: () => facts.slowness,
    limits: () => facts.alerts,
  })
  /** Strained or not, five seconds apart. */
  const strained = (...usages: Partial<typeof facts.resources>[]) =>
    usages.map((usage) => {
      clock.advance(5_000)
      Object.assign(facts, { resources: { ...facts.resources, ...usage } })
      return condition.read().strained
    })
  return { clock, facts, condition, strained }
}

test('a server may be as busy as it likes; it is strained when memory or disk is nearly full', () => {
  const { strained } = open()
  assert.deepEqual(strained({ memory_usage: 94.9, disk_usage: 94.9 }), [false])
  assert.deepEqual(strained({ memory_usage: 95 }), [true])
  assert.deepEqual(open().strained({ disk_usage: 95 }), [true])
})

test('it stays strained until it was five points below for three samples', () => {
  const { strained } = open()
  const usages = [96, 94, 90, 89, 89, 90, 89, 89, 89].map((memory_usage) => ({ memory_usage }))
  assert.deepEqual(strained(...usages), [true, true, true, true, true, true, true, true, false])
})

test('memory and slowness are too much from where the settings say so', () => {
  const { facts, strained } = open()
  facts.alerts = { ...facts.alerts, memory_percent: { warning: 40, critical: 60 } }
  assert.deepEqual(strained({ memory_usage: 59 }, { memory_usage: 60 }), [false, true])
  const slow = open()
  slow.facts.slowness = { ...SLOW, p95: 4_999 }
  assert.equal(slow.condition.read().strained, false)
  slow.facts.slowness = { ...SLOW, p95: 5_000, count: 19 }
  assert.equal(slow.condition.read().strained, false)
  slow.facts.slowness = { ...SLOW, p95: 5_000 }
  assert.equal(slow.condition.read().strained, true)
})

test('nothing can be written while the disk refuses it', () => {
  const { facts, condition } = open()
  assert.equal(condition.read().writable, true)
  facts.refusal = 'The disk is nearly full.'
  assert.equal(condition.read().writable, false)
})

test('jobs that are due and not taken up for half a minute are a stall; a long queue that moves is none', () => {
  const { clock, facts, condition } = open()
  const pass = (queue: typeof facts.queue, samples: number) => {
    facts.queue = queue
    for (let n = 0; n < samples; n += 1) {
      condition.sample()
      clock.advance(5_000)
    }
    return condition.read().stalled
  }
  assert.equal(pass({ waiting: 900, running: 1 }, 20), false)
  assert.equal(pass({ waiting: 1, running: 0 }, 5), false)
  assert.equal(pass({ waiting: 1, running: 0 }, 1), true)
  assert.equal(pass({ waiting: 0, running: 0 }, 1), false)
})
