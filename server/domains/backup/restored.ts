import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Restored } from '../../kernel/backup/restore.ts'
import { RESTORED } from '../../kernel/backup/swap.ts'
import { syncFolder } from '../../kernel/folder.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'

/** What a restore must end: who had left, or had lost their rights, since the backup is known no more. */
export interface Ends {
  /** Ids of all users. */
  everybody(): string[]
  /** Sessions, refresh tokens and challenges. */
  endEverything(tx: Tx): Promise<void>
  /** Tokens of programs; answers whose they were. */
  endTokens(tx: Tx): Promise<{ user_id: string }[]>
  tell(tx: Tx, text: string): Promise<void>
  tellUser(tx: Tx, user_id: string, text: string): Promise<void>
}

/**
 * Finishes a restore at the first start on its data: everybody signs in again, and the restore stands in the audit. Done
 * again when the process dies in between. Answers whether there was one.
 */
export async function settleRestore(kernel: Kernel, ends: Ends): Promise<boolean> {
  const path = join(kernel.settings.data_dir, RESTORED)
  const restored = read(path)
  if (restored === undefined) return false
  await kernel.store.write(async (tx) => {
    await ends.endEverything(tx)
    const owners = new Set((await ends.endTokens(tx)).map(({ user_id }) => user_id))
    for (const user_id of ends.everybody()) kernel.events.leap(tx, user_id)
    const from = `a backup of ${restored.created_at} was restored at ${restored.restored_at}`
    for (const user_id of owners)
      await ends.tellUser(tx, user_id, `Your agents from outside must be registered anew, because ${from}.`)
    await ends.tell(tx, `Everybody must sign in again, because ${from}. What was under way then goes on.`)
    kernel.audit.write(tx, {
      request_id: kernel.id(),
      actor: null,
      session_id: null,
      transport: 'control',
      operation: 'control.restore',
      target: restored.created_at,
      status: 200,
      outcome: 'ok',
      ip: '',
      counted: 0,
      duration_ms: 0,
    })
  })
  await kernel.store.settled()
  rmSync(path, { force: true })
  syncFolder(kernel.settings.data_dir)
  return true
}

function read(path: string): Restored | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return JSON.parse(text) as Restored
}
