import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Events } from '../../server/kernel/events.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import { openStore } from '../../server/kernel/store/open.ts'
import { fakeClock } from '../clock.ts'
import { checkStore, idleSyncer } from './store-check.ts'
import { addCommit, modelMigrations } from './store-model.ts'

const COMMITS = 50
const folder = mkdtempSync(join(tmpdir(), 'paios-store-check-'))
const root = join(folder, 'whole')
after(() => rmSync(folder, { recursive: true }))

before(async () => {
  const clock = fakeClock(0)
  const { store, unlock } = openStore({
    data_dir: join(root, 'data'),
    migrations: modelMigrations,
    now: new Date(0).toISOString(),
    clock,
    onFatal: (error) => assert.fail(String(error)),
    syncer: () => idleSyncer,
  })
  const events = new Events(store, clock)
  for (let number = 0; number < COMMITS; number += 1) {
    await store.write((tx) => {
      const n = addCommit(tx)
      events.tell(tx, 'agent:error', 'user', { agent_id: '', error: '', context: { n } })
      return Promise.resolve()
    })
  }
  await store.close()
  unlock()
})

test('a commit counts as lost exactly when it comes after the last', async () => {
  for (const what of ['write', 'read', 'event'] as const) {
    assert.deepEqual(await checkStore(root, [{ what, n: COMMITS }]), [])
    const lost = `lost ${what} ${COMMITS + 1}: there are ${COMMITS} commits`
    assert.deepEqual(await checkStore(root, [{ what, n: COMMITS + 1 }]), [lost])
  }
})

/** Each takes a part of some commit away, or changes it. */
const DAMAGES = {
  'DELETE FROM entries WHERE n = 7': /^49 entries after 50 commits/,
  'UPDATE entries SET n = 99 WHERE n = 50': /^entry 50 is wrong/,
  "UPDATE entries SET body = body || ' ' WHERE n = 3": /^entry 3 is wrong/,
  'DELETE FROM slots WHERE slot = 9': /slots are taken instead of/,
  'UPDATE slots SET n = n - 40 WHERE slot = 9': /^slot 9 is wrong/,
  'UPDATE totals SET bytes = bytes - 1': /bytes are counted instead of/,
  'UPDATE totals SET commits = commits - 1': /^50 entries after 49 commits/,
  'DELETE FROM events WHERE seq = 20': /^49 events, the last 50, after 50 commits/,
  'UPDATE event_counters SET seq = 49': /^the counter of events is 49 after 50 commits/,
}

test('a commit of which any part is missing is found', async () => {
  for (const [damage, expected] of Object.entries(DAMAGES)) {
    const copy = join(folder, 'damaged')
    cpSync(root, copy, { recursive: true })
    const connection = openConnection(join(copy, 'data', 'paios.sqlite'), { synchronous: 'NORMAL' })
    connection.exec(damage)
    connection.close()
    assert.match((await checkStore(copy, []))[0] ?? 'nothing', expected)
    rmSync(copy, { recursive: true })
  }
})
