import type { SystemConfig } from '../contract/system.ts'
import { openBackup } from './domains/backup/index.ts'
import type { Backups } from './domains/backup/index.ts'
import { settleRestore } from './domains/backup/restored.ts'
import type { Agents } from './domains/agents/index.ts'
import type { Auth } from './domains/auth/index.ts'
import type { Notifications } from './domains/notifications/index.ts'
import type { Settings } from './domains/settings/index.ts'
import { kernelMigrations } from './kernel/kernel.ts'
import type { Kernel } from './kernel/kernel.ts'
import type { Migration } from './kernel/store/migrate.ts'
import type { Tx } from './kernel/store/store.ts'

interface Parts {
  auth: Auth
  notifications: Notifications
  serverSettings: Settings
  version: string
  server_zone: string
  /** What holds whatever the settings say; tests in which days go by have no backup each night. */
  backups?: Partial<SystemConfig['backups']>
  /** Those of the domains. */
  migrations: readonly Migration[]
}

/** Names of all migrations that this program knows. */
export function knownMigrations(migrations: readonly Migration[]): string[] {
  return [...kernelMigrations, ...migrations].map(({ name }) => name)
}

/** The backups of the server, whose owners are told what is wrong with them. */
export function openBackups(kernel: Kernel, parts: Parts): Backups {
  const { auth, serverSettings, migrations, version, server_zone } = parts
  return openBackup(kernel, {
    version,
    server_zone,
    known: knownMigrations(migrations),
    settings: () => ({ ...serverSettings.read().backups, ...parts.backups }),
    onSettings: serverSettings.onChange,
    isOwner: auth.isOwner,
    tell: tellOwners(parts, 'critical'),
  })
}

/** Ends what a restore must end, before anybody is let in; nothing when the data was not restored. */
export async function settleRestored(
  kernel: Kernel,
  parts: Pick<Parts, 'auth' | 'notifications'> & { agents: Agents },
): Promise<void> {
  const { auth, agents, notifications } = parts
  await settleRestore(kernel, {
    everybody: auth.everybody,
    endEverything: auth.endEverything,
    endTokens: agents.registry.endTokens.bind(agents.registry),
    tell: tellOwners(parts, 'warning'),
    tellUser: async (tx, user_id, text) => {
      await notifications.notify(tx, user_id, { source_agent: 0, severity: 'warning', text })
    },
  })
}

function tellOwners(
  { auth, notifications }: Pick<Parts, 'auth' | 'notifications'>,
  severity: 'warning' | 'critical',
) {
  return async (tx: Tx, text: string): Promise<void> => {
    for (const user_id of auth.owners())
      await notifications.notify(tx, user_id, { source_agent: 0, severity, text })
  }
}
