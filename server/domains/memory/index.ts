import type { Memory, MemorySource } from '../../../contract/agents.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { Changes } from '../changes/index.ts'
import type { State, Step } from '../changes/kinds.ts'
import { bringEntry } from './bring.ts'
import type { Brought, BroughtIn } from './bring.ts'
import { checkInstruction, toMemory, toRow, toState } from './entry.ts'
import { dropEntry, editEntry, keepEntry, needEntry, putEntry } from './keep.ts'
import type { Change, Given, Moment } from './keep.ts'
import { openQueries, utcTime } from './query.ts'
import type { Queries } from './query.ts'
import { openRecords } from './records.ts'
import type { Records } from './records.ts'
import type { Ranker } from './search.ts'
import { memoryStore } from './store.ts'
import type { MemoryRow, MemoryTables, Owner } from './store.ts'
import { openTidying } from './tidy.ts'

/** Whose memory, and under which number clients know the agent. */
export interface NumberedOwner extends Owner {
  agent_number: number
}

/** What is to be forgotten; all that is given must fit. Times ISO-8601. */
export interface ForgetFilter {
  memory_type?: string | undefined
  tags?: string[] | undefined
  /** Only entries that were stored earlier. */
  before?: string | undefined
  trust?: MemoryRow['trust'] | undefined
  include_pinned?: boolean | undefined
}

export type { RecordRow } from './store.ts'

export interface Memories extends Queries, Records {
  /** Stores an entry for a client, or refreshes the one that says the same. `ttl` in seconds. */
  store(tx: Tx, owner: NumberedOwner, entry: Given & { source: MemorySource }): Promise<Memory>
  /** Changes an entry; the steps are what an undo needs. */
  edit(
    tx: Tx,
    owner: NumberedOwner,
    memory_id: string,
    change: Change,
    source: MemorySource,
  ): Promise<{ entry: Memory; steps: Step[] }>
  forgetOne(tx: Tx, owner: NumberedOwner, memory_id: string): Promise<Step[]>
  /**
   * Adds an entry that comes from elsewhere, as it was there but for its ids. Answers nothing when it is there already, or
   * its time is over.
   */
  bring(tx: Tx, owner: Owner, entry: Brought): Promise<BroughtIn | undefined>
  /** Forgets at most 500 entries, the oldest first. What is pinned stays unless it is asked for. */
  forgetWhere(tx: Tx, owner: NumberedOwner, filter: ForgetFilter): Promise<Step[]>
  /** Ends what it does by itself. */
  close(): void
  /** Removes what the search keeps of a user, before the rows of the user go. */
  forget(tx: Tx, user_id: string): Promise<void>
}

export interface MemoryOptions {
  /** Reorders what a search finds; the words alone decide without one. */
  ranker?: Ranker | undefined
  /** Entries that one agent may have. */
  entries_max?: number | undefined
}

/** Entries that are forgotten in one transaction, and those of them that are read at once: each may be large. */
const FORGOTTEN_MAX = 500
const READ_MAX = 50

/** What agents remember, and the documents of their skills. */
export function openMemory(
  kernel: Kernel,
  { changes, ranker, entries_max }: { changes: Changes } & MemoryOptions,
): Memories {
  changes.register('memory', {
    read: async (db, user_id, id) =>
      toState(await memoryStore.findOf(db.tables<MemoryTables>(), user_id, id)),
    restore: restoreMemory,
  })
  /** What every write needs to know, and the steps that it leaves. */
  const begin = ({ user_id, agent_id }: Owner, source: MemorySource): Moment & { steps: Step[] } => {
    const steps: Step[] = []
    const changed: Moment['changed'] = (before, after) => {
      const target = before?.id ?? after?.id ?? ''
      steps.push({ kind: 'memory', target, before: toState(before), after: toState(after) })
    }
    const owner = { user_id, agent_id }
    return { owner, source, now: kernel.clock.now(), id: kernel.id, changed, entries_max, steps }
  }
  return {
    ...openQueries(kernel, ranker),
    ...openRecords(kernel, changes),
    close: openTidying(kernel),
    forget: (tx, user_id) => memoryStore.forgetWords(tx.tables<MemoryTables>(), user_id),
    store: async (tx, owner, { source, ...given }) =>
      toMemory(await keepEntry(tx, begin(owner, source), given), owner.agent_number),
    bring: (tx, owner, entry) => bringEntry(tx, begin(owner, entry.source), entry),
    edit: async (tx, owner, memory_id, change, source) => {
      const moment = begin(owner, source)
      const entry = toMemory(await editEntry(tx, moment, memory_id, change), owner.agent_number)
      return { entry, steps: moment.steps }
    },
    forgetOne: async (tx, owner, memory_id) => {
      const moment = begin(owner, { kind: 'user' })
      const row = await needEntry(tx.tables<MemoryTables>(), moment, memory_id)
      await dropEntry(tx, row)
      moment.changed(row, undefined)
      return moment.steps
    },
    forgetWhere: async (tx, owner, filter) => {
      const moment = begin(owner, { kind: 'user' })
      await forgetMatching(kernel, tx, moment, filter)
      return moment.steps
    },
  }
}

/** Forgets what a filter names, and lets others have a turn meanwhile. */
async function forgetMatching(
  kernel: Kernel,
  tx: Tx,
  { owner, changed }: Moment,
  filter: ForgetFilter,
): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const scope = await memoryStore.scope(db, owner)
  if (scope === undefined) return
  const before = filter.before === undefined ? undefined : utcTime(filter.before)
  const breathe = openTurns(kernel.clock)
  for (let left = FORGOTTEN_MAX; left > 0; left -= READ_MAX) {
    // What was forgotten is found no more, so that the same question finds what comes next.
    const found = await memoryStore.forgettable(db, scope, {
      ...filter,
      before,
      now: kernel.now(),
      limit: READ_MAX,
    })
    for (const row of found) {
      await breathe()
      await dropEntry(tx, row)
      changed(row, undefined)
    }
    if (found.length < READ_MAX) return
  }
}

/** Puts an entry back as it was. @throws Fault `UNAUTHORIZED` when it would be an instruction of somebody else. */
async function restoreMemory(tx: Tx, user_id: string, id: string, state: State | undefined): Promise<void> {
  const db = tx.tables<MemoryTables>()
  const row = await memoryStore.findOf(db, user_id, id)
  if (row !== undefined) await dropEntry(tx, row)
  if (state === undefined) return
  const restored = toRow(state as unknown as MemoryRow)
  if (restored.user_id !== user_id) throw new Fault('ROLLBACK_FAILED', 'The entry belongs to somebody else.')
  checkInstruction(restored)
  await putEntry(tx, memoryStore.openScope(tx.connection, restored), restored)
}
