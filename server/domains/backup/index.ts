import type { SystemConfig } from '../../../contract/system.ts'
import { checkpointKey } from '../../kernel/audit/checkpoints.ts'
import { BackupError } from '../../kernel/backup/manifest.ts'
import type { Reason } from '../../kernel/backup/manifest.ts'
import { backupsFolder, isVerified, listBackups, removeUnfinished } from '../../kernel/backup/place.ts'
import type { Kept } from '../../kernel/backup/place.ts'
import { openBackupThreads } from '../../kernel/backup/threads.ts'
import type { Verdict } from '../../kernel/backup/verify.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import type { BackupsCapability } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import { openNightly } from './daily.ts'

/** A backup as it is told. */
export interface BackupFacts {
  name: string
  /** ISO-8601. */
  created_at: string
  bytes: number
  reason: Reason
}

export interface BackupParts {
  version: string
  /** Names of the migrations that this program knows. */
  known: readonly string[]
  /** The owner's settings, as they are now. */
  settings: () => SystemConfig['backups']
  onSettings: (listener: () => void) => void
  /** IANA zone of the hour at which the daily backup is made. */
  server_zone: string
  isOwner(user_id: string): boolean
  /** Tells the owners of the server. */
  tell(tx: Tx, text: string): Promise<void>
}

export interface Backups {
  /**
   * Makes a backup and looks at all of it; older ones go only when it holds.
   *
   * @throws BackupError when there is no room for one, it cannot be written, or it does not hold.
   */
  make(reason: Reason): Promise<BackupFacts>
  /**
   * Restores a backup, the newest unless named, into a scratch folder and looks at all of it.
   *
   * @throws BackupError when there is none of that name, or it is none of this server.
   */
  verify(name?: string): Promise<BackupFacts & Verdict>
  /** Newest first. */
  list(): BackupFacts[]
  bind(grant: { owner: { user_id: string } }): BackupsCapability
  /** Sets the time of the next daily backup; once, before the jobs start. */
  start(): Promise<void>
  /** Ends what is under way; a backup that is not finished is none. */
  close(): Promise<void>
}

/** Backups of the whole server: made while it runs, and each looked at by restoring it. */
export function openBackup(kernel: Kernel, parts: BackupParts): Backups {
  const { settings, keys, store, audit } = kernel
  const { data_dir } = settings
  // What a process that died has left: nobody can be at work in the folder yet.
  removeUnfinished(backupsFolder(data_dir))
  const threads = openBackupThreads(kernel.clock)
  const judging = {
    key: keys.derive('backup'),
    audit_key: keys.derive('audit'),
    signing_key: checkpointKey(keys),
    known: parts.known,
  }
  const make: Backups['make'] = async (reason) => {
    await audit.flush()
    await store.settled()
    const { keep } = parts.settings()
    const { version } = parts
    const given = { ...judging, data_dir, version, now: kernel.now(), reason, keep }
    return toFacts(await threads.make(given))
  }
  const verify: Backups['verify'] = async (name) => {
    const all = listBackups(data_dir)
    const wanted = name === undefined ? all[0] : all.find((kept) => kept.name === name)
    if (wanted === undefined)
      throw new BackupError(name === undefined ? 'There is no backup yet.' : `There is no backup ${name}.`)
    const verdict = await threads.verify({ ...judging, data_dir, name: wanted.name })
    if (!verdict.ok) kernel.log.error('a backup does not hold', { backup: wanted.name, ...verdict })
    return { ...toFacts(wanted), ...verdict }
  }
  const backups = { make, verify, list: () => listBackups(data_dir).map(toFacts) }
  const nightly = openNightly(kernel, { ...parts, ...backups })
  return {
    ...backups,
    start: nightly.start,
    bind: ({ owner: { user_id } }) => ({
      list: () =>
        acting(parts, user_id, () =>
          listBackups(data_dir).map((kept) => ({ ...toFacts(kept), verified: isVerified(kept.folder) })),
        ),
      make: () => acting(parts, user_id, () => make('asked')),
      verify: (name) =>
        acting(parts, user_id, async () => {
          const { audit_lines: lines, ...found } = await verify(name)
          return { ...found, lines }
        }),
    }),
    close: threads.close,
  }
}

async function acting<T>(
  { isOwner }: Pick<BackupParts, 'isOwner'>,
  user_id: string,
  work: () => Promise<T> | T,
): Promise<T> {
  if (!isOwner(user_id))
    throw new ActionError('A backup holds the data of everybody, so only the owner of this server makes one.')
  try {
    return await work()
  } catch (error) {
    if (error instanceof BackupError) throw new ActionError(error.message)
    throw error
  }
}

function toFacts({ name, manifest }: Pick<Kept, 'name' | 'manifest'>): BackupFacts {
  const { created_at, reason, files } = manifest
  return { name, created_at, reason, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
}
