import { isAbsolute, join } from 'node:path'
import type { Level } from './log.ts'
import { LEVELS } from './log.ts'

/** What the process is told from outside (decision 36). */
export interface Settings {
  host: string
  port: number
  data_dir: string
  key_file: string
  /** Origin that browsers use, without a slash at the end. */
  public_url: string
  setup_code: string | undefined
  log_level: Level
  behind_proxy: boolean
}

/** A setting is wrong; `setting` names it. */
export class SettingError extends Error {
  readonly setting: string
  constructor(setting: string, message: string) {
    super(`${setting}: ${message}`)
    this.setting = setting
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const KNOWN = new Set([
  'PAIOS_HOST',
  'PAIOS_PORT',
  'PAIOS_DATA_DIR',
  'PAIOS_KEY_FILE',
  'PAIOS_PUBLIC_URL',
  'PAIOS_SETUP_CODE',
  'PAIOS_DATABASE_URL',
  'PAIOS_LOG_LEVEL',
  'PAIOS_BEHIND_PROXY',
  'PAIOS_URL',
  'PAIOS_TOKEN_FILE',
])
const SETUP_CODE_MIN = 16

/**
 * Reads the settings from the environment.
 *
 * @throws SettingError that names the first wrong one, also one that does not exist: a misspelt setting must not be
 * silently without effect.
 */
export function readSettings(environment: Environment): Settings {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PAIOS_') && !KNOWN.has(name))
      throw new SettingError(name, 'there is no such setting.')
  }
  if (given(environment, 'PAIOS_DATABASE_URL') !== undefined) {
    throw new SettingError(
      'PAIOS_DATABASE_URL',
      'PostgreSQL is not built yet; leave it out for the embedded database.',
    )
  }
  const host = given(environment, 'PAIOS_HOST') ?? '127.0.0.1'
  const port = readPort(given(environment, 'PAIOS_PORT') ?? '3001')
  const behind_proxy = readFlag(environment, 'PAIOS_BEHIND_PROXY')
  if (!isLoopback(host) && !behind_proxy) {
    throw new SettingError(
      'PAIOS_HOST',
      `${host} is not loopback: set PAIOS_BEHIND_PROXY=1 behind a proxy that does TLS.`,
    )
  }
  return {
    host,
    port,
    behind_proxy,
    data_dir:
      readPath(environment, 'PAIOS_DATA_DIR') ??
      join(xdg(environment, 'XDG_DATA_HOME', '.local/share'), 'paios'),
    key_file: readPath(environment, 'PAIOS_KEY_FILE') ?? join(configHome(environment), 'root.key'),
    public_url: readUrl(given(environment, 'PAIOS_PUBLIC_URL') ?? `http://localhost:${port}`),
    setup_code: readSetupCode(given(environment, 'PAIOS_SETUP_CODE')),
    log_level: readLevel(given(environment, 'PAIOS_LOG_LEVEL') ?? 'info'),
  }
}

/** Folder of the user's own configuration of PAIOS, such as the root key and the tokens of the command line. */
export function configHome(environment: Environment): string {
  return join(xdg(environment, 'XDG_CONFIG_HOME', '.config'), 'paios')
}

/** Whether a host to bind is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]
  return value === undefined || value === '' ? undefined : value
}

function xdg(environment: Environment, name: string, fallback: string): string {
  const home = given(environment, 'HOME') ?? given(environment, 'USERPROFILE')
  const folder = given(environment, name)
  if (folder !== undefined && isAbsolute(folder)) return folder
  if (home === undefined)
    throw new SettingError('PAIOS_DATA_DIR', 'there is no home folder: say where to keep the data.')
  return join(home, fallback)
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isInteger(port) && port <= 65_535) return port
  throw new SettingError('PAIOS_PORT', `${JSON.stringify(text)} is not a port from 0 to 65535.`)
}

function readFlag(environment: Environment, name: string): boolean {
  const value = given(environment, name)
  if (value === undefined || value === '0') return false
  if (value === '1') return true
  throw new SettingError(name, `${JSON.stringify(value)} is neither 0 nor 1.`)
}

function readPath(environment: Environment, name: string): string | undefined {
  const path = given(environment, name)
  if (path === undefined || isAbsolute(path)) return path
  throw new SettingError(name, `${JSON.stringify(path)} is not an absolute path.`)
}

function readUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:') && url.pathname === '/')
    return url.origin
  throw new SettingError('PAIOS_PUBLIC_URL', `${JSON.stringify(text)} is not an http or https origin.`)
}

function readSetupCode(text: string | undefined): string | undefined {
  if (text === undefined || (text.length >= SETUP_CODE_MIN && text.length <= 128)) return text
  throw new SettingError('PAIOS_SETUP_CODE', `a setup code has ${SETUP_CODE_MIN} to 128 characters.`)
}

function readLevel(text: string): Level {
  const level = LEVELS.find((known) => known === text)
  if (level !== undefined) return level
  throw new SettingError('PAIOS_LOG_LEVEL', `${JSON.stringify(text)} is not one of ${LEVELS.join(', ')}.`)
}
