import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { Audit } from './audit.ts'
import { checkpointsPath } from './audit/checkpoints.ts'
import { auditMigrations } from './audit/store.ts'
import type { AuditLine } from './audit.ts'
import { seededRandom } from '../../test/clock.ts'
import { openRootKey } from './crypto.ts'
import { openLog } from './log.ts'
import { START, openTestStore, turn } from './rig.ts'

const WAITING_MAX = 10_000

function openAudit(t: TestContext) {
  const disk: { full: string | undefined } = { full: undefined }
  const opened = openTestStore(t, { migrations: auditMigrations, refuseWrites: () => disk.full })
  const logged: string[] = []
  const log = openLog('debug', opened.clock, (text) => logged.push(text))
  const { store, clock, data_dir } = opened
  const keys = openRootKey({ key_file: join(data_dir, 'root.key') }, seededRandom(1))
  const checkpoints_path = checkpointsPath(data_dir)
  const audit = new Audit({ store, clock, log, keys, checkpoints_path, instance: () => 'test' })
  const written = () =>
    opened.rows('SELECT request_id FROM audit ORDER BY seq').map((row) => row['request_id'])
  return { ...opened, audit, disk, logged, written }
}

function line(request_id: string, changed: Partial<AuditLine> = {}): AuditLine {
  return {
    request_id,
    actor: 'ann',
    session_id: null,
    transport: 'http',
    operation: 'agents.list',
    target: null,
    status: 200,
    outcome: 'ok',
    ip: '127.0.0.1',
    counted: 0,
    duration_ms: 1.5,
    ...changed,
  }
}

test('lines of calls without an effect are written together, within 10 ms, with the time of their call', async (t) => {
  const { audit, clock, store, written, rows } = openAudit(t)
  audit.note(line('a'))
  clock.advance(4)
  audit.note(line('b', { actor: null, target: 't', session_id: 's' }))
  clock.advance(5)
  await turn()
  assert.deepEqual(written(), [])
  clock.advance(1)
  await turn()
  assert.deepEqual([written(), store.progress.committed], [['a', 'b'], 1])
  const [, second] = rows('SELECT * FROM audit ORDER BY seq')
  const time = new Date(START + 4).toISOString()
  const whole = {
    ...line('b', { actor: null, target: 't', session_id: 's' }),
    time,
    seq: 2,
    mac: second?.['mac'],
  }
  assert.deepEqual(second, whole)
})

test('a line in a transaction is kept with its effect or not at all', async (t) => {
  const { audit, store, written } = openAudit(t)
  const work = (id: string, end: Promise<void>) =>
    store.write((tx) => {
      audit.write(tx, line(id))
      return end
    })
  await work('kept', Promise.resolve())
  await assert.rejects(work('gone', Promise.reject(new Error('no'))))
  assert.deepEqual(written(), ['kept'])
})

test('lines that a full disk refuses are written in their order once it has room, without another call', async (t) => {
  const { audit, clock, disk, written, logged } = openAudit(t)
  disk.full = 'The disk is full.'
  audit.note(line('a'))
  clock.advance(10)
  await turn()
  audit.note(line('b'))
  clock.advance(1_000)
  await turn()
  assert.deepEqual([written(), logged.length], [[], 2])
  disk.full = undefined
  clock.advance(999)
  await turn()
  assert.deepEqual(written(), [])
  clock.advance(1)
  await turn()
  assert.deepEqual(written(), ['a', 'b'])
})

test('two flushes that fail together do not change the order', async (t) => {
  const { audit, disk, written } = openAudit(t)
  disk.full = 'The disk is full.'
  audit.note(line('a'))
  const first = audit.flush()
  audit.note(line('b'))
  await Promise.all([first, audit.flush()])
  disk.full = undefined
  await audit.flush()
  await audit.flush()
  assert.deepEqual(written(), ['a', 'b'])
})

test('flushing waits for what is being written', async (t) => {
  const { audit, written } = openAudit(t)
  audit.note(line('a'))
  void audit.flush()
  await audit.flush()
  assert.deepEqual(written(), ['a'])
})

test('calls are refused while too many lines wait, and admitted again without a restart', async (t) => {
  const { audit, clock, disk, written } = openAudit(t)
  disk.full = 'The disk is full.'
  for (let n = 0; n < WAITING_MAX; n += 1) {
    audit.admit()
    audit.note(line(`${n}`))
  }
  assert.throws(() => audit.admit(), { name: 'SYSTEM_OVERLOADED', code: 'SYSTEM_001', status: 503 })
  clock.advance(10)
  await turn()
  assert.throws(() => audit.admit(), { code: 'SYSTEM_001' })
  disk.full = undefined
  clock.advance(1_000)
  await turn()
  audit.admit()
  assert.equal(written().length, WAITING_MAX)
})

test('refusals for want of room do not fill the memory', async (t) => {
  const { audit, clock, disk, written } = openAudit(t)
  disk.full = 'The disk is full.'
  for (let n = 0; n < 5 * WAITING_MAX; n += 1) audit.note(line('x'))
  clock.advance(10)
  await turn()
  disk.full = undefined
  clock.advance(1_000)
  await turn()
  assert.equal(written().length, 2 * WAITING_MAX)
})

test('closing writes what waits; what comes after it sets no timer any more', async (t) => {
  const { audit, clock, written, close, logged } = openAudit(t)
  audit.note(line('a'))
  await audit.close()
  assert.deepEqual(written(), ['a'])
  await close()
  audit.note(line('late'))
  clock.advance(60_000)
  await turn()
  assert.deepEqual(logged, [])
})

test('closing while the disk is full ends, and says what was lost', async (t) => {
  const { audit, clock, disk, logged } = openAudit(t)
  disk.full = 'The disk is full.'
  audit.note(line('a'))
  await audit.close()
  clock.advance(60_000)
  await turn()
  assert.equal(logged.length, 1)
  assert.match(logged[0] ?? '', /"lines":1/)
})
