import { SealedError } from '../server/kernel/ring.ts'
import { SettingError, readSettings } from '../server/kernel/settings.ts'
import type { Settings } from '../server/kernel/settings.ts'
import type { OfflineBackups } from '../server/offline.ts'
import type { Context } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import { readPassphrase } from './passphrase.ts'
import type { PassphraseOptions } from './passphrase.ts'

type Place = Settings & { passphrase?: string | undefined }

/** The settings of the server of this machine. @throws Stop that names the wrong one */
export function serverSettings({ io }: Pick<Context, 'io'>): Settings {
  try {
    return readSettings(io.environment)
  } catch (error) {
    if (!(error instanceof SettingError)) throw error
    throw new Stop(EXIT.usage, error.message, { cause: error })
  }
}

/** Works with the data of this machine and its root key; takes the passphrase where one seals it, or asks for it. */
export async function onThisMachine<T>(
  context: Context,
  work: (place: Place) => T | Promise<T>,
  /** Of a command that can be given the passphrase. */
  options?: PassphraseOptions,
): Promise<T> {
  const settings = serverSettings(context)
  try {
    return await work(settings)
  } catch (error) {
    if (!(error instanceof SealedError)) throw explained(error)
  }
  if (!context.interactive && options?.passphraseStdin !== true)
    throw new Stop(
      EXIT.failed,
      `A passphrase seals the root key, and there is nobody to ask: ${options === undefined ? 'run it on a terminal' : 'give --passphrase-stdin'}.`,
    )
  const passphrase = await readPassphrase(context, options ?? {}, 'known')
  try {
    return await work({ ...settings, passphrase })
  } catch (error) {
    throw explained(error)
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Stop) return error
  return new Stop(EXIT.failed, error.message, { cause: error })
}

/** The backups of this machine's data, whether its server runs or not. */
export async function openBackups(context: Context, options?: PassphraseOptions): Promise<OfflineBackups> {
  const { openOfflineBackups } = await import('../server/offline.ts')
  return onThisMachine(context, openOfflineBackups, options)
}
