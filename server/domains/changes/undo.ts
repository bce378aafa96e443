import type { Connection } from '../../kernel/store/connection.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import { isSame, merge, reverse, toState, toText } from './kinds.ts'
import type { Kind, Step } from './kinds.ts'
import { undoStore } from './undo-store.ts'
import type { UndoRow } from './undo-store.ts'

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
  say(tx: Tx, entry: { execution_id: string; user_id: string; text: string }): void
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
    const { connection } = tx
    const done: Step[] = []
    for (const row of undoStore.steps(connection, entry.id)) {
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
    undoStore.markReversed(connection, user_id, entry.id)
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
    say: ({ connection }, { execution_id: id, user_id, text }) =>
      void undoStore.say(connection, { user_id, id, text }),
    note: async (tx, { execution_id, user_id, text }, steps, goesOn = false) => {
      const merged = merge(steps)
      const { connection } = tx
      if (merged.length === 0) return
      if (goesOn && isOpen(connection, user_id, execution_id)) {
        undoStore.say(connection, { user_id, id: execution_id, text })
        await addSteps(kernel, tx, execution_id, merged, undoStore.nextPosition(connection, execution_id))
      } else
        await insert(kernel, tx, { id: execution_id, user_id, text, direction: 'do', undoes: null }, merged)
    },
    undo: async (tx, user_id, execution_id) => {
      const entry =
        execution_id === undefined
          ? undoStore.newestEntry(tx.connection, user_id, 'do')
          : undoStore.entry(tx.connection, user_id, execution_id)
      if (entry === undefined) throw nothing('There is nothing to undo.')
      if (entry.state === 'reversed')
        throw new Fault('ROLLBACK_FAILED', 'This was already undone.', { conflicts: [{ id: entry.id }] })
      return apply(tx, entry)
    },
    redo: async (tx, user_id) => {
      const entry = undoStore.newestEntry(tx.connection, user_id, 'undo')
      const newest = undoStore.newestDeed(tx.connection, user_id)
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
  undoStore.insertEntry(tx.connection, { ...entry, state: 'done', created_at: kernel.now() })
  await addSteps(kernel, tx, entry.id, steps, 0)
  undoStore.prune(tx.connection, entry.user_id, KEPT)
}

/** Adds steps to an entry, the first of them at a position. */
async function addSteps(
  { clock }: Kernel,
  { connection }: Tx,
  entry_id: string,
  steps: readonly Step[],
  from: number,
): Promise<void> {
  const breathe = openTurns(clock)
  for (const [index, step] of steps.entries()) {
    await breathe()
    undoStore.insertStep(connection, { ...toRow(step), entry_id, position: from + index })
  }
}

/** Whether steps can be added to an entry. @throws Fault for one that was undone: nobody could take back what is added. */
function isOpen(connection: Connection, user_id: string, id: string): boolean {
  const entry = undoStore.entry(connection, user_id, id)
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
