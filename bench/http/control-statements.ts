/** The statements of the control, written by hand: the product's own, word for word, where both write. */
export const SQL = {
  agent: `SELECT * FROM agents WHERE user_id = ? AND agent_number = ? AND deleted_at IS NULL`,
  activity: `UPDATE agents SET last_execution = ?, last_error = ?, execution_count = ?, executing_count = ?,
    finished_count = ?, total_ms = ?, outcomes = ? WHERE id = ?`,

  known: `SELECT * FROM idempotency WHERE user_id = ? AND operation = ? AND key = ?`,
  keep: `INSERT INTO idempotency (user_id, operation, key, digest, receipt, created_at) VALUES (?, ?, ?, ?, ?, ?)`,

  enqueue: `INSERT INTO jobs (kind, key, user_id, lane, payload, rank, run_at, attempt, fence, lease_until)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  dequeue: `DELETE FROM jobs WHERE kind = ? AND key = ? AND fence = ?`,

  execution: `INSERT INTO executions (id, user_id, agent_id, agent_number, action, command, status, timeout_ms, result,
    progress, begun, created_at, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, ?, ?, ?)`,
  advance: `UPDATE executions SET status = ?, result = ?, started_at = ?, ended_at = ? WHERE id = ?`,

  seq: `INSERT INTO event_counters (user_id, seq) VALUES (?, 1)
    ON CONFLICT (user_id) DO UPDATE SET seq = event_counters.seq + 1 RETURNING seq`,
  event: `INSERT INTO events (user_id, seq, name, data, created_at) VALUES (?, ?, ?, ?, ?)`,
  prune_events: `DELETE FROM events WHERE user_id = ? AND seq < ?`,

  scope: `SELECT * FROM memory_scopes WHERE user_id = ? AND agent_id = ?`,
  begin: `INSERT INTO memory_scopes (user_id, agent_id, entries, words) VALUES (?, ?, 0, 0) RETURNING *`,
  memory: `INSERT INTO memories (id, user_id, agent_id, memory_type, content, text, tags, created_at, updated_at,
    expires_at, source_kind, source_name, trust, pinned, superseded_by, scope, digest, words)
    VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number`,
  words: `INSERT INTO memory_words (rowid, text) VALUES (?, ?)`,
  grow: `UPDATE memory_scopes SET entries = entries + 1, words = words + ?,
    types = json_set(types, '$."6E6F7465"', coalesce(json_extract(types, '$."6E6F7465"'), 0) + 1) WHERE scope = ?`,

  undo: `INSERT INTO undo_entries (id, user_id, text, direction, undoes, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  undo_step: `INSERT INTO undo_steps (kind, target, before_state, after_state, entry_id, position)
    VALUES (?, ?, ?, ?, ?, ?)`,
  prune_undo: `DELETE FROM undo_entries WHERE user_id = ? AND seq < (SELECT seq FROM undo_entries WHERE user_id = ?
    ORDER BY seq DESC LIMIT 1 OFFSET ?)`,
} as const
