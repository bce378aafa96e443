import type { Kysely } from 'kysely'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import { isSame, merge, reverse, toState, toText } from './kinds.ts'
import type { Kind, Step } from './kinds.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, UndoRow } from './store.ts'

/** What was taken back: `execution_id` is the entry that did it and can itself be undone. */
export interface Undone {
  execution_id: string
  undone: string
  text: string
}

export interface Undo {
  /** Records what an execution did to daily data, in its transaction. `text` says it in a sentence. */
  note(
    tx: Tx,
    entry: { execution_id: string; user_id: string; text: string },
    steps: readonly Step[],
    /** Whether there are steps of it already, which these follow. @throws Fault when these were undone. */
    goesOn?: boolean,
  ): Promise<void>
  /** Changes what an entry says, if there is one. */
  say(tx: Tx, entry: { execution_id: string; user_id: string; text: string }): Promise<void>
  /** Takes back an entry, or the user's newest. */
  undo(tx: Tx, user_id: string, execution_id?: string): Promise<Undone>
  /** Does again what was undone last, unless something was done since. */
  redo(tx: Tx, user_id: string): Promise<Undone>
}

/** Entries that a user can go back. */
const KEPT = 200

/**
 * Undo and redo of daily data (decision 18): no proof, no configuration. An entry may have thousands of steps, or
 * hundreds of large ones, so that everything that goes through them lets others have a turn.
 */
export function openUndo(kernel: Kernel, kind: (name: string) => Kind): Undo {
  const apply = async (tx: Tx, entry: UndoRow): Promise<Undone> => {
    const breathe = openTurns(kernel.clock)
    const { user_id } = entry
    const db = tx.tables<ChangeTables>()
    const done: Step[] = []
    for (const row of await changeStore.steps(db, entry.id)) {
      await breathe()
      done.push(toStep(row))
    }
    const steps = reverse(merge(done))
    // All is compared before anything is touched: a refused undo leaves no trace in the caller's transaction.
    for (const { kind: name, target, before } of steps) {
      await breathe()
      if (!isSame(await kind(name).read(tx, user_id, target), before)) {
        throw new Fault('ROLLBACK_FAILED', 'Something later has changed the same thing.', {
          conflicts: [{ kind: name, id: target }],
        })
      }
    }
    for (const { kind: name, target, after } of steps) {
      await breathe()
      await kind(name).restore(tx, user_id, target, after)
    }
    await changeStore.markReversed(db, user_id, entry.id)
    const id = kernel.id()
    const direction = entry.direction === 'do' ? 'undo' : 'do'
    await insert(kernel, tx, { id, user_id, text: entry.text, direction, undoes: entry.id }, steps)
    return {
      execution_id: id,
      undone: entry.id,
      text: `${direction === 'undo' ? 'Undone' : 'Done again'}: ${entry.text}`,
    }
  }
  return {
    say: (tx, { execution_id, user_id, text }) =>
      changeStore.sayEntry(tx.tables<ChangeTables>(), user_id, execution_id, text),
    note: async (tx, { execution_id, user_id, text }, steps, goesOn = false) => {
      const merged = merge(steps)
      const db = tx.tables<ChangeTables>()
      if (merged.length === 0) return
      if (goesOn && (await isOpen(db, user_id, execution_id))) {
        await changeStore.sayEntry(db, user_id, execution_id, text)
        await addSteps(kernel, db, execution_id, merged, await changeStore.nextPosition(db, execution_id))
      } else
        await insert(kernel, tx, { id: execution_id, user_id, text, direction: 'do', undoes: null }, merged)
    },
    undo: async (tx, user_id, execution_id) => {
      const db = tx.tables<ChangeTables>()
      const entry =
        execution_id === undefined
          ? await changeStore.newestEntry(db, user_id, 'do')
          : await changeStore.entry(db, user_id, execution_id)
      if (entry === undefined) throw nothing('There is nothing to undo.')
      if (entry.state === 'reversed')
        throw new Fault('ROLLBACK_FAILED', 'This was already undone.', { conflicts: [{ id: entry.id }] })
      return apply(tx, entry)
    },
    redo: async (tx, user_id) => {
      const db = tx.tables<ChangeTables>()
      const entry = await changeStore.newestEntry(db, user_id, 'undo')
      const newest = await changeStore.newestDeed(db, user_id)
      const overtaken = entry !== undefined && newest !== undefined && newest.seq > entry.seq
      if (entry === undefined || overtaken) throw nothing('There is nothing to do again.')
      return apply(tx, entry)
    },
  }
}

async function insert(
  kernel: Kernel,
  tx: Tx,
  entry: Omit<UndoRow, 'seq' | 'created_at' | 'state'>,
  steps: readonly Step[],
): Promise<void> {
  const db = tx.tables<ChangeTables>()
  await changeStore.insertEntry(db, { ...entry, state: 'done', created_at: kernel.now() })
  await addSteps(kernel, db, entry.id, steps, 0)
  await changeStore.prune(db, entry.user_id, KEPT)
}

/** Adds steps to an entry, the first of them at a position. */
async function addSteps(
  { clock }: Kernel,
  db: Kysely<ChangeTables>,
  entry_id: string,
  steps: readonly Step[],
  from: number,
): Promise<void> {
  const breathe = openTurns(clock)
  for (const [index, step] of steps.entries()) {
    await breathe()
    await changeStore.insertStep(db, { ...toRow(step), entry_id, position: from + index })
  }
}

/** Whether steps can be added to an entry. @throws Fault for one that was undone: nobody could take back what is added. */
async function isOpen(db: Kysely<ChangeTables>, user_id: string, id: string): Promise<boolean> {
  const entry = await changeStore.entry(db, user_id, id)
  if (entry?.state === 'reversed') throw new Fault('ROLLBACK_FAILED', 'It was undone meanwhile.')
  return entry !== undefined
}

function nothing(message: string): Fault {
  return new Fault('VALIDATION_ERROR', message, undefined, { status: 404 })
}

function toRow({ kind, target, before, after }: Step) {
  return { kind, target, before_state: toText(before), after_state: toText(after) }
}

function toStep(row: {
  kind: string
  target: string
  before_state: string | null
  after_state: string | null
}): Step {
  return {
    kind: row.kind,
    target: row.target,
    before: toState(row.before_state),
    after: toState(row.after_state),
  }
}
