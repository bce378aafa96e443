import type { Connection } from '../../server/kernel/store/connection.ts'

/** Executions that ended so late that what the bounded lists keep of them is still there. */
const ENDED = `executions WHERE status IN ('completed', 'failed')`
const REMEMBERED = `SELECT json_extract(result, '$.data.memory_id') FROM executions
  WHERE action = 'remember' AND status = 'completed'`
const DONE = (
  action: string,
  field: string,
) => `SELECT value FROM executions, json_each(result, '$.data.${field}')
  WHERE action = '${action}' AND status = 'completed'`
const REMINDED = `SELECT json_extract(result, '$.data.reminder_id') FROM executions
  WHERE action = 'remind' AND status = 'completed'`
/** Entries of the undo list are kept for a while; the time of a user's oldest, unless nothing is gone yet. */
const UNDO_FROM = `(SELECT CASE WHEN count(*) < 200 THEN '' ELSE min(created_at) END FROM undo_entries
  WHERE undo_entries.user_id = executions.user_id)`
/** The same for events; worked out once for each user. */
const KEPT = `WITH kept AS MATERIALIZED (SELECT user_id, CASE WHEN min(seq) = 1 THEN '' ELSE min(created_at) END AS since
  FROM events GROUP BY user_id)`
const TOLD = `SELECT json_extract(data, '$.execution_id') AS told FROM events WHERE name = 'agent:execution_completed'`
const ITEM = `SELECT json_extract(body, '$.text') FROM records WHERE collection = 'item'`

/**
 * What must never be found, each as a query for the offenders. An effect, its execution, its event, its undo entry, its
 * receipt and its audit line come together or not at all.
 */
