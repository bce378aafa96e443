import { system } from '../../../contract/system.ts'
import type { SystemModification } from '../../../contract/system.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import type { Reader, Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import { openAssessing } from './assess.ts'
import type { Assessing } from './assess.ts'
import { isSame, isWhole, toState } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { openLatest } from './latest.ts'
import type { Latest } from './latest.ts'
import { isPossible, openLedger, toModification } from './ledger.ts'
import type { Ledger, Without } from './ledger.ts'
import { openModify } from './modify.ts'
import { asLists, byId } from './entries.ts'
import { revert } from './patch.ts'
import { recordedIn } from './recorded.ts'
import type { Recorded } from './recorded.ts'
import { NOBODY, headMac } from './signed.ts'
import { openStateHash } from './state-hash.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'
import { openRecent, openSummarising } from './summary.ts'
import type { Recent, Summarising } from './summary.ts'
import { openUndo } from './undo.ts'
import type { Undo } from './undo.ts'

export interface Changes extends Pick<Ledger, 'record' | 'rollBack' | 'bringBack'>, Assessing {
  answers: Answers
  /** Notes once up to where an earlier version has made changes, which counted none. */
  begin(): Promise<void>
  /** Says how objects of a kind are read and put back; once for each kind, while the app opens. */
  register(name: string, kind: Kind): void
  /** What the newest changes of a user were, newest first. */
  recent: Recent
  /** Hears of each change in the transaction that makes it. */
  onRecorded(listener: (tx: Tx, change: Pick<ModificationRow, 'id' | 'user_id'>) => void): void
  /** Changes of a user by their ids, oldest first; those that there are. */
  find(user_id: string, ids: readonly string[]): Promise<SystemModification[]>
  /** The configuration changes of a transaction so far, in their order. */
  recordedIn(tx: Tx): readonly Recorded[]
  readonly undo: Undo
  readonly latest: Latest
}

/** The ledger of configuration changes, and the undo list of daily data. */
export function openChanges(kernel: Kernel): Changes {
  const kinds = new Map<string, Kind>()
  const kind = (name: string): Kind => {
    const known = kinds.get(name)
    if (known === undefined) throw new Error(`No kind ${name} is registered.`)
    return known
  }
  const isReadable = (row: ModificationRow): boolean =>
    kinds.has(row.kind) && isWhole(row.before_state) && isWhole(row.after_state)
  const without = openWithout(kind, isReadable)
  const isStanding: Standing = async (db, row) => isPossible(await without(db, row))
  const { assessmentOf, ...assessing } = openAssessing()
  const summarise = openSummarising(kind, isReadable)
  const hash = openStateHash(kinds)
  const listeners: Parameters<Changes['onRecorded']>[0][] = []
  const ledger = openLedger(kernel, {
    kind,
    isReadable,
    without,
    summarise,
    hash,
    assess: assessing.assess,
    assessmentOf,
    recorded: (tx, change) => {
      for (const listen of listeners) listen(tx, change)
    },
  })
  return {
    begin: () => markCounted(kernel),
    record: ledger.record,
    rollBack: ledger.rollBack,
    bringBack: ledger.bringBack,
    ...assessing,
    recordedIn,
    onRecorded: (listener) => listeners.push(listener),
    find: async (user_id, ids) => {
      const { reader } = kernel.store
      const found: SystemModification[] = []
      for (const id of ids.toSorted()) {
        const row = await changeStore.modification(reader.tables<ChangeTables>(), user_id, id)
        if (row !== undefined)
          found.push(toModification(row, await isStanding(reader, row), await summarise(reader, row)))
      }
      return found
    },
    register: (name, registered) => kinds.set(name, registered),
    undo: openUndo(kernel, kind),
    latest: openLatest(kernel, (row) => isStanding(kernel.store.reader, row)),
    recent: openRecent(kernel, summarise),
    answers: {
      ...listing(kernel, { kinds, isStanding, summarise }),
      [system.modify.name]: openModify(kernel, { kinds, summarise, ...assessing }),
      [system.rollback.name]: writes(system.rollback, {
        prepare: ({ user_id }, wanted) => ledger.foresee(user_id, wanted),
        commit: (tx, { user_id }, wanted, foreseen) => {
          for (const one of foreseen) assessing.assessed(tx, one)
          return ledger.rollBack(tx, user_id, wanted, user_id)
        },
      }),
    },
  }
}

