/** Whether a JSON content is one that an import wrote before entries had a source of their own. */
const isImport = (type: string, content: string) =>
  `${type} = 'imported' AND json_extract(${content}, '$.trust') = 'untrusted'`

/** A state that the undo list keeps, with the fields that entries have since. */
function upgraded(state: string): string {
  const type = `json_extract(${state}, '$.memory_type')`
  const content = `json_extract(${state}, '$.content')`
  const imported = isImport(type, content)
  return `json_set(json_remove(${state}, '$.text'),
    '$.updated_at', json_extract(${state}, '$.created_at'),
    '$.source_kind', CASE WHEN ${imported} THEN 'import' ELSE 'user' END,
    '$.source_name', CASE WHEN ${imported} THEN json_extract(${content}, '$.source') END,
    '$.trust', CASE WHEN ${imported} THEN 'untrusted' ELSE 'trusted' END,
    '$.pinned', 0, '$.superseded_by', NULL)`
}

/**
 * Gives entries their provenance and the memory of each agent its own words. The words themselves cannot be made here:
 * `words` stays NULL until the server has indexed an entry, right after it has started.
 */
export const upgrade: readonly string[] = [
  `CREATE TABLE memory_scopes (scope INTEGER PRIMARY KEY AUTOINCREMENT, user_id TEXT NOT NULL, agent_id TEXT NOT NULL,
    entries INTEGER NOT NULL, words INTEGER NOT NULL, UNIQUE (user_id, agent_id))`,
  `INSERT INTO memory_scopes (user_id, agent_id, entries, words)
    SELECT user_id, agent_id, count(*), 0 FROM memories GROUP BY user_id, agent_id`,
  'ALTER TABLE memories ADD COLUMN scope INTEGER NOT NULL DEFAULT 0',
  "ALTER TABLE memories ADD COLUMN updated_at TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE memories ADD COLUMN source_kind TEXT NOT NULL DEFAULT 'user'",
  'ALTER TABLE memories ADD COLUMN source_name TEXT',
  "ALTER TABLE memories ADD COLUMN trust TEXT NOT NULL DEFAULT 'trusted'",
  'ALTER TABLE memories ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE memories ADD COLUMN superseded_by TEXT',
  'ALTER TABLE memories ADD COLUMN digest TEXT',
  'ALTER TABLE memories ADD COLUMN words INTEGER',
  `UPDATE memories SET updated_at = created_at, text = '', scope = (SELECT s.scope FROM memory_scopes s
    WHERE s.user_id = memories.user_id AND s.agent_id = memories.agent_id)`,
  `UPDATE memories SET source_kind = 'import', source_name = json_extract(content, '$.source'), trust = 'untrusted'
    WHERE ${isImport('memory_type', 'content')}`,
  `UPDATE undo_steps SET before_state = ${upgraded('before_state')}, after_state = ${upgraded('after_state')}
    WHERE kind = 'memory'`,
  'DROP INDEX memories_newest',
  // The two lists answer every count by themselves, without a look at the entries.
  `CREATE INDEX memories_order ON memories
    (scope, id, memory_type, created_at, expires_at, pinned, superseded_by)`,
  `CREATE INDEX memories_type ON memories
    (scope, memory_type, id, created_at, expires_at, pinned, superseded_by)`,
  'CREATE INDEX memories_same ON memories (scope, digest)',
  'CREATE INDEX memories_superseded ON memories (scope, superseded_by) WHERE superseded_by IS NOT NULL',
  'CREATE INDEX memories_unindexed ON memories (number) WHERE words IS NULL',
  'DROP TABLE memory_words',
  // Each word begins with the number of its memory, so that a search reads nothing of anybody else's. The rest of the
  // work on words is done before they come here.
  `CREATE VIRTUAL TABLE memory_words USING fts5 (text, content='', contentless_delete=1,
    tokenize="ascii tokenchars '_'")`,
  "CREATE VIRTUAL TABLE memory_words_places USING fts5vocab ('memory_words', 'instance')",
  "CREATE VIRTUAL TABLE memory_words_known USING fts5vocab ('memory_words', 'row')",
]
