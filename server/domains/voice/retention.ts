import { firstIdAt } from '../../kernel/ids.ts'
import { countUpTo } from '../retention/impact.ts'
import type { Outdated } from '../retention/impact.ts'
import type { Sweep } from '../retention/index.ts'
import type { VoiceTables } from './store.ts'

/** Sentences that are forgotten in one transaction. */
const COMMANDS_AT_ONCE = 500

/** What was said before the cutoff, and what became of it. */
export const forgetCommands: Sweep = async (tx, { history }) => {
  const db = tx.tables<VoiceTables>()
  const some = db
    .selectFrom('voice_commands')
    .select('id')
    .where('id', '<', firstIdAt(history))
    .orderBy('id')
    .limit(COMMANDS_AT_ONCE)
  // A sound has the id of its sentence.
  await db.deleteFrom('voice_recordings').where('command_id', 'in', some).execute()
  const { numDeletedRows } = await db
    .deleteFrom('voice_commands')
    .where('id', 'in', some)
    .executeTakeFirstOrThrow()
  return numDeletedRows === BigInt(COMMANDS_AT_ONCE)
}

/** How many sentences were said before the cutoff. */
export const oldCommands: Outdated = (reader, { history }) =>
  countUpTo(
    reader
      .tables<VoiceTables>()
      .selectFrom('voice_commands')
      .select('id')
      .where('id', '<', firstIdAt(history)),
  )
