import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openGauge } from './gauge.ts'
import type { Machine } from './gauge.ts'

/** A machine of two processors whose counters the test moves. */
function openOn(files: Readonly<Record<string, string>> = {}) {
  const state = { all: 0, own: 0, free: 750, files: { ...files } as Record<string, string> }
  const machine: Machine = {
    file: (path) => state.files[path],
    worked: () => ({ all: state.all, own: state.own, cpus: 2 }),
    memory: () => ({ free: state.free, total: 1_000 }),
  }
  const clock = fakeClock(0)
  return { state, clock, gauge: openGauge(tmpdir(), clock, machine) }
}

test('processor shares are of the whole machine: all that ran, and this process alone', () => {
  const { state, clock, gauge } = openOn()
  clock.advance(2_000)
  Object.assign(state, { all: 3_000, own: 1_000 })
  assert.deepEqual([gauge.read().cpu_usage, gauge.process().cpu_usage], [75, 25])
  clock.advance(999)
  Object.assign(state, { all: 5_000 })
  assert.equal(gauge.read().cpu_usage, 75)
  clock.advance(1)
  assert.equal(gauge.read().cpu_usage, 100)
})

test('where a container may use half a processor, half a processor is all there is', () => {
  const { state, clock, gauge } = openOn({
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/cpu.max': '50000 100000\n',
    '/sys/fs/cgroup/cpu.stat': 'usage_usec 0\n',
    '/sys/fs/cgroup/memory.max': '400\n',
    '/sys/fs/cgroup/memory.current': '300\n',
  })
  clock.advance(1_000)
  Object.assign(state, { all: 2_000, own: 100 })
  state.files['/sys/fs/cgroup/cpu.stat'] = 'usage_usec 200000\n'
  assert.deepEqual([gauge.read().cpu_usage, gauge.process().cpu_usage], [40, 20])
  assert.equal(gauge.read().memory_usage, 75)
})

test('memory is that of the machine where it is scarcer than the bound', () => {
  const { state, gauge } = openOn({
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': '400\n',
    '/sys/fs/cgroup/memory.current': '40\n',
  })
  Object.assign(state, { free: 30 })
  assert.equal(gauge.read().memory_usage, 97)
})

test('what is measured is percent, to a tenth, and really measured', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'paios-gauge-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const clock = fakeClock(0)
  const gauge = openGauge(folder, clock)
  const started = process.cpuUsage()
  while (process.cpuUsage(started).user < 100_000) Math.sqrt(2)
  clock.advance(1_000)
  const resources = gauge.read()
  for (const [name, percent] of Object.entries(resources)) {
    assert.ok(percent >= 0 && percent <= 100, name)
    assert.equal(Math.round(percent * 10) / 10, percent, name)
  }
  assert.ok(resources.memory_usage > 0 && resources.disk_usage > 0)
  const own = gauge.process()
  assert.ok(own.cpu_usage > 0 && own.memory_rss > own.heap_used && own.heap_used > 1e6)
  assert.equal(gauge.diskRefusal(), undefined)
})

test('a data folder that is not there cannot be measured', () => {
  const gauge = openGauge('/no/such/folder', fakeClock(0))
  assert.throws(() => gauge.read(), { code: 'ENOENT' })
})
