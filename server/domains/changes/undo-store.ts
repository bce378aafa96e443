import type { Connection } from '../../kernel/store/connection.ts'
import { hot } from '../../kernel/store/dialect.ts'

/** What an action did to daily data, or took back. `undoes` names the entry that this one reversed. */
export interface UndoRow {
  /** Order of the doing: ids tell when something was asked for. */
  seq: number
  id: string
  user_id: string
  text: string
  direction: 'do' | 'undo'
  undoes: string | null
  state: 'done' | 'reversed'
  created_at: string
}

/** One object that an entry touched, in the order of the touching. */
export interface UndoStepRow {
  entry_id: string
  position: number
  kind: string
  target: string
  before_state: string | null
  after_state: string | null
}

export interface UndoTables {
  undo_entries: UndoRow
  undo_steps: UndoStepRow
}
type Name = Pick<UndoRow, 'user_id' | 'id'>

const entry = hot<UndoTables, Name, UndoRow>((db, value) =>
  db
    .selectFrom('undo_entries')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)
const newestEntry = hot<UndoTables, Pick<UndoRow, 'user_id' | 'direction'>, UndoRow>((db, value) =>
  db
    .selectFrom('undo_entries')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('state', '=', 'done')
    .where('direction', '=', value('direction'))
    .orderBy('seq', 'desc')
    .limit(1),
)
const newestDeed = hot<UndoTables, Pick<UndoRow, 'user_id'>, UndoRow>((db, value) =>
  db
    .selectFrom('undo_entries')
    .selectAll()
    .where('user_id', '=', value('user_id'))
    .where('direction', '=', 'do')
    .where('undoes', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1),
)
const insertEntry = hot<UndoTables, Omit<UndoRow, 'seq'>>((db, value) =>
  db.insertInto('undo_entries').values({
    id: value('id'),
    user_id: value('user_id'),
    text: value('text'),
    direction: value('direction'),
    undoes: value('undoes'),
    state: value('state'),
    created_at: value('created_at'),
  } as never),
)
const say = hot<UndoTables, Name & Pick<UndoRow, 'text'>>((db, value) =>
  db
    .updateTable('undo_entries')
    .set({ text: value('text') })
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)
const markReversed = hot<UndoTables, Name>((db, value) =>
  db
    .updateTable('undo_entries')
    .set({ state: 'reversed' })
    .where('user_id', '=', value('user_id'))
    .where('id', '=', value('id')),
)
const prune = hot<UndoTables, { user_id: string; before: number }>((db, value) =>
  db
    .deleteFrom('undo_entries')
    .where('user_id', '=', value('user_id'))
    .where('seq', '<', (eb) =>
      eb
        .selectFrom('undo_entries')
        .select('seq')
        .where('user_id', '=', value('user_id'))
        .orderBy('seq', 'desc')
        .offset(value('before'))
        .limit(1),
    ),
)
const steps = hot<UndoTables, Pick<UndoStepRow, 'entry_id'>, UndoStepRow>((db, value) =>
  db.selectFrom('undo_steps').selectAll().where('entry_id', '=', value('entry_id')).orderBy('position'),
)
const insertStep = hot<UndoTables, UndoStepRow>((db, value) =>
  db.insertInto('undo_steps').values({
    entry_id: value('entry_id'),
    position: value('position'),
    kind: value('kind'),
    target: value('target'),
    before_state: value('before_state'),
    after_state: value('after_state'),
  }),
)
const lastPosition = hot<UndoTables, Pick<UndoStepRow, 'entry_id'>, Pick<UndoStepRow, 'position'>>(
  (db, value) =>
    db
      .selectFrom('undo_steps')
      .select('position')
      .where('entry_id', '=', value('entry_id'))
      .orderBy('position', 'desc')
      .limit(1),
)

/** The queries of undo entries. */
export const undoStore = {
  entry: (connection: Connection, user_id: string, id: string): UndoRow | undefined =>
    entry.all(connection, { user_id, id })[0],
  /** The newest that was not taken back. */
  newestEntry: (
    connection: Connection,
    user_id: string,
    direction: UndoRow['direction'],
  ): UndoRow | undefined => newestEntry.all(connection, { user_id, direction })[0],
  /** The newest thing that was done and not only done again, whether or not it was undone since. */
  newestDeed: (connection: Connection, user_id: string): UndoRow | undefined =>
    newestDeed.all(connection, { user_id })[0],
  insertEntry: (connection: Connection, row: Omit<UndoRow, 'seq'>) => insertEntry.run(connection, row),
  say: (connection: Connection, row: Name & Pick<UndoRow, 'text'>) => say.run(connection, row),
  markReversed: (connection: Connection, user_id: string, id: string) =>
    markReversed.run(connection, { user_id, id }),
  /** Forgets the entries of a user before the newest `kept`. */
  prune: (connection: Connection, user_id: string, kept: number) =>
    prune.run(connection, { user_id, before: kept - 1 }),

  steps: (connection: Connection, entry_id: string) => steps.all(connection, { entry_id }),
  insertStep: (connection: Connection, row: UndoStepRow) => insertStep.run(connection, row),
  /** The position after the last step of an entry. */
  nextPosition: (connection: Connection, entry_id: string): number =>
    (lastPosition.all(connection, { entry_id })[0]?.position ?? -1) + 1,
}
