import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../server/kernel/clock.ts'
import { Events } from '../../server/kernel/events.ts'
import { openStore } from '../../server/kernel/store/open.ts'
import { openBrokenSyncer } from './broken.ts'
import type { Defect } from './broken.ts'
import { openChance } from './chance.ts'
import type { StoreClaim } from './store-check.ts'
import { addCommit, commitsIn, modelMigrations } from './store-model.ts'

/**
 * Writes, reads and listens on a store, and claims what it may: that commits were made, that a reader saw so many, that
 * an event was delivered. Words: folder, seed, defect, commits a session. Two sessions follow each other, so that the
 * write-ahead log is made anew in between.
 */
const [root = '', seed = '0', defect = 'none', commits = '300'] = process.argv.slice(2)
const WRITERS = 16
const READERS = 4
const chance = openChance(Number(seed))
const claims = openSync(join(root, 'claims'), 'a', 0o600)
const claim = (what: StoreClaim['what'], n: number): void => {
  writeSync(claims, `${JSON.stringify({ what, n } satisfies StoreClaim)}\n`)
}
const syncer = openBrokenSyncer(defect as Defect)

/** Writers arrive at random, so that syncs begin with every number of commits. */
function arrival(): Promise<unknown> {
  if (chance.hits(0.3)) return nextTurn()
  return chance.hits(0.6) ? pause(chance.below(3)) : Promise.resolve()
}

async function session(): Promise<void> {
  const { store, unlock } = openStore({
    data_dir: join(root, 'data'),
    migrations: modelMigrations,
    now: new Date().toISOString(),
    clock: systemClock,
    onFatal: (error) => {
      throw error
    },
    syncer,
  })
  const events = new Events(store, systemClock)
  if (defect !== 'hasty-events') events.hear(({ seq }) => claim('event', seq))
  let left = Number(commits)
  const writing = new Set<number>()
  const writer = async (_: unknown, number: number): Promise<void> => {
    writing.add(number)
    for (; left > 0; left -= 1) {
      await arrival()
      const n = await store.write((tx) => {
        const added = addCommit(tx)
        events.tell(tx, 'agent:error', 'user', { agent_id: '', error: '', context: { n: added } })
        if (defect === 'hasty-events') tx.afterCommit(() => claim('event', added))
        return Promise.resolve(added)
      })
      await store.settled()
      claim('write', n)
    }
    writing.delete(number)
  }
  const reader = async (): Promise<void> => {
    while (writing.size > 0) {
      await pause(chance.below(6))
      const n = commitsIn(store.reader.connection)
      if (defect !== 'hasty-reader') await store.settled()
      claim('read', n)
    }
  }
  await Promise.all([...Array.from({ length: WRITERS }, writer), ...Array.from({ length: READERS }, reader)])
  await store.close()
  unlock()
}

await session()
await session()
process.exit(0)
