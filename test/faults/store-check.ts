import { join } from 'node:path'
import { systemClock } from '../../server/kernel/clock.ts'
import { openStore } from '../../server/kernel/store/open.ts'
import { commitsIn, findHalves, modelMigrations } from './store-model.ts'

/** What the workload claims: that commit `n` was made, seen, or told. */
export interface StoreClaim {
  what: 'write' | 'read' | 'event'
  n: number
}

/** Opens what a power cut left as a start does, and holds it against what was claimed. */
export async function checkStore(root: string, claims: readonly StoreClaim[]): Promise<string[]> {
  const problems: string[] = []
  const { store, unlock } = openStore({
    data_dir: join(root, 'data'),
    migrations: modelMigrations,
    now: new Date().toISOString(),
    clock: systemClock,
    onFatal: (error) => problems.push(`the store failed: ${String(error)}`),
    syncer: () => idleSyncer,
  })
  const { connection } = store.reader
  const commits = commitsIn(connection)
  for (const { what, n } of claims) {
    if (n > commits) problems.push(`lost ${what} ${n}: there are ${commits} commits`)
  }
  const verdict = connection.all('PRAGMA integrity_check', [])[0]?.['integrity_check']
  if (verdict !== 'ok') problems.push(`integrity: ${String(verdict)}`)
  problems.push(...findHalves(connection))
  await store.close()
  unlock()
  return problems
}

/** For looking only: nothing is written that anybody relies on. */
export const idleSyncer = {
  sync: () => Promise.resolve(),
  checkpoint: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
