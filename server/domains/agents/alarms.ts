import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { AlarmsCapability, Stored } from '../../skills/capabilities.ts'
import type { Memories, RecordRow } from '../memory/index.ts'
import type { Notifications } from '../notifications/index.ts'
import type { Grant } from './skills.ts'
import { agentStore } from './store.ts'
import type { AgentTables } from './store.ts'

/** What a skill says when one of its alarms rings: the notification, the document's new state, and the next time. */
export type Ring<T> = (
  record: Stored<T>,
  now: number,
) => { text: string; next_due?: number; record: { group: string; at: number; body: unknown } }

const ALARM_JOB = 'agents.alarm'
/** Alarms of a user, and of the server. */
const PER_USER_MAX = 10_000
const TOTAL_MAX = 1_000_000

/**
 * Durable alarms of documents in one collection. Each rings once: the document's new state, the notification and the
 * job's end are one transaction, so a crash leaves all or nothing of it. A document that undo brings back has its
 * alarm again.
 */
export function openAlarms<T>(
  kernel: Kernel,
  parts: { memory: Memories; notifications: Notifications },
  waiting: { collection: string; group: string; ring: Ring<T> },
): (grant: Grant) => AlarmsCapability {
  const { memory, notifications } = parts
  kernel.jobs.handle(ALARM_JOB, {
    concurrency_max: 4,
    per_user_max: PER_USER_MAX,
    total_max: TOTAL_MAX,
    lease_ms: 60_000,
    attempts_max: 5,
    run: (job) =>
      kernel.store.write(async (tx) => {
        job.finish(tx)
        const row = await memory.recordOf(tx, job.user_id, job.key)
        if (row === undefined || row.group_name !== waiting.group || !memory.fits(row)) return
        const { text, next_due, record } = waiting.ring(toStored<T>(row), kernel.clock.now())
        await memory.putRecord(tx, {
          ...row,
          group_name: record.group,
          at: record.at,
          body: JSON.stringify(record.body),
        })
        const agent = await agentStore.anyById(tx.tables<AgentTables>(), job.user_id, row.agent_id)
        await notifications.notify(tx, job.user_id, {
          source_agent: agent?.agent_number ?? 0,
          severity: 'info',
          text,
        })
        if (next_due !== undefined) set(tx, job.user_id, job.key, next_due)
      }),
    giveUp: (job, error) =>
      kernel.store.write((tx) => {
        kernel.log.error('an alarm could not ring', { key: job.key, error })
        job.finish(tx)
        return Promise.resolve()
      }),
  })
  const set = (tx: Tx, user_id: string, key: string, due: number): void => {
    kernel.jobs.enqueue(tx, { kind: ALARM_JOB, key, user_id, payload: {}, run_at: due, priority: 'high' })
  }
  memory.onRestored((tx, user_id, id, row) => {
    if (row?.collection === waiting.collection && row.group_name === waiting.group)
      set(tx, user_id, id, row.at)
    else kernel.jobs.cancel(tx, ALARM_JOB, id)
  })
  return ({ db, owner }) => {
    const tx = (): Tx => {
      if ('afterCommit' in db) return db
      throw new Error('An action that reads tried to set an alarm.')
    }
    return {
      set: async (record_id, due) => {
        set(tx(), owner.user_id, record_id, due)
        await Promise.resolve()
      },
      cancel: async (record_id) => {
        kernel.jobs.cancel(tx(), ALARM_JOB, record_id)
        await Promise.resolve()
      },
    }
  }
}

function toStored<T>(row: RecordRow): Stored<T> {
  return {
    id: row.id,
    group: row.group_name,
    at: row.at,
    body: JSON.parse(row.body) as T,
    created_at: row.created_at,
  }
}
