import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isThisMachine } from '../sdk/origin.ts'
import { SettingError, configHome, readSettings } from '../server/kernel/settings.ts'
import { EXIT, Stop } from './exit.ts'
import type { Environment } from './io.ts'

/** Where the server of this machine keeps its data. */
export function dataFolder(environment: Environment): string {
  return checked(() => readSettings(environment).data_dir)
}

/** Where the sign-ins of the command line are kept. */
export function tokenPath(environment: Environment): string {
  const { PAIOS_TOKEN_FILE: given = '' } = environment
  return given === '' ? checked(() => join(configHome(environment), 'cli-tokens.json')) : resolve(given)
}

/** Where the passkeys of this machine are kept: beside the sign-ins. */
export function keyPath(environment: Environment): string {
  return join(dirname(tokenPath(environment)), 'cli-passkeys.json')
}

/** The code that claims the server at this address, when that runs on this machine and nobody has claimed it. */
export function findSetupCode(environment: Environment, url: string): string | undefined {
  if (!isThisMachine(url)) return undefined
  try {
    return readFileSync(join(dataFolder(environment), 'setup-code'), 'utf8').trim()
  } catch (error) {
    // Another user's server keeps its code to itself.
    const isHidden =
      error instanceof Error && 'code' in error && ['ENOENT', 'EACCES'].includes(String(error.code))
    if (isHidden) return undefined
    throw error
  }
}

function checked<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof SettingError) throw new Stop(EXIT.usage, error.message, { cause: error })
    throw error
  }
}
