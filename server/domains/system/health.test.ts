import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { healthOf, openGauge } from './health.ts'

const WELL = {
  writable: true,
  agents_in_error: 0,
  resources: { cpu_usage: 100, memory_usage: 94.9, disk_usage: 94.9 },
  services_offline: 0,
}

test('a server is healthy below the thresholds, however busy its processor is', () => {
  assert.equal(healthOf(WELL), 'healthy')
})

test('a server is degraded when anything wants attention, and unhealthy when nothing can be written', () => {
  const { resources } = WELL
  const wanting = [
    { agents_in_error: 1 },
    { services_offline: 1 },
    { resources: { ...resources, memory_usage: 95 } },
    { resources: { ...resources, disk_usage: 95 } },
  ]
  for (const facts of wanting)
    assert.equal(healthOf({ ...WELL, ...facts }), 'degraded', JSON.stringify(facts))
  assert.equal(healthOf({ ...WELL, writable: false }), 'unhealthy')
  assert.equal(healthOf({ ...WELL, writable: false, agents_in_error: 1 }), 'unhealthy')
})

test('what is measured is percent, to a tenth, and really measured', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'paios-gauge-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  const clock = fakeClock(0)
  const gauge = openGauge(folder, clock)
  for (let turn = 0, sum = 0; turn < 5e6; turn += 1) sum += turn
  clock.advance(1_000)
  const resources = gauge.read()
  for (const [name, percent] of Object.entries(resources)) {
    assert.ok(percent >= 0 && percent <= 100, name)
    assert.equal(Math.round(percent * 10) / 10, percent, name)
  }
  assert.ok(resources.memory_usage > 0 && resources.disk_usage > 0)
  assert.equal(gauge.read().cpu_usage, resources.cpu_usage)
  assert.equal(gauge.diskRefusal(), undefined)
})

test('a data folder that is not there cannot be measured', () => {
  const gauge = openGauge('/no/such/folder', fakeClock(0))
  assert.throws(() => gauge.read(), { code: 'ENOENT' })
})
