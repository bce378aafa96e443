import type { Kysely } from 'kysely'
import type { Migration } from '../../kernel/store/migrate.ts'

/** A sentence and what became of it. `understood` is 0 or 1. */
export interface VoiceCommandRow {
  id: string
  user_id: string
  text: string
  action: string
  target_agent: number | null
  confidence: number
  tier: string
  reason: string
  understood: number
  response: string
  execution_id: string | null
  /** How a sensitive operation ended that it came to, as JSON. */
  outcome: string | null
  /** What led to where it went, as JSON. */
  why: string | null
  created_at: string
}

export interface VoiceTables {
  voice_commands: VoiceCommandRow
  voice_settings: { user_id: string; settings: string }
  /** WAV files of sentences whose user keeps them. */
  voice_recordings: { command_id: string; user_id: string; audio: Uint8Array }
  /** Phrases that wake, as a change keeps them: JSON. */
  wake_phrases: { id: string; user_id: string; state: string }
}
type Db = Kysely<VoiceTables>

export const voiceMigrations: readonly Migration[] = [
  {
    name: 'voice-1',
    statements: [
      `CREATE TABLE voice_commands (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, text TEXT NOT NULL, action TEXT NOT NULL,
        target_agent INTEGER, confidence REAL NOT NULL, tier TEXT NOT NULL, reason TEXT NOT NULL,
        understood INTEGER NOT NULL, response TEXT NOT NULL, execution_id TEXT, created_at TEXT NOT NULL) WITHOUT ROWID`,
      'CREATE INDEX voice_commands_user ON voice_commands (user_id, id)',
      'CREATE TABLE voice_settings (user_id TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID',
    ],
  },
  { name: 'voice-2', statements: ['ALTER TABLE voice_commands ADD COLUMN outcome TEXT'] },
  {
    name: 'voice-3',
    statements: [
      'CREATE TABLE voice_recordings (command_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, audio BLOB NOT NULL)',
      'CREATE INDEX voice_recordings_user ON voice_recordings (user_id)',
    ],
  },
  { name: 'voice-4', statements: ['ALTER TABLE voice_commands ADD COLUMN why TEXT'] },
  {
    name: 'voice-5',
    statements: [
      'CREATE TABLE wake_phrases (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
      'CREATE INDEX wake_phrases_user ON wake_phrases (user_id, id)',
    ],
  },
]

/** UTF-16 units of a sentence that its record keeps. */
export const TEXT_KEPT = 10_000

/** The queries of what was said. */
export const voiceStore = {
  insert: (db: Db, row: VoiceCommandRow) => db.insertInto('voice_commands').values(row).execute(),

  answered: (db: Db, user_id: string, id: string, response: string) =>
    db
      .updateTable('voice_commands')
      .set({ response })
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .execute(),

  /** Once: what was noted first stays. */
  ended: (
    db: Db,
    user_id: string,
    id: string,
    { response, outcome }: { response: string; outcome: string },
  ) =>
    db
      .updateTable('voice_commands')
      .set({ response, outcome })
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .where('outcome', 'is', null)
      .execute(),

  outcome: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('voice_commands')
      .select('outcome')
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  newest(db: Db, user_id: string, { before, limit }: { before: string | undefined; limit: number }) {
    const query = db.selectFrom('voice_commands').selectAll().where('user_id', '=', user_id)
    const page = before === undefined ? query : query.where('id', '<', before)
    return page.orderBy('id', 'desc').limit(limit).execute()
  },

  find: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('voice_commands')
      .select(['text', 'response'])
      .where('user_id', '=', user_id)
      .where('id', '=', id)
      .executeTakeFirst(),

  /** Forgets one sentence, or all; how many there were. Their sounds go with them. */
  async forget(db: Db, user_id: string, id?: string): Promise<number> {
    const sounds = db.deleteFrom('voice_recordings').where('user_id', '=', user_id)
    await (id === undefined ? sounds : sounds.where('command_id', '=', id)).execute()
    const all = db.deleteFrom('voice_commands').where('user_id', '=', user_id)
    const some = id === undefined ? all : all.where('id', '=', id)
    return Number((await some.executeTakeFirstOrThrow()).numDeletedRows)
  },

  keepRecording: (db: Db, row: VoiceTables['voice_recordings']) =>
    db.insertInto('voice_recordings').values(row).execute(),

  recording: (db: Db, user_id: string, id: string) =>
    db
      .selectFrom('voice_recordings')
      .select('audio')
      .where('user_id', '=', user_id)
      .where('command_id', '=', id)
      .executeTakeFirst(),

  /** Which of these sentences have a sound. */
  recorded: (db: Db, user_id: string, ids: readonly string[]) =>
    db
      .selectFrom('voice_recordings')
      .select('command_id')
      .where('user_id', '=', user_id)
      .where('command_id', 'in', ids)
      .execute(),

  /** The last sentence that was about something else than itself. */
  lastOther: (db: Db, user_id: string, action: string) =>
    db
      .selectFrom('voice_commands')
      .selectAll()
      .where('user_id', '=', user_id)
      .where('action', '!=', action)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst(),

  /** Oldest first. */
  wakePhrases: (db: Db, user_id: string) =>
    db.selectFrom('wake_phrases').selectAll().where('user_id', '=', user_id).orderBy('id').execute(),

  addWakePhrase: (db: Db, row: VoiceTables['wake_phrases']) =>
    db.insertInto('wake_phrases').values(row).execute(),

  removeWakePhrase: (db: Db, user_id: string, id: string) =>
    db.deleteFrom('wake_phrases').where('user_id', '=', user_id).where('id', '=', id).execute(),

  settings: (db: Db, user_id: string) =>
    db.selectFrom('voice_settings').select('settings').where('user_id', '=', user_id).executeTakeFirst(),

  saveSettings: (db: Db, user_id: string, settings: string) =>
    db
      .insertInto('voice_settings')
      .values({ user_id, settings })
      .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ settings }))
      .execute(),
}
