import { SettingError, readSettings } from '../server/kernel/settings.ts'
import type { OfflineBackups } from '../server/offline.ts'
import { EXIT, Stop } from './exit.ts'
import type { Environment } from './io.ts'

/** The backups of this machine's data, whether its server runs or not. */
export async function openBackups(environment: Environment): Promise<OfflineBackups> {
  const { openOfflineBackups } = await import('../server/offline.ts')
  try {
    return openOfflineBackups(readSettings(environment))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const exit = error instanceof SettingError ? EXIT.usage : EXIT.failed
    throw new Stop(exit, error.message, { cause: error })
  }
}
