import { account } from '../../../contract/account.ts'
import type { AccountRecord } from '../../../contract/account.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import { stateOf } from '../../skills/skill.ts'
import type { Auth } from '../auth/index.ts'
import type { Agents } from '../agents/index.ts'
import type { Memories, RecordRow } from '../memory/index.ts'
import type { Workflows } from '../workflows/index.ts'
import { bringIn } from './bring-in.ts'

export interface AccountParts {
  auth: Pick<Auth, 'prefer'>
  agents: Pick<Agents, 'known' | 'crud' | 'skills'>
  workflows: Pick<Workflows, 'create' | 'idOf'>
  memory: Pick<Memories, 'bring' | 'bringRecord' | 'recordsAfter' | 'isReadable'>
}

/** What a user takes along to another server, and brings in from one. */
export function openAccount(kernel: Kernel, parts: AccountParts): Answers {
  return {
    [account.records.name]: reads(account.records, async ({ user_id }, { cursor, limit = LIMIT_DEFAULT }) => {
      const after = cursor === undefined ? '' : String(fromCursor(cursor))
      const numbers = new Map(
        (await parts.agents.known(user_id)).map(({ id, agent_number }) => [id, agent_number]),
      )
      const { rows: read, isFull } = await readPage<RecordRow>(
        limit,
        ({ body }) => body.length,
        (last, count) => parts.memory.recordsAfter(user_id, last?.id ?? after, count),
      )
      const { rows, ...next } = toPage(
        read,
        isFull ? read.length : limit,
        ({ id }) => id,
        isFull || undefined,
      )
      // What checks have found belongs to the ids that documents have here, and is found anew elsewhere.
      const states = new Set(
        parts.agents.skills.all().flatMap(({ check }) => (check ? [stateOf(check, '').collection] : [])),
      )
      const kept = rows.filter((row) => !states.has(row.collection) && parts.memory.isReadable(row))
      return { records: kept.flatMap((row) => toRecord(row, numbers.get(row.agent_id))), ...next }
    }),
    [account.import.name]: writes(account.import, {
      // What is tried is done and taken back, so that what is told is what would be.
      commit: (tx, { user_id }, given) =>
        tx.attempt(
          () => bringIn({ kernel, ...parts }, tx, user_id, given),
          given.dry_run === true ? 'tried' : 'kept',
        ),
    }),
  }
}

/** What belongs to an agent that is deleted stays behind. */
function toRecord(row: RecordRow, agent_number: number | undefined): AccountRecord[] {
  if (agent_number === undefined) return []
  const { id, collection, group_name: group, at, created_at } = row
  return [{ id, agent_number, collection, group, at, created_at, body: JSON.parse(row.body) as unknown }]
}
