import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '../../../test/clock.ts'
import { openBounds } from './cgroup.ts'
import type { ReadFile } from './cgroup.ts'

const from = (files: Readonly<Record<string, string>>) => (path: string) => files[path]
const cpuBound = (read: ReadFile) => openBounds(read, fakeClock(0)).cpu()
const memoryBound = (read: ReadFile) => openBounds(read, fakeClock(0)).memory()
const MB = 1_048_576
const NONE_1 = '9223372036854771712\n'

test('version 2: the bounds of the container, without the files that are only kept to spare reading them', () => {
  const read = from({
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/cpu.max': '50000 100000\n',
    '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\nuser_usec 2000000\n',
    '/sys/fs/cgroup/memory.max': `${512 * MB}\n`,
    '/sys/fs/cgroup/memory.current': `${300 * MB}\n`,
    '/sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${100 * MB}\nactive_file 7\n`,
  })
  assert.deepEqual(cpuBound(read), { used_ms: 2_500, cpus: 0.5 })
  assert.deepEqual(memoryBound(read), { used: 200 * MB, limit: 512 * MB })
})

test('version 1: the same from its own files, of controllers in folders of their own', () => {
  const read = from({
    '/proc/self/cgroup': '5:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n0::/docker/abc\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '150000\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    '/sys/fs/cgroup/cpuacct/cpuacct.usage': '7000000000\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * MB}\n`,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${200 * MB}\n`,
    '/sys/fs/cgroup/memory/memory.stat': `inactive_file 5\ntotal_inactive_file ${50 * MB}\n`,
  })
  assert.deepEqual(cpuBound(read), { used_ms: 7_000, cpus: 1.5 })
  assert.deepEqual(memoryBound(read), { used: 150 * MB, limit: 256 * MB })
})

test('a bound of a slice above holds too: the one that leaves less is the one that counts', () => {
  const read = from({
    '/proc/self/cgroup': '0::/user.slice/paios.service\n',
    '/sys/fs/cgroup/user.slice/paios.service/cpu.max': '400000 100000\n',
    '/sys/fs/cgroup/user.slice/paios.service/cpu.stat': 'usage_usec 1000\n',
    '/sys/fs/cgroup/user.slice/cpu.max': '200000 100000\n',
    '/sys/fs/cgroup/user.slice/cpu.stat': 'usage_usec 9000\n',
    '/sys/fs/cgroup/user.slice/paios.service/memory.max': `${400 * MB}\n`,
    '/sys/fs/cgroup/user.slice/paios.service/memory.current': `${100 * MB}\n`,
    '/sys/fs/cgroup/user.slice/memory.max': `${1_000 * MB}\n`,
    '/sys/fs/cgroup/user.slice/memory.current': `${990 * MB}\n`,
  })
  assert.deepEqual(cpuBound(read), { used_ms: 9, cpus: 2 })
  assert.deepEqual(memoryBound(read), { used: 990 * MB, limit: 1_000 * MB })
})

test('without a bound, or without control groups, there is nothing', () => {
  const free = from({
    '/proc/self/cgroup': '4:memory:/\n1:cpu:/\n0::/\n',
    '/sys/fs/cgroup/cpu.max': 'max 100000\n',
    '/sys/fs/cgroup/cpu.stat': 'usage_usec 1\n',
    '/sys/fs/cgroup/memory.max': 'max\n',
    '/sys/fs/cgroup/memory.current': '5\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': NONE_1,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5\n',
  })
  assert.deepEqual([cpuBound(free), memoryBound(free)], [undefined, undefined])
  assert.deepEqual([cpuBound(from({})), memoryBound(from({}))], [undefined, undefined])
  const broken = from({ '/proc/self/cgroup': '0::/a\n', '/sys/fs/cgroup/a/memory.max': 'nonsense' })
  assert.deepEqual([cpuBound(broken), memoryBound(broken)], [undefined, undefined])
})

test('where there is no bound, files are looked for once a minute; a bound that is set is found then', () => {
  const files: Record<string, string> = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': 'max\n',
  }
  let looks = 0
  const clock = fakeClock(0)
  const bounds = openBounds((path) => ((looks += 1), files[path]), clock)
  assert.equal(bounds.memory(), undefined)
  const first = looks
  clock.advance(59_999)
  for (let n = 0; n < 100; n += 1) assert.deepEqual([bounds.memory(), bounds.cpu()], [undefined, undefined])
  assert.equal(looks, first)
  Object.assign(files, { '/sys/fs/cgroup/memory.max': '100\n', '/sys/fs/cgroup/memory.current': '40\n' })
  clock.advance(1)
  assert.deepEqual(bounds.memory(), { limit: 100, used: 40 })
  files['/sys/fs/cgroup/memory.current'] = '50\n'
  assert.deepEqual(bounds.memory(), { limit: 100, used: 50 })
})
