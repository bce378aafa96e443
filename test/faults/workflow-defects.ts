import type { Watcher } from './workflow-writes.ts'

/**
 * How the engine may break its promises; `none` is the real thing. Unbegun: that something which must not be repeated has
 * begun is not recorded. Rerun: a run is taken up without the newest step that was completed. Held: what a killed process
 * was at is not set free.
 */
export type WorkflowDefect = 'none' | 'unbegun' | 'rerun' | 'held'

/** Breaks one promise, in what the database is told and tells. */
export function plant(defect: WorkflowDefect): Pick<Watcher, 'forgets' | 'shows'> {
  if (defect === 'unbegun') return { forgets: (sql) => sql.startsWith('update "executions" set "begun"') }
  if (defect === 'held') return { forgets: (sql) => /^update "jobs" set "lease_until" = \?[^,]*$/.test(sql) }
  if (defect === 'none') return {}
  return {
    shows: (sql, rows) => {
      if (!sql.startsWith('select * from "workflow_steps" where "run_id" = ? order by')) return rows
      const newest = rows.findLastIndex(({ status }) => status === 'completed')
      return rows.toSpliced(newest, newest === -1 ? 0 : 1)
    },
  }
}
