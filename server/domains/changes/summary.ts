import { firstIdAt } from '../../kernel/ids.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reader } from '../../kernel/store/store.ts'
import { readState } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { sayChange } from './say.ts'
import { changeStore } from './store.ts'
import type { ChangeTables, ModificationRow } from './store.ts'

/** Says what a change was, with its object as that is called now. */
export type Summarising = (db: Pick<Reader, 'tables'>, row: ModificationRow) => Promise<string>

export function openSummarising(
  kind: (name: string) => Kind,
  isReadable: (row: ModificationRow) => boolean,
): Summarising {
  return async (db, row) => {
    if (!isReadable(row)) return 'a change whose record is damaged'
    const { user_id, kind: name, target, description, before_state, after_state, rolls_back } = row
    const [before, after] = [readState(before_state), readState(after_state)]
    const called = (await kind(name).called?.(db, user_id, target, after ?? before)) ?? name
    const taken =
      rolls_back === null ? undefined : await changeStore.link(db.tables<ChangeTables>(), user_id, rolls_back)
    const took =
      rolls_back === null ? 'nothing' : (taken?.rolls_back ?? null) === null ? 'change' : 'rollback'
    return sayChange({
      called,
      description,
      before,
      after,
      took,
    })
  }
}

/** Says what the newest changes of a user were, of a period if there is one: epoch ms, `until` exclusive. */
export type Recent = (
  user_id: string,
  limit: number,
  period?: { since: number; until: number },
) => Promise<string[]>

export function openRecent({ store: { reader } }: Pick<Kernel, 'store'>, summarise: Summarising): Recent {
  return async (user_id, limit, period) => {
    const db = reader.tables<ChangeTables>()
    const within = period && { from: firstIdAt(period.since), before: firstIdAt(period.until) }
    const said: string[] = []
    for (const { id } of await changeStore.modifications(db, user_id, { limit, ...within })) {
      const row = await changeStore.modification(db, user_id, id)
      if (row !== undefined) said.push(await summarise(reader, row))
    }
    return said
  }
}
