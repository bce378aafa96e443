import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from '../../../kernel/files.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { fromBytes } from '../statistics/bytes.ts'
import type { Model } from '../statistics/model.ts'

/** Files of each user: what was taught is taken back and taught again. */
const FILES_MAX = 3

/** Models of users as files, which save the next start the learning: without them nothing is lost but that. */
export interface ModelFiles {
  read(user_id: string, name: string): Model | undefined
  keep(user_id: string, name: string, bytes: Uint8Array): void
  remove(user_id: string): void
}

export function openModelFiles({ settings, log }: Pick<Kernel, 'settings' | 'log'>): ModelFiles {
  const folderOf = (user_id: string): string => join(settings.data_dir, 'language', 'own', user_id)
  return {
    read: (user_id, name) => {
      try {
        const text = readFileSync(join(folderOf(user_id), `${name}.model`), 'utf8')
        return fromBytes(Buffer.from(text, 'base64'))
      } catch {
        // Absent or damaged: it is made anew.
        return undefined
      }
    },
    keep: (user_id, name, bytes) => {
      const folder = folderOf(user_id)
      try {
        writeDurably(join(folder, `${name}.model`), Buffer.from(bytes).toString('base64'))
        prune(folder, `${name}.model`)
      } catch (error) {
        log.warn('what was learnt could not be kept', { folder, error })
      }
    },
    remove: (user_id) => rmSync(folderOf(user_id), { recursive: true, force: true }),
  }
}

/** Leaves the newest files, and always this one. */
function prune(folder: string, newest: string): void {
  const files = readdirSync(folder).filter((name) => name !== newest)
  const dated = files.map((name) => [name, statSync(join(folder, name)).mtimeMs] as const)
  const old = dated.toSorted(([, a], [, b]) => b - a).slice(FILES_MAX - 1)
  for (const [name] of old) rmSync(join(folder, name), { force: true })
}
