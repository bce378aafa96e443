import type { HttpAction } from '../../../contract/integrations.ts'
import { digest } from '../../kernel/crypto.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { documentStore } from './store.ts'
import type { IntegrationTables, NamedIn } from './store.ts'

/** The actions that a document was made into. */
export interface ImportedDocument {
  id: string
  title: string
  version: string
  actions: readonly HttpAction[]
}

/** Documents of users, each under the digest of what it holds. */
export interface Documents {
  find(user_id: string, id: string): ImportedDocument | undefined
  /** Knows a document although it is not stored: what it would come to can be worked out with it. */
  hold(user_id: string, document: ImportedDocument): void
  /** Stores one. @throws Fault `VALIDATION_ERROR` (409) when there are as many as there may be, and all are in use. */
  keep(tx: Tx, user_id: string, document: ImportedDocument): Promise<void>
}

/** Documents that one user may have in use. */
const DOCUMENTS_MAX = 50
/** Actions of documents that are kept ready, of all users. */
const READY_MAX = 10_000

export function idOf(actions: readonly HttpAction[]): string {
  return `doc_${digest(JSON.stringify(actions)).slice(0, 32)}`
}

export function openDocuments({ store, now }: Pick<Kernel, 'store' | 'now'>): Documents {
  const ready = new Map<string, ImportedDocument>()
  const remember = (key: string, document: ImportedDocument): ImportedDocument => {
    ready.delete(key)
    ready.set(key, document)
    let count = [...ready.values()].reduce((sum, { actions }) => sum + actions.length, 0)
    for (const [oldest, { actions }] of ready) {
      if (count <= READY_MAX || oldest === key) break
      ready.delete(oldest)
      count -= actions.length
    }
    return document
  }
  return {
    find: (user_id, id) => {
      const key = `${user_id} ${id}`
      const known = ready.get(key)
      if (known !== undefined) return remember(key, known)
      const [row] = documentStore.find.all(store.reader.connection, { user_id, id })
      if (row === undefined) return undefined
      const { title, version } = row
      return remember(key, { id, title, version, actions: JSON.parse(row.actions) as HttpAction[] })
    },
    hold: (user_id, document) => void remember(`${user_id} ${document.id}`, document),
    keep: async (tx, user_id, { id, title, version, actions }) => {
      const db = tx.tables<IntegrationTables>()
      const ids = await documentStore.ids(db, user_id)
      if (!ids.includes(id) && ids.length >= DOCUMENTS_MAX) await sweep(tx, user_id, ids)
      const row = { user_id, id, title, version, actions: JSON.stringify(actions), created_at: now() }
      await documentStore.insert(db, row)
    },
  }
}

/** Lets go of the documents that no agent is set up with, and none was in a change that could be taken back. */
async function sweep(tx: Tx, user_id: string, ids: readonly string[]): Promise<void> {
  const named: NamedIn = tx.tables()
  let gone = 0
  for (const id of ids) {
    if (await documentStore.isNamed(named, user_id, id)) continue
    await documentStore.remove(tx.tables<IntegrationTables>(), user_id, id)
    gone += 1
  }
  if (gone > 0) return
  const text = `There are ${ids.length} imported documents in use already, or in changes that can be taken back.`
  throw new Fault('VALIDATION_ERROR', text, undefined, { status: 409 })
}
