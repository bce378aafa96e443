import { account } from '../../../contract/account.ts'
import type { AccountRecord, ImportInput, Imported } from '../../../contract/account.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { LIMIT_DEFAULT, fromCursor, readPage, toPage } from '../../kernel/paging.ts'
import type { Tx } from '../../kernel/store/store.ts'
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
  memory: Pick<Memories, 'bring' | 'bringRecord' | 'recordsAfter'>
}

/** Thrown to take back what was only tried. */
class TriedError extends Error {
  readonly imported: Imported
  constructor(imported: Imported) {
    super('This was only tried.')
    this.imported = imported
  }
}

/** What a user takes along to another server, and brings in from one. */
export function openAccount(kernel: Kernel, parts: AccountParts): Answers {
  const bring = (tx: Tx, user_id: string, given: ImportInput) =>
    bringIn({ kernel, ...parts }, tx, user_id, given)
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
      const kept = rows.filter(({ collection }) => !states.has(collection))
      return { records: kept.flatMap((row) => toRecord(row, numbers.get(row.agent_id))), ...next }
    }),
    [account.import.name]: writes(account.import, {
      prepare: async ({ user_id }, given) =>
        given.dry_run === true ? tryOut(kernel, bring, user_id, given) : undefined,
      commit: async (tx, { user_id }, given, tried) => tried ?? bring(tx, user_id, given),
    }),
  }
}

/** Does all of it and takes it back, so that what is told is what would be. */
async function tryOut(
  kernel: Kernel,
  bring: (tx: Tx, user_id: string, given: ImportInput) => Promise<Imported>,
  user_id: string,
  given: ImportInput,
): Promise<Imported> {
  try {
    return await kernel.store.write(async (tx) => {
      throw new TriedError(await bring(tx, user_id, given))
    })
  } catch (error) {
    if (error instanceof TriedError) return error.imported
    throw error
  }
}

/** What belongs to an agent that is deleted stays behind. */
function toRecord(row: RecordRow, agent_number: number | undefined): AccountRecord[] {
  if (agent_number === undefined) return []
  const { id, collection, group_name: group, at, created_at } = row
  return [{ id, agent_number, collection, group, at, created_at, body: JSON.parse(row.body) as unknown }]
}
