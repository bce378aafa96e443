import type { Execution } from '../../../../contract/agents.ts'
import { LostJobError } from '../../../kernel/job.ts'
import type { JobHandler } from '../../../kernel/job.ts'
import type { Waiters } from '../../../kernel/waiters.ts'
import { agentStore } from '../store.ts'
import type { ExecutionRow } from '../store.ts'
import { toCommand, toExecution } from '../view.ts'
import { Attempt } from './attempt.ts'
import type { RunParts } from './attempt.ts'

interface RunnerParts extends RunParts {
  waiters: Waiters<Execution>
  /** IANA zone of the user, unless the command says another. */
  zoneOf: (user_id: string) => string
}

/**
 * Performs queued executions. An action that writes runs in the transaction that records its result, so that a crash
 * leaves both or neither; one that reads or leaves the machine runs outside, and its result is recorded after it.
 */
export function openRunner(parts: RunnerParts): Pick<JobHandler, 'run' | 'giveUp'> {
  const { kernel, waiters } = parts
  const find = (user_id: string, id: string) =>
    agentStore.execution(kernel.store.reader.connection, user_id, id)
  return {
    run: async (job, signal) => {
      const row = find(job.user_id, job.key)
      if (row === undefined) throw new LostJobError(`There is no execution ${job.key}.`)
      const ended = await new Attempt(parts, job, row, { zone: zoneFor(parts, row), signal }).run()
      waiters.settle(ended.id, toExecution(ended))
    },
    giveUp: async (job, error) => {
      const row = find(job.user_id, job.key)
      if (row === undefined) return
      const name = error instanceof Error ? error.name : 'unknown'
      const attempt = new Attempt(parts, job, row, { zone: 'UTC', signal: AbortSignal.abort() })
      const ended = await attempt.fail(`AGENT_002: It failed repeatedly (${name}).`)
      waiters.settle(ended.id, toExecution(ended))
    },
  }
}

function zoneFor({ zoneOf }: RunnerParts, row: ExecutionRow): string {
  const preferences = toCommand(row).context?.['user_preferences']
  const zone = (preferences as { timezone?: unknown } | undefined)?.timezone
  return typeof zone === 'string' && isZone(zone) ? zone : zoneOf(row.user_id)
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
