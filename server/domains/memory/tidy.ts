import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import { dropEntry, indexEntry } from './keep.ts'
import { memoryStore } from './store.ts'
import type { MemoryTables } from './store.ts'

/** Entries that one sweep takes, so that it never holds the writer for long. */
const SWEEP_MAX = 500
const SWEEP_MS = 60_000
/** Entries that are indexed in one transaction. */
const INDEXED_MAX = 100

/**
 * Removes entries whose time is over: they are never answered, so nothing depends on when this happens. What is pinned
 * stays for as long as it is. Entries of an earlier version get their words as soon as the server has started.
 */
export function openTidying(kernel: Kernel): () => void {
  const stopping = new AbortController()
  let cancel: (() => void) | undefined
  const again = (): void => {
    if (!stopping.signal.aborted) cancel = kernel.clock.after(SWEEP_MS, run)
  }
  const run = (): void => {
    sweep(kernel)
      .catch((error: unknown) => kernel.log.warn('expired memories were not removed', { error }))
      .finally(again)
  }
  again()
  indexAll(kernel, stopping.signal).catch((error: unknown) =>
    kernel.log.warn('memories of an earlier version were not indexed', { error }),
  )
  return () => {
    stopping.abort()
    cancel?.()
  }
}

async function sweep(kernel: Kernel): Promise<void> {
  const first = await memoryStore.expired(kernel.store.reader.tables<MemoryTables>(), kernel.now(), 1)
  if (first.length === 0) return
  await kernel.store.write(async (tx) => {
    const expired = await memoryStore.expired(tx.tables<MemoryTables>(), kernel.now(), SWEEP_MAX)
    const breathe = openTurns(kernel.clock)
    for (const row of expired) {
      await breathe()
      await dropEntry(tx, row)
    }
  })
}

/** Makes the words of all entries that have none yet. */
export async function indexAll({ store }: Pick<Kernel, 'store'>, signal: AbortSignal): Promise<void> {
  const reader = store.reader.tables<MemoryTables>()
  while (!signal.aborted && (await memoryStore.unindexed(reader, 1)).length > 0) {
    if (signal.aborted) return
    await store.write(async (tx: Tx) => {
      for (const row of await memoryStore.unindexed(tx.tables<MemoryTables>(), INDEXED_MAX))
        await indexEntry(tx, row)
    })
  }
}