export const HALVES: Readonly<Record<string, string>> = {
  'a number of the events is missing': `SELECT user_id FROM events GROUP BY user_id
    HAVING count(*) != max(seq) - min(seq) + 1`,
  'the counter of the events is wrong': `SELECT user_id FROM event_counters c
    WHERE seq IS NOT (SELECT max(seq) FROM events e WHERE e.user_id = c.user_id)`,
  'a number of the audit is missing': `SELECT found FROM (SELECT count(*) AS found, max(seq) AS last FROM audit)
    WHERE found != last`,
  'an execution has no audit line': `SELECT executed FROM (SELECT (SELECT count(*) FROM executions) AS executed,
    (SELECT count(*) FROM audit WHERE operation = 'agents.execute' AND status = 202) AS noted) WHERE executed > noted`,
  'an execution remembered, but there is no memory': `SELECT id FROM executions WHERE action = 'remember'
    AND status = 'completed' AND json_extract(result, '$.data.memory_id') NOT IN (SELECT id FROM memories)
    AND id NOT IN (SELECT undoes FROM undo_entries WHERE undoes IS NOT NULL) AND ended_at > ${UNDO_FROM}`,
  'a memory comes from no execution': `SELECT id FROM memories WHERE memory_type = 'note' AND id NOT IN (${REMEMBERED})`,
  'a memory cannot be searched': `SELECT number FROM memories
    WHERE number NOT IN (SELECT id FROM memory_words_docsize)`,
  'words are kept of a memory that is gone': `SELECT id FROM memory_words_docsize
    WHERE id NOT IN (SELECT number FROM memories)`,
  'a tag is kept of a memory that is gone': `SELECT number FROM memory_tags
    WHERE number NOT IN (SELECT number FROM memories)`,
  'an item was added, but is not there': `${DONE('add', 'added')} AND value NOT IN (${ITEM})`,
  'an item comes from no execution': `${ITEM} AND json_extract(body, '$.text') NOT IN (${DONE('add', 'added')})`,
  'an item was ticked off, but is open': `${DONE('done', 'done')}
    AND value NOT IN (${ITEM} AND json_extract(body, '$.done'))`,
  'an item is done by no execution': `${ITEM} AND json_extract(body, '$.done')
    AND json_extract(body, '$.text') NOT IN (${DONE('done', 'done')})`,
  'a reminder was set, but is not there': `${REMINDED} AND json_extract(result, '$.data.reminder_id')
    NOT IN (SELECT id FROM records WHERE collection = 'reminder')`,
  'a reminder comes from no execution': `SELECT id FROM records WHERE collection = 'reminder'
    AND id NOT IN (${REMINDED})`,
  'a reminder will not ring': `SELECT id FROM records WHERE collection = 'reminder' AND group_name = 'waiting'
    AND id NOT IN (SELECT key FROM jobs WHERE kind = 'agents.alarm')`,
  'an alarm has no reminder': `SELECT key FROM jobs WHERE kind = 'agents.alarm' AND key NOT IN (SELECT id FROM records)`,
  'an effect cannot be undone': `SELECT id FROM executions WHERE status = 'completed'
    AND action IN ('remember', 'add', 'done', 'remind') AND ended_at > ${UNDO_FROM}
    AND id NOT IN (SELECT id FROM undo_entries)`,
  'an undo entry has no execution': `SELECT id FROM undo_entries WHERE direction = 'do' AND undoes IS NULL
    AND id NOT IN (SELECT id FROM executions WHERE status = 'completed')`,
  'an undo entry has no steps': `SELECT id FROM undo_entries WHERE id NOT IN (SELECT entry_id FROM undo_steps)`,
  'an entry is reversed by nothing': `SELECT id FROM undo_entries WHERE state = 'reversed'
    AND id NOT IN (SELECT undoes FROM undo_entries WHERE undoes IS NOT NULL)`,
  'an entry was undone, but is not reversed': `SELECT id FROM undo_entries WHERE state = 'done'
    AND id IN (SELECT undoes FROM undo_entries WHERE undoes IS NOT NULL)`,
  'what was undone is still there': `SELECT target FROM undo_entries JOIN undo_steps ON entry_id = id
    WHERE direction = 'undo' AND state = 'done' AND kind = 'memory' AND target IN (SELECT id FROM memories)`,
  'an end was told twice': `SELECT told FROM (${TOLD}) GROUP BY told HAVING count(*) > 1`,
  'an end was told of something that has not ended': `SELECT told FROM (${TOLD})
    WHERE told NOT IN (SELECT id FROM ${ENDED})`,
  'an end was not told': `${KEPT} SELECT id FROM ${ENDED} AND id NOT IN (${TOLD})
    AND ended_at > coalesce((SELECT since FROM kept WHERE kept.user_id = executions.user_id), '')`,
  'an execution waits for no job': `SELECT id FROM executions WHERE status IN ('queued', 'executing')
    AND id NOT IN (SELECT key FROM jobs WHERE kind = 'agents.run')`,
  'a job has no execution to run': `SELECT key FROM jobs WHERE kind = 'agents.run'
    AND key NOT IN (SELECT id FROM executions WHERE status IN ('queued', 'executing'))`,
  'an execution has no receipt': `SELECT id FROM executions
    WHERE id NOT IN (SELECT json_extract(receipt, '$.execution_id') FROM idempotency WHERE operation = 'agents.execute')`,
  'a receipt has no execution': `SELECT key FROM idempotency WHERE operation = 'agents.execute'
    AND json_extract(receipt, '$.execution_id') NOT IN (SELECT id FROM executions)`,
  'two receipts are for one execution': `SELECT json_extract(receipt, '$.execution_id') AS made FROM idempotency
    WHERE operation = 'agents.execute' GROUP BY made HAVING count(*) > 1`,
  'the counts of an agent are wrong': `SELECT a.id FROM agents a LEFT JOIN (SELECT agent_id, count(*) AS executed,
    sum(status = 'executing') AS executing, sum(status IN ('completed', 'failed')) AS finished
    FROM executions GROUP BY agent_id) e ON e.agent_id = a.id WHERE a.execution_count != coalesce(executed, 0)
    OR a.executing_count != coalesce(executing, 0) OR a.finished_count != coalesce(finished, 0)`,
  'a row refers to nothing': 'SELECT "table" FROM pragma_foreign_key_check',
}

/** Everything in a database that is there without what belongs to it. */
export function findHalves(connection: Connection): string[] {
  const verdict = connection.all('PRAGMA integrity_check', []).map((row) => String(row['integrity_check']))
  const damage = verdict[0] === 'ok' ? [] : verdict.slice(0, 3).map((text) => `integrity: ${text}`)
  const found = Object.entries(HALVES).flatMap(([what, query]) => {
    const offenders = connection.all(query, [])
    const [first] = offenders
    return first === undefined
      ? []
      : [`${what}: ${offenders.length}, such as ${String(Object.values(first)[0])}`]
  })
  return [...damage, ...found]
}
