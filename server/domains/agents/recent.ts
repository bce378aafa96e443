import type { Store } from '../../kernel/store/store.ts'
import { need } from './accept.ts'
import type { AgentRow } from './store.ts'

/** Agents that are kept between two commits. */
const KEPT_MAX = 1_000

/**
 * Reads agents, and the same one again only after a commit: between two commits nothing changes. Clients ask for an
 * agent far more often than anything is written.
 *
 * @throws Fault `AGENT_NOT_FOUND`
 */
export function openRecent(store: Store): (user_id: string, ref: string) => AgentRow {
  const rows = new Map<string, AgentRow>()
  let commit = -1
  return (user_id, ref) => {
    const { committed } = store.progress
    if (committed !== commit || rows.size >= KEPT_MAX) rows.clear()
    commit = committed
    const key = `${user_id} ${ref}`
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = need(store.reader, user_id, ref)
    rows.set(key, row)
    return row
  }
}