/** A database in which anything was counted and that says nothing of this was changed by somebody else: it stays so. */
async function markCounted({ store, keys }: Kernel): Promise<void> {
  if (await changeStore.isCounting(store.reader.tables<ChangeTables>())) return
  await store.write(async (tx) => {
    const db = tx.tables<ChangeTables>()
    const newest = await changeStore.newestId(db)
    const row = { user_id: NOBODY, ordinal: 0, uncounted: newest?.id ?? '' }
    await changeStore.putHead(db, { ...row, mac: headMac(keys, row) })
  })
}

/** Looks at an object as it would be without a change. */
function openWithout(kind: (name: string) => Kind, isReadable: (row: ModificationRow) => boolean): Without {
  return async (db, row, known) => {
    if (!isReadable(row)) return { now: undefined, isGone: false, conflicts: [] }
    const { read, isKept, isFree, checkMixed, lists = [] } = kind(row.kind)
    const { user_id, target } = row
    const now = known === undefined ? await read(db, user_id, target) : known.state
    const [was, became] = [toState(row.before_state), toState(row.after_state)]
    const [before, after, is] = byId([was, became, now], lists)
    // Where nothing came later, lists are as they were, in their order.
    const taken = isSame(now, became) ? { state: was } : revert(is, before, after)
    const reverted = 'state' in taken ? { state: asLists(taken.state, lists) } : taken
    const wanted = 'state' in reverted ? reverted.state : undefined
    const isGone =
      (now === undefined && (await isKept?.(db, user_id, target)) === false) ||
      (wanted !== undefined && (await isFree?.(db, user_id, target, wanted)) === false)
    const isMixed = wanted !== undefined && !isSame(wanted, toState(row.before_state))
    const wrong = isMixed ? await refusalOf(async () => checkMixed?.(db, user_id, target, wanted)) : undefined
    return { now, ...reverted, isGone, ...(wrong && { wrong }) }
  }
}

async function refusalOf(check: () => Promise<void>): Promise<string | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}

type Standing = (db: Pick<Reader, 'tables'>, row: ModificationRow) => Promise<boolean>

/** The answer that lists the changes of a user. */
function listing(
  kernel: Kernel,
  {
    kinds,
    isStanding,
    summarise,
  }: { kinds: ReadonlyMap<string, Kind>; isStanding: Standing; summarise: Summarising },
): Answers {
  return {
    [system.modifications.name]: reads(system.modifications, async ({ user_id }, filter) => {
      const limit = filter.limit ?? LIMIT_DEFAULT
      const before = filter.cursor === undefined ? {} : { before: String(fromCursor(filter.cursor)) }
      const db = kernel.store.reader.tables<ChangeTables>()
      const breathe = openTurns(kernel.clock)
      const { rows: found, isFull } = await readPage(
        limit,
        ({ size }: { id: string; size: number }) => size,
        (last, count) => {
          const place = last === undefined ? before : { before: last.id }
          return changeStore.modifications(db, user_id, { ...filter, ...place, limit: count })
        },
      )
      const { rows, ...next } = toPage(
        found,
        isFull ? found.length : limit,
        (row) => row.id,
        isFull || found.length > limit,
      )
      const modifications: SystemModification[] = []
      for (const { id } of rows) {
        await breathe()
        const row = await changeStore.modification(db, user_id, id)
        const { reader } = kernel.store
        // What the contract has no words for is left out.
        if (row !== undefined && kinds.has(row.kind))
          modifications.push(toModification(row, await isStanding(reader, row), await summarise(reader, row)))
      }
      return { modifications, ...next }
    }),
  }
}
