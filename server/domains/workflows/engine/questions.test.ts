import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connection } from '../../../kernel/store/connection.ts'
import { openStage } from '../rig.ts'
import { workflowStore } from '../store.ts'

/** How the database goes about the questions of some work. */
function plans(connection: Connection, work: (asking: Connection) => unknown): string[] {
  const found: string[] = []
  work({
    ...connection,
    all: (sql, values) => {
      const steps = connection.all(`EXPLAIN QUERY PLAN ${sql}`, values)
      found.push(...steps.map(({ detail }) => String(detail)))
      return connection.all(sql, values)
    },
  })
  return found
}

test('what is asked with every event and every stop looks at what is open alone, however long the history', async (t) => {
  const { app, ann } = await openStage(t)
  const { connection } = app.kernel.store.reader
  assert.deepEqual(
    plans(connection, (asking) => workflowStore.waiting(asking, ann.user_id, 'approval')),
    ['SEARCH workflow_steps USING INDEX workflow_steps_waiting (user_id=? AND waits_for=?)'],
  )
  assert.deepEqual(
    plans(connection, (asking) => workflowStore.openRuns(asking, ann.user_id)),
    ['SEARCH workflow_runs USING INDEX workflow_runs_open (user_id=?)'],
  )
})
